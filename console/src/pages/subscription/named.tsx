import { useQuery } from '@tanstack/react-query';
import { subscriptionQuery } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { Link } from '../../ui/link.tsx';
import { nameOf } from './name.ts';

/** Names change seldom, and a list has many rows, milliseconds. */
const FRESH_MS = 300_000;

/** A subscription that a list knows by its id: what people call it, with the id below. */
export function Named({ id, to = `/console/subscriptions/${id}` }: { id: string; to?: string }) {
  const { client } = useSession();
  // A deleted one has no name any more; its id is all that is left.
  const { data } = useQuery({ ...subscriptionQuery(client, id), staleTime: FRESH_MS, retry: false });
  return (
    <>
      <Link to={to}>{data ? nameOf(data) : id}</Link>
      {data && <div className="id">{id}</div>}
    </>
  );
}
