import { useEffect, useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { BASE_PATH } from '../base-path.ts';
import { createClient } from '../api/client.ts';
import { useSessionState } from '../session.tsx';
import { messageOf } from '../ui/notices.tsx';
import { useTitle } from '../ui/title.ts';
import { DocsLink } from '../ui/docs-link.tsx';

/** Why the organization's own sign-in led back here. */
const REASONS: Record<string, string> = {
  refused: 'You are signed in, but not in a group that may use Posthorn. Ask its operators.',
  failed: 'The sign-in did not work, or took too long. Try again.',
};

/** Whether people may sign in by the organization's own sign-in; whoever has done so in another tab is in at once. */
function useOwnSignIn(): boolean {
  const { resume, ended } = useSessionState();
  const [isOffered, setOffered] = useState(false);
  useEffect(() => {
    const find = async (): Promise<void> => {
      const { data } = await createClient('', () => undefined).GET('/v1/sign-in/methods');
      if (data?.oidc !== true) return;
      setOffered(true);
      if (ended === undefined) await resume();
    };
    // A key will do as well.
    find().catch(() => undefined);
    // Once: who has just signed out is not signed in again.
  }, []);
  return isOffered;
}

/** Asks for an API key and tries it; the address stays, so that a shared link opens right after. */
export function SignIn() {
  const { signIn, ended } = useSessionState();
  useTitle('Sign in');
  const isOffered = useOwnSignIn();
  const { pathname, search } = window.location;
  const why = REASONS[new URLSearchParams(search).get('sign_in') ?? ''];
  // The API puts what it is below before it.
  const path = pathname.slice(BASE_PATH.length);
  const back = path.startsWith('/console/') ? `?back=${encodeURIComponent(path + search)}` : '';
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
            {why !== undefined && <Alert type="error">{why}</Alert>}
            {isOffered && (
              <Button variant="primary" href={`${BASE_PATH}/v1/sign-in${back}`}>
                Sign in with your organization
              </Button>
            )}
            <FormField
              label="API key"
              description="An administrator's key, or your organization's. It stays in this tab and those that you open beside it, and is gone when you close them."
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
            <Button variant={isOffered ? 'normal' : 'primary'} formAction="submit" loading={busy}>
              Sign in
            </Button>
            <Box color="text-body-secondary" fontSize="body-s">
              New here? <DocsLink to="index">The first webhook in five minutes</DocsLink>, and{' '}
              <DocsLink to="verify">code to verify a signature</DocsLink>.
            </Box>
          </SpaceBetween>
        </Container>
      </form>
    </main>
  );
}
