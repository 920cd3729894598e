import { useQueryClient } from '@tanstack/react-query';
import { useSession } from '../../session.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { useNotify } from '../../ui/notices.tsx';

/** Asks, then sends one event to one subscription again. @param url where it went last; absent: it was not tried yet; empty: it was fetched. */
export function Redeliver({
  event,
  subscription,
  url,
  close,
}: {
  event: string;
  subscription: string;
  url: string | undefined;
  close: () => void;
}) {
  const { client } = useSession();
  const notify = useNotify();
  const queries = useQueryClient();
  return (
    <Confirm
      title="Send this event again?"
      verb="Redeliver"
      close={close}
      act={async () => {
        await client.POST('/v1/deliveries/{event}/{subscription}/redeliver', {
          params: { path: { event, subscription } },
        });
        notify({ type: 'success', text: `${event} is being sent again. The log shows it in a moment.` });
        await queries.invalidateQueries({ queryKey: ['/v1/attempts'] });
      }}
    >
      <p>
        The same bytes go to{' '}
        {!url ? (
          url === undefined ? (
            'its URL'
          ) : (
            'whoever fetches them'
          )
        ) : (
          <>
            <span className="url">{url}</span> (or the URL it has now)
          </>
        )}{' '}
        once more, with the same <code>webhook-id</code>, so that a customer who has it already can tell.
      </p>
    </Confirm>
  );
}
