import type { z } from 'zod';
import { EVERY, progressOf, REPLAYED_BY_DEFAULT, type Replay } from '../../domain/delivery/replay.ts';
import type { replayView } from './schema.ts';

/** A replay as answers show it. */
export function viewReplay(replay: Replay): z.output<typeof replayView> {
  const { id, organization, subscription, which, state, outcomes, rate, chosen } = replay;
  const isOfMany = subscription === EVERY;
  return {
    id,
    organization: organization === EVERY ? undefined : organization,
    subscription_id: isOfMany ? which?.subscription : subscription,
    of: chosen === undefined ? (isOfMany ? 'filter' : 'subscription') : 'deliveries',
    type: which?.type,
    resource_id: which?.resource_id,
    status: which?.status,
    state,
    since: iso(replay.since_ms),
    until: iso(replay.until_ms),
    outcomes: outcomes ?? [...REPLAYED_BY_DEFAULT],
    ...progressOf(replay),
    rate,
    automatic: replay.automatic,
    created_at: iso(replay.created_ms),
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
