import { useState, type ReactNode } from 'react';
import Alert from '@cloudscape-design/components/alert';
import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ApiError } from '../../api/client.ts';
import { useCatalogue } from '../../api/use-catalogue.ts';
import { useSession } from '../../session.tsx';
import { messageOf } from '../../ui/notices.tsx';
import type { Fields } from './form-fields.ts';

const SUCCESS_RULES = [
  { value: '', label: "The format's own rule" },
  { value: '2xx', label: 'Any status 2xx' },
  { value: '200', label: 'Status 200 alone' },
];

interface FormProps {
  title: string;
  initial: Fields;
  isNew: boolean;
  /** @throws ApiError, whose places are then shown at their fields. */
  save: (fields: Fields) => Promise<void>;
  cancel: () => void;
}

/** The fields of a subscription, with the API's words beside the field that breaks a rule. */
export function SubscriptionForm({ title, initial, isNew, save, cancel }: FormProps) {
  const { isAdmin } = useSession();
  const { data: catalogue } = useCatalogue();
  const [fields, setFields] = useState(initial);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const set = <Name extends keyof Fields>(name: Name, value: Fields[Name]): void =>
    setFields((now) => ({ ...now, [name]: value }));
  const submit = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await save(fields);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  const places = error instanceof ApiError ? error.errors : [];
  const wrong = (pointer: string): string =>
    places
      .filter((place) => place.pointer === pointer || place.pointer.startsWith(`${pointer}/`))
      .map(({ detail }) => detail)
      .join(' ');
  const text = (
    name: keyof Fields,
    pointer: string,
    label: string,
    description: ReactNode,
    props: Partial<InputProps> = {},
  ) => (
    <FormField label={label} description={description} errorText={wrong(pointer)} stretch>
      <Input {...props} value={fields[name] as string} onChange={({ detail }) => set(name, detail.value as never)} />
    </FormField>
  );
  const formats = (catalogue?.formats ?? []).map(({ name, description, deprecated }) => ({
    value: name,
    label: deprecated ? `${name} (deprecated)` : name,
    description,
  }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Form
        header={<Header variant="h1">{title}</Header>}
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
          {error !== undefined && <Alert type="error">{messageOf(error)}</Alert>}
          <Container header={<Header variant="h2">What goes where</Header>}>
            <SpaceBetween size="l">
              {isNew && isAdmin && text('organization', '/organization', 'Organization', 'Whose events these are.')}
              {text('url', '/url', 'URL', 'Where deliveries are posted: https, reachable from the internet.', {
                type: 'url',
                placeholder: 'https://',
              })}
              {text(
                'events',
                '/events',
                'Events',
                'Comma-separated: * for all, visit.ended, visit.*, medical-encounters.',
              )}
              {text('account', '/account', 'Account (optional)', 'Only events of this account of the organization.')}
              {text('description', '/description', 'Description (optional)', 'For people.')}
            </SpaceBetween>
          </Container>
          <Container header={<Header variant="h2">How</Header>}>
            <SpaceBetween size="l">
              <FormField
                label="Format"
                description="The shape of the request body."
                errorText={wrong('/format')}
                stretch
              >
                <Select
                  options={formats}
                  selectedOption={
                    formats.find(({ value }) => value === fields.format) ?? {
                      value: fields.format,
                      label: fields.format,
                    }
                  }
                  onChange={({ detail }) => set('format', detail.selectedOption.value!)}
                />
              </FormField>
              <FormField label="Counts as delivered" errorText={wrong('/success')} stretch>
                <Select
                  options={SUCCESS_RULES}
                  selectedOption={SUCCESS_RULES.find(({ value }) => value === fields.success)!}
                  onChange={({ detail }) => set('success', detail.selectedOption.value!)}
                />
              </FormField>
              {text('timeout', '/timeout_seconds', 'Timeout in seconds', 'For one attempt as a whole, 1 to 30.', {
                type: 'number',
                inputMode: 'numeric',
              })}
              {text(
                'signatureHeader',
                '/signature_header',
                'Signature header (optional)',
                'A further header with t=<unix>,v1=<hex>, e.g. Axle-Signature.',
              )}
              <FormField label="Further headers (optional)" errorText={wrong('/headers')} stretch>
                <AttributeEditor<Fields['headers'][number]>
                  addButtonText="Add a header"
                  removeButtonText="Remove"
                  empty="None"
                  items={fields.headers}
                  onAddButtonClick={() => set('headers', [...fields.headers, { key: '', value: '' }])}
                  onRemoveButtonClick={({ detail }) =>
                    set(
                      'headers',
                      fields.headers.filter((_, i) => i !== detail.itemIndex),
                    )
                  }
                  definition={(['key', 'value'] as const).map((part) => ({
                    label: part === 'key' ? 'Name' : 'Value',
                    control: (item, i) => (
                      <Input
                        value={item[part]}
                        onChange={({ detail }) =>
                          set(
                            'headers',
                            fields.headers.map((header, at) =>
                              at === i ? { ...header, [part]: detail.value } : header,
                            ),
                          )
                        }
                      />
                    ),
                  }))}
                />
              </FormField>
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  );
}
