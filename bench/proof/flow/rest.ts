import { setTimeout as pause } from 'node:timers/promises';
import type { OwnPosthorn } from '../../../test/support/posthorn.ts';
import type { Clocks } from './clocks.ts';
import { sortDeadLetters } from './dead-letters.ts';
import { readLog } from './log.ts';
import type { Trouble } from './trouble.ts';

const STEP_MS = 25;
/** Longer than every visibility timeout and every delay. */
const SKIP_MS = 16 * 60_000;
/**
 * The same while recovery alone has something to do: longer than a release's longest pause between two steps, 75 s, and shorter
 * than what recovery takes for lost, 180 s. Else it would begin each release anew at every skip, for ever.
 */
const SHORT_SKIP_MS = 100_000;
/**
 * Looks in a row at which nothing moves and no function has a message, before the clock is moved for what queues keep back: who is
 * woken by the clock has received by the next look. A clock that moves between a receive and its function would take the receive away.
 */
const STILL = 4;
/** The same while all queues are empty: statistics read their stream four times a second, and nobody counts what they have not read. */
const STILL_AT_REST = 40;
/** Without any progress for this long the run has failed. */
const STUCK_MS = 180_000;
/** How often the clock is moved for what is still to come, once all queues are empty: ten hours of it. */
const PATIENCE = 40;
/** Times as many skips in a row without any request: then the queues will not drain. The hours of an outage take up to 58. */
const FRUITLESS = 2.5;
/** Calls by which the flow itself looks at queues. */
const ASKING = ['GetQueueAttributes'];
const RECOVERY = 'RecoveryQueueUrl';
const QUEUES = ['EventsQueueUrl', 'DeliveriesQueueUrl', 'SlowDeliveriesQueueUrl', RECOVERY];

interface Observed {
  progress: () => number;
  published: () => boolean;
  /** What is still to come, in words. */
  missing: () => Promise<string[]>;
  /** Whether something is in hand during which the clock must stand. */
  inHand: () => boolean;
}

export interface AtRest {
  skips: number;
  redriven: number;
  exhausted: Set<string>;
  /** What never came, in words. */
  missing: string[];
}

/** Waits until all queues are empty, all dead letters looked at and nothing is to come. @throws when nothing moves any more. */
export async function untilRest(
  { posthorn, clocks }: { posthorn: OwnPosthorn; clocks: Clocks },
  trouble: Trouble,
  { progress, published, missing, inHand }: Observed,
): Promise<AtRest> {
  const rest: AtRest = { skips: 0, redriven: 0, exhausted: new Set(), missing: [] };
  const { patience = PATIENCE } = trouble;
  let requests = 0;
  let fruitless = 0;
  const skip = (ms = SKIP_MS): void => {
    fruitless = progress() === requests ? fruitless + 1 : 0;
    requests = progress();
    if (fruitless > FRUITLESS * patience)
      throw new Error(`Time was skipped ${fruitless} times for nothing: the queues do not drain.`);
    // Gives the retries, the crashed and the delayed back to their queues, and lets schedules run.
    clocks.skip(ms);
    trouble.skipped?.(ms);
    rest.skips += 1;
  };
  /** Changes whenever something has moved. */
  const signs = (): string => {
    const calls = [...posthorn.platform.sqs.calls].filter(([name]) => !ASKING.includes(name));
    return `${progress()} ${calls.join()}`;
  };
  const isBusy = (): boolean => {
    // Whoever asks the api again and again waits for something too, and it takes no messages.
    const { platform } = posthorn;
    return inHand() || platform.holdsMessages() || platform.running() > platform.running('api');
  };
  let waits = 0;
  let still = 0;
  let last = '';
  let movedAt = Date.now();
  for (;;) {
    await pause(STEP_MS);
    trouble.step?.(posthorn, progress());
    const now = signs();
    if (now !== last) movedAt = Date.now();
    still = published() && now === last && !isBusy() ? still + 1 : 0;
    last = now;
    if (Date.now() - movedAt > STUCK_MS) throw new Error(`Nothing has moved for ${STUCK_MS / 1000} s.`);
    // In between nothing has moved, so the queues hold what they held.
    if (still !== STILL && still < STILL_AT_REST) continue;
    const depths = await Promise.all(QUEUES.map((queue) => posthorn.depth(queue)));
    // While the queues were asked, a function may have begun: what it signs would be sixteen minutes old when it arrives.
    if (signs() !== last || isBusy()) {
      still = 0;
      continue;
    }
    if (depths.some((depth) => depth > 0)) {
      still = 0;
      const isRecoveryAlone = depths.every((depth, n) => depth === 0 || QUEUES[n] === RECOVERY);
      if (!trouble.mustWait?.()) skip(isRecoveryAlone ? SHORT_SKIP_MS : SKIP_MS);
      continue;
    }
    if (still < STILL_AT_REST) continue;
    still = 0;
    const sorted = await sortDeadLetters(posthorn, isExhausted(posthorn));
    for (const delivery of sorted.exhausted) rest.exhausted.add(delivery);
    rest.redriven += sorted.redriven;
    if (sorted.redriven > 0) continue;
    rest.missing = await missing();
    if (rest.missing.length === 0 || waits++ >= patience) return rest;
    // Where asking has begun something, that is let end first.
    if (signs() !== last) continue;
    skip();
  }
}

/** Asks the log about `<event> <subscription>`. */
function isExhausted(posthorn: OwnPosthorn): (delivery: string) => Promise<boolean> {
  return async (delivery) => {
    const [event, subscription] = delivery.split(' ') as [string, string];
    const lines = (await readLog(posthorn, subscription, event)).get(event) ?? [];
    return lines.at(-1)?.outcome === 'exhausted';
  };
}
