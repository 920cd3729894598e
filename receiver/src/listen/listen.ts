import { createAcknowledger } from './acknowledger.ts';
import type { Forwarded } from './forward.ts';
import { pause, Refused, Unavailable, type FeedItem, type FeedPage, type Posthorn } from './posthorn.ts';

export interface ListenDeps {
  posthorn: Posthorn;
  forward(item: FeedItem): Promise<Forwarded>;
  /** Tells the person who watches, in one line. */
  say(line: string): void;
  /** Tells how far it is; called for each delivery. */
  progress(forwarded: number, last: string): void;
  /** Aborted: end as soon as what is under way has ended. */
  signal: AbortSignal;
  /** Milliseconds. */
  now(): number;
  /** Waits, unless it is told to stop. @default in real time */
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Seconds for which the feed is asked to wait. */
const WAIT_SECONDS = 10;
/** Waits between two tries, seconds; the last one stays. */
const BACK_OFF = [1, 2, 4, 8, 15, 30];
/**
 * Deliveries are signed when they are fetched, and receivers refuse what is older than 5 minutes. So none is forwarded that was
 * fetched longer ago than this, milliseconds: it is fetched anew.
 */
const FRESH_MS = 60_000;

/**
 * Forwards the deliveries of a subscription to a target, one after the other, until it is told to stop. Each is acknowledged
 * once the target has taken it with a 2xx; one that it does not take is tried again and again, because the order is kept.
 * @returns how many the target took.
 * @throws Refused when somebody has to change something first.
 */
export async function listen(subscription: string, deps: ListenDeps): Promise<number> {
  const { posthorn, say, signal, now, sleep = pause } = deps;
  let forwarded = 0;
  /** The delivery that the target does not take, and how often it was tried. */
  let refused = { id: '', tries: 0 };

  const backOff = async (tries: number, what: string, atLeast = 0): Promise<void> => {
    const seconds = Math.max(BACK_OFF[Math.min(tries, BACK_OFF.length) - 1]!, atLeast);
    say(`${what}; again in ${seconds} s`);
    await sleep(seconds * 1000, signal);
  };
  const acknowledger = createAcknowledger({
    acknowledge: (taken) => posthorn.acknowledge(subscription, taken),
    backOff: (tries, { message, afterSeconds }) => backOff(tries, `not acknowledged: ${message}`, afterSeconds),
    isStopping: () => signal.aborted,
    now,
  });

  /** Reads the feed, whatever is in the way meanwhile. @returns undefined when it is told to stop. */
  const read = async (after: string | undefined): Promise<FeedPage | undefined> => {
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        const page = await posthorn.feed(subscription, { wait: WAIT_SECONDS, ...(after && { after }) }, signal);
        if (tries > 1) say('connected again');
        return page;
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!(error instanceof Unavailable)) throw error;
        if (error.status === 409) await refusePushed(subscription, posthorn);
        await backOff(tries, error.message, error.afterSeconds);
      }
    }
    return undefined;
  };

  /** Forwards a page, or as much of it as the target takes while its signatures are fresh. */
  const work = async ({ data, page }: FeedPage, fetchedMs: number): Promise<void> => {
    for (const item of data) {
      if (item.body === undefined)
        throw new Refused('This API key may not see payloads, so there is nothing to forward. Use one that may.');
      for (;;) {
        if (signal.aborted || now() - fetchedMs > FRESH_MS) return;
        const result = await deps.forward(item);
        if ('status' in result && result.status >= 200 && result.status <= 299) break;
        refused = { id: item.id, tries: refused.id === item.id ? refused.tries + 1 : 1 };
        const why =
          'status' in result ? `the target answered ${result.status}` : `the target failed: ${result.failure}`;
        if (signal.aborted) return;
        await backOff(refused.tries, `${item.id}: ${why} (try ${refused.tries})`);
      }
      if (refused.id === item.id) say(`${item.id}: taken at try ${refused.tries + 1}`);
      forwarded += 1;
      acknowledger.taken({ through: item.id, page: page! });
      deps.progress(forwarded, item.id);
    }
  };

  let after: string | undefined;
  let isAcknowledged = true;
  while (!signal.aborted) {
    const page = await read(after);
    if (!page) break;
    // Nothing of that page could be given out, though more follows.
    after = page.data.length === 0 ? (page.next ?? undefined) : undefined;
    try {
      await work(page, now());
    } finally {
      isAcknowledged = await acknowledger.flush();
    }
  }
  if (!isAcknowledged) say('what was taken last could not be acknowledged: it comes again');
  return forwarded;
}

/** @throws Refused when the subscription is sent to now: waiting would help nobody. */
async function refusePushed(id: string, posthorn: Posthorn): Promise<void> {
  const { delivery } = await posthorn.subscription(id).catch(() => ({ delivery: 'pull' }));
  if (delivery !== 'pull') throw pushed(id);
}

/**
 * Which subscription is meant.
 * @param named by its id; undefined: the only one that the key's organization has.
 * @throws Refused when it is none that is fetched, or cannot be told.
 */
export async function findSubscription(named: string | undefined, posthorn: Posthorn): Promise<string> {
  if (named !== undefined) {
    const { id, delivery } = await posthorn.subscription(named);
    if (delivery !== 'pull') throw pushed(id);
    return id;
  }
  const found = await posthorn.pulled();
  if (found.length === 1) return found[0]!.id;
  if (found.length === 0) {
    throw new Refused(
      'Expected a subscription with delivery "pull", and this key sees none. Make one in the console, or with POST /v1/subscriptions {"delivery": "pull"}.',
    );
  }
  const list = found.map(({ id, description }) => `  ${id}${description === undefined ? '' : `  ${description}`}`);
  throw new Refused(
    `There are several subscriptions that are fetched. Say which, with --subscription:\n${list.join('\n')}`,
  );
}

function pushed(id: string): Refused {
  return new Refused(
    `${id} has delivery "push": its deliveries are sent to its URL. Set its delivery to "pull" first, or name another one.`,
  );
}
