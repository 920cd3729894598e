import { useQueryClient } from '@tanstack/react-query';
import type { Changed, Subscription } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { counted } from '../../ui/counted.ts';
import { useNotify } from '../../ui/notices.tsx';
import { Time } from '../../ui/time.tsx';

/** What an activation says was accepted while the subscription was inactive. */
export type Missed = NonNullable<Changed['missed']>;

/** After an activation: asks whether to send what was missed. Without an answer nothing of it is sent. */
export function SendMissed({
  subscription,
  missed: { since, count, more },
  close,
}: {
  subscription: Subscription;
  missed: Missed;
  close: () => void;
}) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  return (
    <Confirm
      title="Send the missed events?"
      verb="Send them"
      close={close}
      act={async () => {
        const params = { path: { id: subscription.id } };
        await client.POST('/v1/subscriptions/{id}/replay', { params, body: { since, outcomes: ['missed'] } });
        await queries.invalidateQueries({ queryKey: ['/v1/replays'] });
        notify({ type: 'success', text: 'They are being sent; Replays shows the progress.' });
      }}
    >
      <p>
        {more && 'At least '}
        {counted(count, 'event')} accepted since <Time iso={since} /> would have been for it while it was inactive. They
        are kept: the view <i>Missed</i> of the deliveries sends them later, too.
      </p>
    </Confirm>
  );
}
