import { useEffect, useState } from 'react';
import { Navigate, useNavigate } from 'react-router';
import Alert from '@cloudscape-design/components/alert';
import Spinner from '@cloudscape-design/components/spinner';
import { BASE_PATH } from '../base-path.ts';
import { PORTAL_PATH, useSessionState } from '../session.tsx';
import { messageOf } from '../ui/notices.tsx';
import { useTitle } from '../ui/title.ts';

/** The exchange under way: a page may be drawn twice, a link can be opened once. */
let exchange: { token: string; opened: Promise<void> } | undefined;

/** Signs in by the token behind the address's `#`, and takes it out of the address and of the browser's history. */
export function OpenPortal() {
  const { session, openPortal } = useSessionState();
  const navigate = useNavigate();
  useTitle('Posthorn');
  const [error, setError] = useState<string>();
  const token = window.location.hash.slice(1);
  useEffect(() => {
    if (token === '') return;
    window.history.replaceState(window.history.state, '', BASE_PATH + PORTAL_PATH);
    if (exchange?.token !== token) exchange = { token, opened: openPortal(token) };
    exchange.opened.then(
      () => navigate('/console/overview', { replace: true }),
      (failure: unknown) => setError(messageOf(failure)),
    );
    // Once for each token: who is signed in changes meanwhile.
  }, [token]);
  if (error !== undefined) return <Ended why={error} />;
  if (token !== '' || exchange) return <Spinner size="large" />;
  // The page again, without a token: whoever is in stays in.
  return session ? <Navigate to="/console/overview" replace /> : <Ended why="This address opens nothing by itself." />;
}

function Ended({ why }: { why: string }) {
  return (
    <main className="sign-in">
      <Alert type="warning" header="The console could not be opened">
        {why}
      </Alert>
    </main>
  );
}
