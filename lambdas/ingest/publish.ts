import { encodeEventMessage } from '../domain/messages/codec.ts';
import { accepted } from '../domain/messages/events.ts';
import { Problem } from '../domain/problem.ts';
import { eventIdMs } from '../domain/ulid-time.ts';
import type { Ids } from '../domain/ids.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../stores/idempotency.ts';
import type { EventDraft } from './read-event.ts';

/** The queue `events`. */
export interface EventQueue {
  /** @returns the indexes of entries that were not taken. */
  send(entries: { body: string; group: string }[]): Promise<Set<number>>;
}

export interface PublishDependencies {
  ids: Pick<Ids, 'event'>;
  idempotency: IdempotencyStore;
  queue: EventQueue;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Waits, milliseconds. */
  sleep: (ms: number) => Promise<void>;
}

/** What makes two requests the same: {@link idempotencyClaim}. */
export interface Claim {
  key: string;
  bodyHash: string;
}

/** What became of one event. */
export type Result = { id: string; enqueued_at: string } | Problem;

export interface Published {
  /** In the order of the drafts. */
  results: Result[];
  /** `queued`; `repeated`: answered as before, nothing queued; `taken-over`: an unfinished request was finished. */
  decision: 'queued' | 'repeated' | 'taken-over' | 'refused';
}

/** How long a request waits for another with the same key that came first, milliseconds. Then that one counts as dead. */
const WAIT_MS = 2000;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 400;

/**
 * Queues the events among `drafts`; each is accepted once SQS has it. With a claim, requests of the same key and body
 * queue one set of events, whichever of them gets through: ids are stored before anything is queued, and fan-out drops
 * a second message of the same event. An event that SQS refuses leaves the claim unfinished, so that the client's next
 * try goes on with the same ids.
 * @throws Problem `idempotency-key-reused`
 */
export async function publish(
  dependencies: PublishDependencies,
  drafts: readonly (EventDraft | Problem)[],
  options: { claim?: Claim; traceparent?: string },
): Promise<Published> {
  if (drafts.every((draft) => draft instanceof Problem)) return { results: [...drafts], decision: 'refused' };
  const ids = drafts.map(() => dependencies.ids.event().id);
  if (!options.claim)
    return { results: await queue(dependencies, drafts, ids, options.traceparent), decision: 'queued' };

  const { key, bodyHash } = options.claim;
  const first = await dependencies.idempotency.claim(key, {
    body_hash: bodyHash,
    ids,
    organizations: ownersOf(drafts),
    done: false,
  });
  if (first && first.body_hash !== bodyHash) {
    throw new Problem(
      'idempotency-key-reused',
      'Expected the body that this Idempotency-Key was first used with, byte for byte. Use a new key for a new event.',
    );
  }
  if (first && (await isDone(dependencies, key, first))) {
    return { results: drafts.map((draft, index) => resultOf(draft, first.ids[index]!)), decision: 'repeated' };
  }
  const results = await queue(dependencies, drafts, first?.ids ?? ids, options.traceparent);
  if (results.every((result) => !isUnavailable(result))) await finish(dependencies.idempotency, key);
  return { results, decision: first ? 'taken-over' : 'queued' };
}

function ownersOf(drafts: readonly (EventDraft | Problem)[]): string[] {
  return [...new Set(drafts.flatMap((draft) => (draft instanceof Problem ? [] : draft.organization)))];
}

/** Sends the valid drafts as events with these ids. */
async function queue(
  { queue }: PublishDependencies,
  drafts: readonly (EventDraft | Problem)[],
  ids: readonly string[],
  traceparent: string | undefined,
): Promise<Result[]> {
  const results = drafts.map((draft, index) => resultOf(draft, ids[index]!));
  const places: number[] = [];
  const entries = drafts.flatMap((draft, index) => {
    if (draft instanceof Problem) return [];
    places.push(index);
    const event = { id: ids[index]!, ...draft, enqueued_ms: acceptedMs(ids[index]!) };
    const body = encodeEventMessage(accepted(event, traceparent));
    return [{ body, group: draft.organization }];
  });
  for (const failed of await queue.send(entries)) {
    results[places[failed]!] = new Problem('unavailable', 'The event could not be queued. Send it again in a moment.');
  }
  return results;
}

function resultOf(draft: EventDraft | Problem, id: string): Result {
  return draft instanceof Problem ? draft : { id, enqueued_at: new Date(acceptedMs(id)).toISOString() };
}

/** An event's id carries the time of its acceptance. */
function acceptedMs(id: string): number {
  return eventIdMs(id)!;
}

function isUnavailable(result: Result): boolean {
  return result instanceof Problem && result.problem === 'unavailable';
}

/** Waits until the request that claimed the key has queued its events. @returns false when it seems to have died. */
async function isDone(
  { idempotency, now, sleep }: PublishDependencies,
  key: string,
  first: IdempotencyRecord,
): Promise<boolean> {
  if (first.done) return true;
  const deadline = Math.min(now(), acceptedMs(first.ids[0]!)) + WAIT_MS;
  let pause = FIRST_PAUSE_MS;
  while (now() < deadline) {
    await sleep(Math.min(pause, deadline - now()));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    if ((await idempotency.get(key))?.done) return true;
  }
  return false;
}

/** The events are queued whether or not this is noted; if not, a repetition queues them again under the same ids. */
async function finish(idempotency: IdempotencyStore, key: string): Promise<void> {
  await idempotency.finish(key).catch(() => undefined);
}
