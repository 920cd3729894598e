import { setTimeout as pause } from 'node:timers/promises';
import type { Posthorn } from '../../../test/support/posthorn.ts';
import { rowsWith } from '../../../test/support/rows-with.ts';
import type { Customers, Manner } from './customers.ts';
import { insist, type Part } from './part.ts';

/** The organization that leaves, and the manners of its endpoints. */
export const LEAVING = 'proof_leaving';
const MANNERS = ['well', 'dead'] as const satisfies Manner[];
/** Between two of its events, milliseconds. */
const PACE_MS = 100;
/** Its events before it is purged, of all: few, for their counts are known only as so many requests. */
const SHARE = 0.05;
/** Share of the others' events at which it is purged. */
const PURGED_AT = 0.5;
/** Between two looks at its purge, milliseconds. */
const LOOK_MS = 500;
/** Rows that stay: the purge and its tombstone. */
const STAYS = 2;

export interface Leaving extends Part {
  /** Events of it that were accepted before it was purged. */
  published: () => number;
  /** What of it is left somewhere, or came behind its end, in words. */
  wrong: () => Promise<string[]>;
}

/**
 * An organization publishes until it is purged in the middle of it; of the others nothing may be missing.
 * @param events of the others.
 */
export async function startLeaving(
  posthorn: Posthorn,
  customers: Customers,
  { events, signal }: { events: number; signal: AbortSignal },
): Promise<Leaving> {
  for (const manner of MANNERS) {
    const url = customers.url(LEAVING, manner);
    const { secret } = await posthorn.subscribe({ organization: LEAVING, url });
    customers.secrets.set(new URL(url).pathname, secret);
  }
  let share = 0;
  let accepted = 0;
  let state = 'not asked for';
  let requestsAtEnd = 0;
  const failed: unknown[] = [];

  /** @returns whether it was refused because it is purged. */
  const publish = async (n: number): Promise<boolean> => {
    const event = { organization: LEAVING, type: 'visit.updated', data: { organization: LEAVING } };
    const answer = await posthorn.publish(event, { 'idempotency-key': `leaving-${n}` }).catch(() => undefined);
    if (answer?.status === 202) accepted += 1;
    await pause(PACE_MS);
    return answer?.status === 409;
  };
  const leave = async (): Promise<void> => {
    let n = 0;
    while (n < SHARE * events && !signal.aborted) await publish(n++);
    while (share < PURGED_AT && !signal.aborted) await pause(PACE_MS);
    const begun = await insist<{ id: string }>(posthorn, 'DELETE', `/v1/organizations/${LEAVING}`, {
      done: 202,
      signal,
    });
    while (!(await publish(n++)) && !signal.aborted) state = 'not known to ingest';
    while (state !== 'done' && !signal.aborted) {
      await pause(LOOK_MS);
      const purge = await insist<{ state: string }>(posthorn, 'GET', `/v1/purges/${begun.body.id}`, { signal });
      state = purge.body.state;
    }
    requestsAtEnd = requestsOf(customers);
  };
  void leave().catch((error: unknown) => void failed.push(error));

  return {
    step: (now) => void (share = now),
    published: () => accepted,
    missing: () => Promise.resolve(state === 'done' ? [] : [`the purge is ${state}`]),
    async wrong() {
      const { AuditTrail = 0, Replays, ...others } = await rowsWith(posthorn, LEAVING);
      const left = Object.entries(others).filter(([, rows]) => rows > 0);
      const after = requestsOf(customers) - requestsAtEnd;
      return [
        ...failed.map((error) => `of the organization that leaves: ${String(error)}`),
        ...left.map(([table, rows]) => `${rows} rows of who was purged are left: ${table}`),
        ...(AuditTrail > 0 ? [] : ['the audit trail does not know of who was purged']),
        ...(Replays === STAYS ? [] : [`of who was purged ${Replays} rows are in Replays, expected ${STAYS}`]),
        ...(after > 0 ? [`${after} requests to who was purged, behind its end`] : []),
      ];
    },
  };
}

/** Requests to its endpoints so far. */
export function requestsOf({ seen }: Customers): number {
  return [...seen].reduce((sum, [key, { requests }]) => sum + (isOfLeaving(key) ? requests : 0), 0);
}

/** Whether what customers saw is about it. @param key as {@link Customers.seen} has it. */
export const isOfLeaving = (key: string): boolean => key.startsWith(`/${LEAVING}/`);
