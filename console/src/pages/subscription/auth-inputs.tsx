import type { ReactNode } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Time } from '../../ui/time.tsx';
import { AUTH_PARTS, AUTH_TYPES, NO_AUTH, shownParts, type AuthFields, type AuthPart } from './auth-text.ts';

interface AuthInputsProps {
  auth: AuthFields;
  change: (auth: AuthFields) => void;
  /** The origin that stored credentials were for, when the URL now leads elsewhere. */
  left: string | undefined;
  /** What is wrong with credentials as a whole. */
  error: ReactNode;
  /** What the API says against a part. */
  wrongIn: (part: AuthPart) => string;
}

/** Credentials that the endpoint asks for. Stored ones are named and never shown: whoever wants others types all of them. */
export function AuthInputs({ auth, change, left, error, wrongIn }: AuthInputsProps) {
  const { type, setAt, parts } = auth;
  const setPart = (name: AuthPart, value: string): void => change({ ...auth, parts: { ...parts, [name]: value } });
  return (
    <SpaceBetween size="s">
      <FormField
        label="Credentials"
        description="Credentials that the endpoint requires in addition to signatures. They are sent only to the origin of this URL."
        errorText={error}
        stretch
      >
        <Select
          options={AUTH_TYPES}
          selectedOption={AUTH_TYPES.find(({ value }) => value === type) ?? null}
          onChange={({ detail }) => change({ ...NO_AUTH, type: detail.selectedOption.value as AuthFields['type'] })}
        />
      </FormField>
      {setAt !== '' && (
        <Alert
          type={left === undefined ? 'info' : 'warning'}
          action={
            <Button formAction="none" onClick={() => change({ ...auth, setAt: '' })}>
              Type new credentials
            </Button>
          }
        >
          <StoredAuth auth={auth} />{' '}
          {left === undefined
            ? 'They stay unchanged.'
            : `They were set for ${left} and are never sent elsewhere: enter them again, or choose none.`}
        </Alert>
      )}
      {type !== '' &&
        setAt === '' &&
        AUTH_PARTS[type].map(({ name, label, isSecret, isOptional, hint }) => (
          <FormField
            key={name}
            label={isOptional ? `${label} (optional)` : label}
            description={hint}
            errorText={wrongIn(name)}
            stretch
          >
            <Input
              type={isSecret ? 'password' : 'text'}
              // A browser would offer what the person signs in with here.
              autoComplete={isSecret ? 'new-password' : false}
              spellcheck={false}
              value={parts[name] ?? ''}
              onChange={({ detail }) => setPart(name, detail.value)}
            />
          </FormField>
        ))}
    </SpaceBetween>
  );
}

/** Which credentials are stored, and since when. */
export function StoredAuth({ auth }: { auth: AuthFields }) {
  return (
    <>
      {AUTH_TYPES.find(({ value }) => value === auth.type)?.label}
      {shownParts(auth).map(([label, value]) => (
        <span key={label}>
          , {label} <span className="key">{value}</span>
        </span>
      ))}
      , set <Time iso={auth.setAt} />.
    </>
  );
}
