import type { Chance } from '../../simulation/random.ts';
import type { OwnPosthorn } from '../../../test/support/posthorn.ts';
import type { Clocks } from './clocks.ts';
import type { Customers } from './customers.ts';
import { startHours } from './hours.ts';
import { requestsOf, startLeaving } from './leaving.ts';
import type { Line } from './log.ts';
import { startPacing } from './pacing.ts';
import type { Part } from './part.ts';
import type { Accepted } from './producers.ts';
import { startReplays } from './replays.ts';
import { startTelling } from './telling.ts';
import type { Subscribed } from './verdict.ts';

/** The log by subscription, then event. */
type Log = ReadonlyMap<string, ReadonlyMap<string, readonly Line[]>>;

/**
 * All that goes on beside the events: one organization leaves, one endpoint has a ceiling, is paused and has replays, hours end,
 * and all are told.
 */
export interface Parts extends Required<Part> {
  /** Tries of deliveries whose lines are purged, at most. */
  purgedTries: () => number;
  /** What does not hold, in words. */
  wrong: (log: Log) => Promise<string[]>;
  numbers: (log: Log) => { hours: number; purged: number; replays: number; told: number; overtold: number };
}

interface Setting {
  posthorn: OwnPosthorn;
  customers: Customers;
  chance: Chance;
  clocks: Clocks;
  subscriptions: readonly Subscribed[];
  /** Events of the flow, so far. */
  accepted: Accepted[];
  /** Events that are to come. */
  events: number;
  signal: AbortSignal;
}

/** What an endpoint with a ceiling takes a second: little enough to be kept from it, and no more than the flow may wait for. */
export const perSecondOf = (events: number): number => Math.max(2, Math.ceil(events / 6000));

export async function startParts(setting: Setting): Promise<Parts> {
  const { posthorn, customers, clocks, subscriptions, accepted, events, signal } = setting;
  const now = (): number => clocks.now();
  const paced = subscriptions.find(({ manner }) => manner === 'paced')!;
  const leaving = await startLeaving(posthorn, customers, { events, signal });
  const pacing = startPacing(posthorn, customers, { paced, perSecond: perSecondOf(events), accepted, now, signal });
  const replays = startReplays(posthorn, paced, signal);
  const telling = startTelling(posthorn, customers, { subscriptions, now });
  const hours = startHours(posthorn, clocks, async () => {
    const { organization } = paced;
    const event = { organization, type: 'visit.updated', data: { organization } };
    const answer = await posthorn.publish(event).catch(() => undefined);
    if (answer?.status === 202) accepted.push({ id: answer.body.id, organization, type: event.type });
  });
  // The hours last: their lines are to be all.
  const all: Part[] = [leaving, pacing, telling, replays];
  return {
    step: (share) => [...all, hours].forEach((part) => part.step?.(share)),
    async missing() {
      const missing = (await Promise.all(all.map((part) => part.missing()))).flat();
      return missing.length > 0 ? missing : hours.missing();
    },
    inHand: () => all.some((part) => part.inHand?.()),
    purgedTries: () => requestsOf(customers),
    wrong: async (log) => [
      ...(await leaving.wrong()),
      ...pacing.wrong(log.get(paced.id) ?? new Map<string, Line[]>()),
      ...telling.wrong(log),
    ],
    numbers: (log) => ({
      hours: hours.added(),
      purged: leaving.published(),
      replays: replays.begun(),
      told: customers.told.length,
      overtold: telling.overtold(log),
    }),
  };
}
