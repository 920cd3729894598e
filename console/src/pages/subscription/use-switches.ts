import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Subscription } from '../../api/types.ts';
import { subscriptionQuery } from '../../api/use-subscription.ts';
import { useSession } from '../../session.tsx';
import { useNotify } from '../../ui/notices.tsx';
import type { Missed } from './send-missed.tsx';
import { useChange } from './use-change.ts';

/** Activates, deactivates, pauses and resumes a subscription; `missed` is what an activation found to be sent. */
export function useSwitches({ id }: Subscription) {
  const notify = useNotify();
  const change = useChange();
  const queries = useQueryClient();
  const { client } = useSession();
  const [missed, setMissed] = useState<Missed>();
  const setActive = async (wanted: boolean): Promise<void> => {
    // What is on the screen may be seconds old, and Undo must bring back what was there just before.
    const now = await queries.fetchQuery({ ...subscriptionQuery(client, id), staleTime: 0 });
    const done = wanted ? 'Activated.' : 'Deactivated: nothing is sent to it.';
    if (now.active === wanted) return notify({ type: 'info', text: `Somebody else has just done this. ${done}` });
    const after = await change(now, { active: wanted }, done);
    if (after.missed && after.missed.count > 0) setMissed(after.missed);
  };
  const setPaused = async (wanted: boolean): Promise<void> => {
    const params = { path: { id } };
    await (wanted
      ? client.POST('/v1/subscriptions/{id}/pause', { params })
      : client.POST('/v1/subscriptions/{id}/resume', { params }));
    await queries.invalidateQueries({ queryKey: ['/v1/subscriptions'] });
    notify({
      type: 'success',
      text: wanted
        ? 'Paused: deliveries are held, and sent in order when it is resumed.'
        : 'Resumed: held deliveries go out in order.',
      undo: () => setPaused(!wanted),
    });
  };
  return { setActive, setPaused, missed, forgetMissed: () => setMissed(undefined) };
}
