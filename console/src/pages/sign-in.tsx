import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useSessionState } from '../session.tsx';
import { messageOf } from '../ui/notices.tsx';
import { useTitle } from '../ui/title.ts';

/** Asks for an API key and tries it; the address stays, so that a shared link opens right after. */
export function SignIn() {
  const { signIn, ended } = useSessionState();
  useTitle('Sign in');
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const submit = async (): Promise<void> => {
    if (key.trim() === '') return setError('Enter an API key.');
    setBusy(true);
    setError(undefined);
    try {
      await signIn(key.trim());
    } catch (failure) {
      setError(messageOf(failure));
      setBusy(false);
    }
  };
  return (
    <main className="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Container header={<Header variant="h1">Posthorn</Header>}>
          <SpaceBetween size="l">
            {ended !== undefined && <Alert type="warning">{ended}</Alert>}
            <FormField
              label="API key"
              description="An administrator's key, or your organization's. It stays in this tab and is gone when you close it."
              errorText={error}
            >
              <Input
                value={key}
                onChange={({ detail }) => setKey(detail.value)}
                type="password"
                autoComplete="off"
                placeholder="phk_…"
                autoFocus
              />
            </FormField>
            <Button variant="primary" formAction="submit" loading={busy}>
              Sign in
            </Button>
            <Box color="text-body-secondary" fontSize="body-s">
              The console does nothing that the API cannot do: see /openapi.json.
            </Box>
          </SpaceBetween>
        </Container>
      </form>
    </main>
  );
}
