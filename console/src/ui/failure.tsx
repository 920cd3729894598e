import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { messageOf } from './notices.tsx';

/** In place of what could not be loaded: the API's own words, and another try. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Alert type="error" header="This could not be loaded" action={retry && <Button onClick={retry}>Try again</Button>}>
      {messageOf(error)}
    </Alert>
  );
}
