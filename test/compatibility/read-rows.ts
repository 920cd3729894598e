import { createCursors } from '../../lambdas/api/http/cursors.ts';
import { EVENT, LEAST_EVENT, NOW, ORGANIZATION, PURGE, SUBSCRIPTION } from './messages.ts';
import type { Stores } from './rows.ts';
import { ATTEMPT, ENDED_PURGE, ENDPOINTS, HOUR, OTHER, REPLAY } from './write-rows.ts';

const first = async <T>(pages: AsyncIterable<T>): Promise<T | undefined> => {
  for await (const page of pages) return page;
  return undefined;
};

/** What the stores of this commit make of the rows that {@link writeRows} made, whichever commit's they are. */
export async function readRows(stores: Stores): Promise<Record<string, unknown>> {
  const { events, attempts, held, health, circuits, subscriptions, secrets, keys, statistics, audit } = stores;
  const { idempotency, sessions, replays, purges, reconciler, runs } = stores;
  const page = { limit: 100 };
  const range = { from: LEAST_EVENT.id, to: `${EVENT.id}~` };
  return {
    event: await events.get(ORGANIZATION, EVENT.id),
    'event with the least': await events.find(LEAST_EVENT.id),
    'events of a resource': await events.list({ resource_id: '28540' }, page),
    'events of a time': await events.list({ since_ms: NOW - 3_600_000, until_ms: NOW }, page),
    'events with formats': await events.oldestFirst(ORGANIZATION, range, 10),
    attempt: await attempts.get(ATTEMPT.id),
    'attempts of a subscription': await attempts.list({ subscription: SUBSCRIPTION }, page),
    'failures of an organization': await attempts.list({ organization: ORGANIZATION, outcome: ['exhausted'] }, page),
    'latest attempts': [...(await attempts.latestBetween(SUBSCRIPTION, LEAST_EVENT.id, EVENT.id))],
    held: await held.oldest(SUBSCRIPTION, 10),
    endpoints: Object.fromEntries(
      await Promise.all(Object.entries(ENDPOINTS).map(async ([name, id]) => [name, await circuits.get(id)])),
    ),
    'health for a sender': Object.fromEntries(
      await health.load(Object.values(ENDPOINTS).map((subscription) => ({ organization: ORGANIZATION, subscription }))),
    ),
    subscriptions: await first(subscriptions.pages(ORGANIZATION)),
    secrets: {
      one: await secrets.get(OTHER),
      two: await secrets.get(SUBSCRIPTION),
      deleted: (await secrets.get('sub_deleted')) ?? null,
    },
    keys: [await keys.byHash('a'.repeat(64)), await keys.byHash('b'.repeat(64))],
    requests: [await idempotency.get('d'.repeat(64)), await idempotency.get('f'.repeat(64))],
    session: await sessions.find('1'.repeat(64)),
    'portal link': await sessions.getLink('2'.repeat(64)),
    replay: await replays.get(REPLAY),
    'chosen deliveries': await replays.chosen(REPLAY),
    'replays of an organization': await replays.list({ organization: ORGANIZATION }, page),
    purges: [await purges.get(PURGE), await purges.get(ENDED_PURGE)],
    tombstones: await purges.tombstones(),
    reconciler: await reconciler.load(),
    runs: [...(await runs.load())],
    audit: await audit.list({ organization: ORGANIZATION }, page),
    statistics: [...(await statistics.hours({ organization: ORGANIZATION, subscription: SUBSCRIPTION }, HOUR, HOUR))],
  };
}

const LISTS: Record<string, (stores: Stores, cursor?: string) => Promise<{ items: unknown[]; next?: string }>> = {
  'attempts of a subscription': ({ attempts }, cursor) =>
    attempts.list({ subscription: SUBSCRIPTION }, { limit: 1, ...(cursor && { cursor }) }),
  'events of an organization': ({ events }, cursor) =>
    events.list({ organization: ORGANIZATION }, { limit: 1, ...(cursor && { cursor }) }),
  'events of a time': ({ events }, cursor) =>
    events.list({ since_ms: NOW - 3_600_000, until_ms: NOW }, { limit: 1, ...(cursor && { cursor }) }),
  'subscriptions of an organization': ({ subscriptions }, cursor) =>
    subscriptions.list(ORGANIZATION, { limit: 1, ...(cursor && { cursor }) }),
  'replays of an organization': ({ replays }, cursor) =>
    replays.list({ organization: ORGANIZATION }, { limit: 1, ...(cursor && { cursor }) }),
};
const KEY = 'phk_of_the_vectors';

/** The cursor that a caller gets with the first page of each list. */
export async function writeCursors(stores: Stores): Promise<Record<string, string>> {
  const pages = Object.entries(LISTS).map(async ([name, list]) => {
    const cursor = createCursors(KEY, name, undefined).write((await list(stores)).next);
    if (cursor === null) throw new Error(`Expected a second page of ${name}.`);
    return [name, cursor] as const;
  });
  return Object.fromEntries(await Promise.all(pages));
}

/** The second page of each list, by the cursor that a caller was given. */
export async function readCursors(stores: Stores, cursors: Record<string, string>): Promise<Record<string, unknown>> {
  const pages = Object.entries(cursors).map(async ([name, cursor]) => [
    name,
    (await LISTS[name]!(stores, createCursors(KEY, name, cursor).read())).items,
  ]);
  return Object.fromEntries(await Promise.all(pages)) as Record<string, unknown>;
}
