import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import { BASE_PATH } from '../../base-path.ts';
import type { Subscription } from '../../api/types.ts';
import { counted } from '../../ui/counted.ts';

/** How the deliveries of a subscription reach a server that nobody can call, and how many wait for that. */
export function Fetched({ subscription: { id, health } }: { subscription: Subscription }) {
  const { count = 0, at_least = false } = health?.held ?? {};
  return (
    <Alert type="info" header="Fetched by its customer">
      {at_least ? 'At least ' : ''}
      {counted(count, 'delivery', 'deliveries')} {count === 1 ? 'waits' : 'wait'} to be fetched. Nothing is sent; each
      is kept until it is acknowledged, or its event ends. To forward them to a server on your machine or behind a
      firewall:
      <Box variant="code">
        POSTHORN_API_KEY=… npx posthorn-receiver listen --url {window.location.origin + BASE_PATH} --subscription {id}{' '}
        --forward http://localhost:3000/webhooks
      </Box>
    </Alert>
  );
}
