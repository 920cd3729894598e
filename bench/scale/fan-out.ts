import type { Delivery } from './delivery.ts';
import type { ModelHealth } from './health.ts';
import type { ModelQueue, Received } from './queue.ts';
import type { Lane } from './sender.ts';
import type { ModelTable } from './table.ts';
import type { Timeline } from './timeline.ts';

/** An accepted event: who gets it. */
export interface ModelEvent {
  organization: string;
  enqueuedMs: number;
  subscriptions: readonly string[];
}

// Assumed or measured on one core (docs/performance.md), milliseconds. 1024 MB have 0.58 of a core.
const SHARE = 0.58;
/** Reading a page of subscriptions, 1 MB or some 1,700 rows, and taking it in. */
const PAGE_MS = 30;
const PAGE_ROWS = 1700;
const ROW_MS = 0.02 / SHARE;
/** Recording the event with its matches. */
const RECORD_MS = 8;
/** CPU of one message to be sent: 125 µs. */
const MESSAGE_MS = 0.125 / SHARE;
/** Answer of SendMessageBatch, 16 calls of 10 at once. */
const CALL_MS = 12;
const AT_ONCE = 160;
/** An event and its delivery list in the table: units of 1 KB for the event, 45 bytes for each match. */
const EVENT_UNITS = 2;
const MATCH_UNITS = 45 / 1024;

interface FanOutDeps {
  timeline: Timeline;
  queues: Record<Lane, ModelQueue<Delivery>>;
  events: ModelTable;
  queue: ModelQueue<ModelEvent>;
  health: ModelHealth;
  lanes: boolean;
}

/** One batch of events on the timeline: read and record at once, then queue pack by pack. */
export function fanOut(batch: Received<ModelEvent>[], done: () => void, deps: FanOutDeps): void {
  const { timeline, events, queue } = deps;
  const organizations = new Map(batch.map(({ body }) => [body.organization, body.subscriptions.length]));
  const rows = [...organizations.values()];
  const pages = Math.max(...rows.map((count) => Math.ceil(count / PAGE_ROWS)));
  const readMs = pages * PAGE_MS + rows.reduce((sum, count) => sum + count * ROW_MS, 0);
  timeline.after(readMs, () => {
    const waitMs = batch.reduce((longest, { body: { organization, subscriptions } }) => {
      const units = EVENT_UNITS + Math.ceil(subscriptions.length * MATCH_UNITS);
      return Math.max(longest, events.write(organization, units));
    }, 0);
    timeline.after(RECORD_MS + waitMs, () =>
      enqueue(batch, deps, () => {
        queue.delete(batch.length);
        done();
      }),
    );
  });
}

/** Portions of as many messages as are under way at once. */
function enqueue(batch: Received<ModelEvent>[], deps: FanOutDeps, done: () => void): void {
  const { timeline, queues, health, lanes } = deps;
  const all = batch.flatMap(({ body }) => body.subscriptions.map((subscription) => ({ subscription, body })));
  const next = (from: number): void => {
    const portion = all.slice(from, from + AT_ONCE);
    if (portion.length === 0) return done();
    timeline.after(Math.max(CALL_MS, portion.length * MESSAGE_MS), () => {
      for (const { subscription, body } of portion) {
        const slow = lanes && health.isSlowToFanOut(subscription, timeline.nowMs);
        queues[slow ? 'slow' : 'fast'].send({ subscription, enqueuedMs: body.enqueuedMs });
      }
      next(from + AT_ONCE);
    });
  };
  next(0);
}
