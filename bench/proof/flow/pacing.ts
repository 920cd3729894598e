import { setTimeout as pause } from 'node:timers/promises';
import { whyHeld } from '../../../lambdas/domain/endpoint/circuit.ts';
import { eventIdMs } from '../../../lambdas/domain/ulid-time.ts';
import type { Posthorn } from '../../../test/support/posthorn.ts';
import type { Customers } from './customers.ts';
import { readLog, type Line } from './log.ts';
import { insist, type Part } from './part.ts';
import { post, wants, WANTED, type Accepted } from './producers.ts';
import type { Subscribed } from './verdict.ts';

/** It is paused while this share of the events is published: what waits then goes out at once, or would without a ceiling. */
const PAUSED = { from: 0.2, to: 0.9 };
/**
 * So many more than the ceiling are a second apart, less what a machine that does other things can take from having a turn to
 * noting the request: a turn counts for 1.2 s, of which 0.1 s may pass before the request leaves.
 */
const CLOSEST_MS = 800;
/** Events that it gets for certain while it is paused: in a short flow nearly all others have come before that. */
const MEANWHILE = 3;
/** Times its ceiling that come at once in the end, when nothing is released any more: a release by itself begins as slowly. */
const BUNCH = 4;
const LOOK_MS = 250;
/** What the log says of them; with a ceiling, others are held too. */
const BECAUSE = whyHeld({ circuit: 'paused' });

type Of = ReadonlyMap<string, readonly Line[]>;

export interface Pacing extends Part {
  /** What does not hold of its log, in words. */
  wrong: (log: Of) => string[];
}

/** @param paced the one that has a ceiling, and which. @param accepted so far. @param now by the clock of functions. */
export function startPacing(
  posthorn: Posthorn,
  customers: Customers,
  {
    paced,
    perSecond,
    accepted,
    now,
    signal,
  }: {
    paced: Subscribed;
    perSecond: number;
    accepted: Accepted[];
    now: () => number;
    signal: AbortSignal;
  },
): Pacing {
  const failed: unknown[] = [];
  let asked = 0;
  let resumed = false;
  /** By when it was paused, and until when for certain, milliseconds. */
  let pausedMs = Infinity;
  let resumedMs = -Infinity;
  const ask = (what: string): Promise<unknown> =>
    insist(posthorn, 'POST', `/v1/subscriptions/${paced.id}/${what}`, { signal }).catch((error: unknown) =>
      failed.push(error),
    );
  const missing = (): number =>
    accepted.filter(
      ({ id, organization, type }) =>
        organization === paced.organization && wants('paced', type) && !customers.seen.has(`${paced.path} ${id}`),
    ).length;
  let waits = Promise.resolve() as Promise<unknown>;
  const publishOwn = async (count: number, why: string): Promise<string[]> => {
    const { organization } = paced;
    const event = { organization, type: WANTED.paced[0]!, data: { organization } };
    const { ids } = await post(posthorn, Array<typeof event>(count).fill(event), `${why}-${paced.id}`);
    for (const id of ids) accepted.push({ id, ...event });
    return ids;
  };
  /** Publishes events for it, and waits until each is held, or sent. */
  const publishMeanwhile = async (): Promise<void> => {
    const ids = await publishOwn(MEANWHILE, 'paused');
    for (; !signal.aborted; await pause(LOOK_MS)) {
      const log = await readLog(posthorn, paced.id);
      if (ids.every((id) => log.has(id) || customers.seen.has(`${paced.path} ${id}`))) return;
    }
  };
  let hadBunch = false;

  return {
    step(share) {
      if (asked === 0 && share >= PAUSED.from)
        waits = ask('pause')
          .then(() => (pausedMs = now()))
          .then(publishMeanwhile)
          .catch((error: unknown) => failed.push(error));
      else if (asked === 1 && share >= PAUSED.to)
        waits = waits
          .then(() => (resumedMs = now()))
          .then(() => ask('resume'))
          .then(() => (resumed = true));
      else return;
      asked += 1;
    },
    async missing() {
      if (!resumed) return ['it is paused yet'];
      const count = missing();
      if (count > 0) return [`${count} deliveries at a ceiling`];
      if (hadBunch) return [];
      hadBunch = true;
      await publishOwn(BUNCH * perSecond, 'bunch').catch((error: unknown) => failed.push(error));
      return ['a bunch of deliveries at a ceiling'];
    },
    wrong: (log) => [
      ...failed.map((error) => `pause and resume: ${String(error)}`),
      ...(pausedMs === Infinity ? ['nothing was ever paused'] : whilePaused(log, pausedMs, resumedMs)),
      ...tooClose(log, perSecond),
    ],
  };
}

function whilePaused(log: Of, pausedMs: number, resumedMs: number): string[] {
  // Of an event from before, the request may have been under way.
  const since = [...log].filter(([event]) => (eventIdMs(event) ?? 0) > pausedMs).flatMap(([, of]) => of);
  const sent = since.filter(({ status, attemptedMs }) => status !== undefined && attemptedMs < resumedMs);
  return [
    ...(sent.length > 0 ? [`${sent.length} requests while it was paused: ${JSON.stringify(sent)}`] : []),
    ...(since.some(({ reason }) => reason === BECAUSE)
      ? []
      : ['nothing that came while it was paused was held for that']),
  ];
}

function tooClose(log: Of, perSecond: number): string[] {
  const times = [...log.values()]
    .flat()
    .filter(({ outcome, status }) => outcome !== 'held' && status !== undefined)
    .map(({ attemptedMs }) => attemptedMs)
    .sort((a, b) => a - b);
  const close = times.filter((ms, n) => (times[n + perSecond] ?? Infinity) - ms < CLOSEST_MS);
  return close.length > 0
    ? [`${close.length} times more than ${perSecond} requests in a second: ${JSON.stringify(times)}`]
    : [];
}
