import type { ReactNode } from 'react';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCatalogue } from '../../api/use-catalogue.ts';
import { useSession } from '../../session.tsx';
import { AuthInputs } from './auth-inputs.tsx';
import { leftOrigin } from './auth-text.ts';
import { isNumber, LABELS, type FieldName, type Fields } from './form-fields.ts';
import type { FieldErrors } from './form-input.ts';
import { HeaderRows } from './header-rows.tsx';
import { ImportedSecret } from './imported-secret.tsx';
import { RequestPreview } from './request-preview.tsx';
import { SIGNINGS } from './signing.tsx';
import { usePublishedFor } from './use-published-for.ts';
import { detailsAt, detailsOf, useSubmit } from './use-submit.ts';
import { useWhatMatches } from './use-what-matches.ts';
import { WhichEvents } from './which-events.tsx';

const SUCCESS_RULES = [
  { value: '', label: 'The default of the format' },
  { value: '2xx', label: 'Any 2xx status' },
  { value: '200', label: 'Only status 200' },
];

const WAYS = [
  { value: 'push', label: 'Sent to a URL' },
  { value: 'pull', label: 'Fetched: for servers that cannot be reached, and for development' },
];

interface FormProps {
  title: string;
  fields: Fields;
  set: <Name extends FieldName>(name: Name, value: Fields[Name]) => void;
  isNew: boolean;
  /** What an edited form was filled from. */
  base?: Fields;
  /** A row edited by hand may lack what others have; its fields then say what that means. */
  isBroken?: boolean;
  /** What the form itself refuses. */
  errors: FieldErrors;
  /** Beside a field: what it cannot show. */
  warnings?: Partial<Record<FieldName, ReactNode>>;
  /** Above the fields. */
  notice?: ReactNode;
  /** @returns what the API says against it; nothing when all went well. @throws never. */
  save: () => Promise<unknown>;
  cancel: () => void;
}

/** The fields of a subscription, with the words of what is wrong beside the field that breaks a rule. */
export function SubscriptionForm(props: FormProps) {
  const { title, fields, isNew, isBroken = false, errors, warnings = {}, notice, save, cancel } = props;
  const { isStaff } = useSession();
  const { data: catalogue } = useCatalogue();
  const { form, submit, busy, told, wrongAt, placesIn, touch } = useSubmit(save);
  const matching = useWhatMatches(fields);
  const set: FormProps['set'] = (name, value) => {
    touch(name);
    props.set(name, value);
  };
  const isUnknownOwner = usePublishedFor(isNew ? fields.organization : '') === false;
  const ownError = (name: FieldName) => (isNumber(name) || name === 'filter') && errors[name];
  const field = (name: FieldName, control: ReactNode, more: { optional?: boolean; description?: ReactNode } = {}) => (
    <FormField
      label={more.optional ? `${LABELS[name]} (optional)` : LABELS[name]}
      description={more.description}
      errorText={ownError(name) || wrongAt(name) || detailsAt(matching.errors, name)}
      warningText={warnings[name]}
      stretch
    >
      {control}
    </FormField>
  );
  const text = (
    name: Exclude<FieldName, 'headers' | 'auth'>,
    description: ReactNode,
    { optional, ...props }: Partial<InputProps> & { optional?: boolean } = {},
  ) =>
    field(name, <Input {...props} value={fields[name]} onChange={({ detail }) => set(name, detail.value)} />, {
      optional: optional ?? false,
      description,
    });
  const formats = (catalogue?.formats ?? []).map(({ name, description, deprecated }) => ({
    value: name,
    label: deprecated ? `${name} (deprecated)` : name,
    description,
  }));
  const select = (
    name: 'delivery' | 'format' | 'success' | 'signing',
    options: { value: string; label: string }[],
    placeholder: string,
  ) => {
    const unknown = fields[name] === '' ? null : { value: fields[name], label: fields[name] };
    return (
      <Select
        options={options}
        placeholder={placeholder}
        selectedOption={options.find(({ value }) => value === fields[name]) ?? unknown}
        onChange={({ detail }) => set(name, detail.selectedOption.value!)}
      />
    );
  };
  return (
    <form ref={form} onSubmit={submit}>
      <Form
        header={<Header variant="h1">{title}</Header>}
        errorText={told}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={cancel}>
              Cancel
            </Button>
            <Button variant="primary" loading={busy}>
              {isNew ? 'Create' : 'Save'}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {notice}
          <Container header={<Header variant="h2">Where</Header>}>
            <SpaceBetween size="l">
              {isNew &&
                isStaff &&
                text(
                  'organization',
                  <>
                    It gets the events that are published for this organization.
                    {isUnknownOwner && ' None has been so far: check that the name is right.'}
                  </>,
                )}
              {field('delivery', select('delivery', WAYS, 'not set: sent to a URL'), {
                description:
                  fields.delivery === 'pull' &&
                  'Deliveries are kept until they are fetched, by npx posthorn-receiver listen or through the API.',
              })}
              {fields.delivery !== 'pull' &&
                text(
                  'url',
                  'The https address that deliveries are posted to; it must be reachable from the internet.',
                  {
                    type: 'url',
                    placeholder: 'https://',
                  },
                )}
              {fields.delivery !== 'pull' && (
                <AuthInputs
                  auth={fields.auth}
                  change={(auth) => set('auth', auth)}
                  left={leftOrigin(fields.auth, fields.url, props.base?.url ?? '')}
                  error={errors.auth ?? detailsOf(placesIn('auth'), '/auth')}
                  wrongIn={(part) => detailsOf(placesIn('auth'), `/auth/${part}`)}
                />
              )}
              {text('description', 'A name for people, shown in lists and as the heading of its page.', {
                optional: true,
              })}
            </SpaceBetween>
          </Container>
          <WhichEvents
            fields={fields}
            set={set}
            field={field}
            account={text('account', 'Only events of this account of the organization.', { optional: true })}
            matching={matching}
            isBroken={isBroken}
          />
          <Container header={<Header variant="h2">How</Header>}>
            <SpaceBetween size="l">
              {field('format', select('format', formats, 'not set: standard'), {
                description: 'The shape of the request body.',
              })}
              {field('success', select('success', SUCCESS_RULES, ''))}
              {text('timeout', 'For a whole attempt, 1 to 30.', {
                type: 'number',
                inputMode: 'numeric',
                placeholder: isBroken ? 'not set: 10' : '',
              })}
              {text('rate', '1 to 1000. Deliveries that come faster wait for their turn, in order; nothing is lost.', {
                optional: true,
                type: 'number',
                inputMode: 'numeric',
                placeholder: 'no ceiling',
              })}
              {text('heal', 'After the four attempts are used up. 0 to 120; 0: not tried again.', {
                optional: true,
                type: 'number',
                inputMode: 'numeric',
                placeholder: "the platform's default",
              })}
              {field('signing', select('signing', SIGNINGS, 'not set: v1'), {
                description: fields.signing !== 'v1' && 'The page of the subscription shows the public key.',
              })}
              {isNew && (
                <ImportedSecret
                  secret={fields.secret}
                  change={(secret) => set('secret', secret)}
                  error={wrongAt('secret')}
                />
              )}
              {text('signatureHeader', 'An additional header with t=<unix>,v1=<hex>, for example Axle-Signature.', {
                optional: true,
              })}
              {field(
                'headers',
                <HeaderRows
                  headers={fields.headers}
                  errors={errors.headers}
                  change={(headers) => set('headers', headers)}
                />,
                { optional: true },
              )}
              <RequestPreview fields={fields} />
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}
