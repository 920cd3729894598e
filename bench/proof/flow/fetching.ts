import { setTimeout as pause } from 'node:timers/promises';
import type { Posthorn } from '../../../test/support/posthorn.ts';
import type { Customers } from './customers.ts';
import type { Subscribed } from './verdict.ts';

interface Feed {
  data: { id: string; headers: Record<string, string>; body: string }[];
  page: string | null;
}

/** Deliveries of one page. */
const PAGE = 20;
/** Between two rounds in which nothing was there: longer than the flow takes for a machine at rest, milliseconds. */
const IDLE_MS = 3000;
/** The same once all else is at rest. */
const DRAINING_MS = 100;
/** Rounds in a row without anything, once all else is at rest, after which nothing more can come. */
const EMPTY_ROUNDS = 2;
/** Without anything fetched for so long while something is still to come, the run has failed. */
const STUCK_MS = 120_000;

/** Customers that fetch their deliveries, keep each once, and acknowledge them page by page. */
export interface Fetching {
  /** Fetches until nothing is left. @param missing how many are still to come. @throws when they do not. */
  drain(missing: () => number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts to fetch, one feed after the other; a call that fails is made again in the next round. */
export function startFetching(posthorn: Posthorn, customers: Customers, feeds: readonly Subscribed[]): Fetching {
  let isOver = false;
  let emptyRounds = 0;
  let fetchedMs = Date.now();
  const draining = new AbortController();
  /** Ends when all else comes to rest meanwhile. */
  const idle = (): Promise<void> =>
    draining.signal.aborted
      ? pause(DRAINING_MS)
      : pause(IDLE_MS, undefined, { signal: draining.signal }).catch(() => undefined);

  const fetchOnce = async ({ id, path }: Subscribed): Promise<'something' | 'nothing' | 'failed'> => {
    const url = `/v1/subscriptions/${id}/feed`;
    const askedMs = customers.now();
    const read = await posthorn.call<Feed>('GET', `${url}?limit=${PAGE}`).catch(() => undefined);
    if (read?.status !== 200) return 'failed';
    const { data, page } = read.body;
    const last = data.at(-1);
    if (!last || page === null) return 'nothing';
    for (const { id: event, headers, body } of data) {
      // Given out again, because its acknowledgement was lost: a customer knows it by its id.
      if ((customers.seen.get(`${path} ${event}`)?.accepted ?? 0) > 0) continue;
      customers.take(path, headers, Buffer.from(body), askedMs);
      fetchedMs = Date.now();
    }
    await posthorn.call('POST', `${url}/ack`, { page, through: last.id }).catch(() => undefined);
    return 'something';
  };

  const fetchAll = async (): Promise<void> => {
    while (!isOver) {
      const found = new Set<string>();
      for (const feed of feeds) found.add(await fetchOnce(feed));
      // What could not be read may hold something.
      emptyRounds = found.has('something') || found.has('failed') ? 0 : emptyRounds + 1;
      if (!found.has('something')) await idle();
    }
  };
  const fetching = fetchAll();

  return {
    async drain(missing) {
      fetchedMs = Date.now();
      emptyRounds = 0;
      draining.abort();
      while (missing() > 0 || emptyRounds < EMPTY_ROUNDS) {
        if (Date.now() - fetchedMs > STUCK_MS) throw new Error(`${missing()} deliveries were not there to be fetched.`);
        await pause(100);
      }
    },
    async stop() {
      isOver = true;
      draining.abort();
      await fetching;
    },
  };
}
