import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../../simulation/random.ts';
import type { Posthorn } from '../../../test/support/posthorn.ts';
import type { Manner } from './customers.ts';

/** An event as its producer knows it once it heard 202. */
export interface Accepted {
  id: string;
  organization: string;
  type: string;
}

/**
 * Which events each manner of endpoint subscribes: every event goes to `well`, a quarter to `flaky` and `fetching`, 5 % to `dead`.
 * Of the organizations one has an endpoint that is `paced`; no producer publishes what organizations are told.
 */
export const WANTED: Record<Manner, string[]> = {
  well: ['*'],
  flaky: ['visit.ended'],
  dead: ['shift.updated'],
  fetching: ['visit.ended'],
  paced: ['visit.ended'],
  told: ['posthorn.*'],
};

/** Most subscriptions that one event matches. */
export const MOST_MATCHES = 4;

const TYPES = [...Array<string>(14).fill('visit.updated'), ...Array<string>(5).fill('visit.ended'), 'shift.updated'];
/** Whether endpoints of this manner get events of this type. */
export const wants = (manner: Manner, type: string): boolean => manner === 'well' || WANTED[manner].includes(type);

/** Deliveries per event: one to `well`, and those of the list above that all organizations have. */
export const DELIVERIES_PER_EVENT =
  TYPES.flatMap((type) => (['well', 'flaky', 'dead', 'fetching'] as const).filter((manner) => wants(manner, type)))
    .length / TYPES.length;

/** Posts that are made at the same time. */
const PARALLEL = 4;
const MOST_IN_A_POST = 20;
const TRIES = 100;

export interface ProducersOptions {
  organizations: string[];
  /** Events to publish. */
  events: number;
  chance: Chance;
  /** Posts under way or not yet made are given up. */
  signal: AbortSignal;
}

/**
 * Posts events until each was accepted: singly and in batches, each post with an Idempotency-Key that stays the same
 * while it is tried again.
 * @param accepted is filled while events are accepted. @returns how often a post was made again.
 */
export async function publishAll(
  posthorn: Posthorn,
  { organizations, events, chance, signal }: ProducersOptions,
  accepted: Accepted[],
): Promise<number> {
  let left = events;
  let posts = 0;
  let repeated = 0;
  const run = chance.between(0, 1e9);
  const producer = async (): Promise<void> => {
    while (left > 0 && !signal.aborted) {
      const count = Math.min(left, chance.happens(0.5) ? 1 : chance.between(2, MOST_IN_A_POST));
      left -= count;
      const batch = Array.from({ length: count }, () => {
        const organization = chance.pick(organizations);
        return { organization, type: chance.pick(TYPES), data: { organization, n: chance.between(0, 1e9) } };
      });
      const { ids, tries } = await post(posthorn, batch, `${run}-${posts++}`);
      repeated += tries - 1;
      accepted.push(...batch.map(({ organization, type }, n) => ({ id: ids[n]!, organization, type })));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, producer));
  return repeated;
}

/**
 * Posts events until they are accepted.
 * @param key an Idempotency-Key of this post alone. @throws when it is refused, or not accepted after {@link TRIES} tries.
 */
export async function post(
  posthorn: Posthorn,
  batch: { organization: string; type: string; data: object }[],
  key: string,
): Promise<{ ids: string[]; tries: number }> {
  const [path, body] = batch.length === 1 ? ['/v1/events', batch[0]] : ['/v1/events/batch', { events: batch }];
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await fetch(`${posthorn.apiUrl}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${posthorn.outputs.local!.ProducerApiKey!}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    const text = await answer?.text().catch(() => undefined);
    if (answer?.status === 202 && text !== undefined) {
      const read = JSON.parse(text) as { id?: string; data?: { id?: string }[] };
      const ids = (read.data ?? [read]).map(({ id }) => id);
      if (ids.every((id) => id !== undefined)) return { ids, tries };
    } else if (answer && answer.status < 500 && answer.status !== 409 && answer.status !== 429) {
      throw new Error(`A valid event was refused: ${answer.status} ${text}`);
    }
    await pause(Math.min(50 * tries, 1000));
  }
  throw new Error(`An event was not accepted in ${TRIES} tries.`);
}
