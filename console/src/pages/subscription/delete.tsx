import { useNavigate } from 'react-router';
import { useQueryClient } from '@tanstack/react-query';
import type { Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { useNotify } from '../../ui/notices.tsx';
import { targetOf } from './name.ts';

/** Asks once more, then deletes the subscription and leads back to the list. */
export function Delete({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const { client } = useSession();
  const navigate = useNavigate();
  const notify = useNotify();
  const queries = useQueryClient();
  return (
    <Confirm
      title="Delete this subscription?"
      verb="Delete"
      close={close}
      act={async () => {
        await client.DELETE('/v1/subscriptions/{id}', { params: { path: { id: subscription.id } } });
        notify({ type: 'success', text: `Deleted ${targetOf(subscription)}.` });
        queries.removeQueries({ queryKey: ['/v1/subscriptions', subscription.id] });
        void navigate('/console/subscriptions');
      }}
    >
      <p>
        <span className="url">{targetOf(subscription)}</span> gets nothing more, and its signing secrets are deleted.
        That cannot be undone. If you only want to stop deliveries for some time, pause it instead. Its log stays until
        it expires.
      </p>
    </Confirm>
  );
}
