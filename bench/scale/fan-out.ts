import type { Costs } from './costs.ts';
import type { Delivery } from './delivery.ts';
import { Environments } from './environments.ts';
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

/** Of the function, MB (lib/stages/fan-out.ts). */
export const FAN_OUT_MB = 1024;

// Measured, milliseconds of a whole processor (docs/performance.md; npm run bench -- fan-out | growth | cold-start).
/** An event with its record, a subscription that is read and matched, and a message. */
const EVENT_MS = 0.8;
const ROW_MS = 0.02;
const MESSAGE_MS = 0.035;
/** A new environment loads its code, and runs it for the first time. */
const LOAD_MS = 80;
const FIRST_MS = 45;
/** Subscriptions on a page of 1 MB. */
const PAGE_ROWS = 1700;
/** Calls of SendMessageBatch under way at once, and messages of each (lambdas/fan-out/enqueue.ts). */
const CALLS = 16;
const PACK = 10;
/** An event and its delivery list in the table: units of 1 KB for the event, 31 bytes for each match. */
const EVENT_UNITS = 1;
const MATCH_UNITS = 31 / 1024;

interface FanOutDeps {
  timeline: Timeline;
  costs: Costs;
  queues: Record<Lane, ModelQueue<Delivery>>;
  events: ModelTable;
  queue: ModelQueue<ModelEvent>;
  health: ModelHealth;
  lanes: boolean;
}

/** Fan-out on a timeline: a batch is read and recorded at once, then queued pack by pack. */
export class ModelFanOut {
  readonly #deps: FanOutDeps;
  readonly #environments: Environments;

  constructor(deps: FanOutDeps) {
    this.#deps = deps;
    this.#environments = new Environments(deps.costs, FAN_OUT_MB, { loadMs: LOAD_MS, firstMs: FIRST_MS });
  }

  invoke(batch: Received<ModelEvent>[], done: () => void): void {
    const { timeline, events, queue, costs } = this.#deps;
    const { environment, coldMs } = this.#environments.take();
    timeline.after(coldMs + this.#readMs(batch), () => {
      const waitMs = batch.reduce((longest, { body: { organization, subscriptions } }) => {
        const units = EVENT_UNITS + Math.ceil(subscriptions.length * MATCH_UNITS);
        return Math.max(longest, events.write(organization, units));
      }, 0);
      const recordMs = costs.dynamoDbMs(batch.length) + this.#environments.cpuMs(batch.length * EVENT_MS);
      timeline.after(recordMs + waitMs, () =>
        this.#enqueue(batch, () => {
          queue.delete(batch.length);
          this.#environments.give(environment);
          done();
        }),
      );
    });
  }

  /** Organizations at the same time, the pages of each one after the other. */
  #readMs(batch: readonly Received<ModelEvent>[]): number {
    const { costs } = this.#deps;
    const rows = new Map(batch.map(({ body }) => [body.organization, body.subscriptions.length]));
    let longest = 0;
    for (const count of rows.values()) {
      let ms = 0;
      for (let read = 0; read === 0 || read < count; read += PAGE_ROWS) ms += costs.dynamoDbMs();
      longest = Math.max(longest, ms);
    }
    return longest + this.#environments.cpuMs([...rows.values()].reduce((sum, count) => sum + count * ROW_MS, 0));
  }

  /** Calls at the same time, each with the next ten deliveries as soon as it is free; one processor's share writes them all. */
  #enqueue(batch: readonly Received<ModelEvent>[], done: () => void): void {
    const { timeline, costs } = this.#deps;
    const all = batch.flatMap(({ body }) => body.subscriptions.map((subscription) => ({ subscription, body })));
    let next = 0;
    let open = CALLS;
    let busyUntilMs = timeline.nowMs;
    const call = (): void => {
      const pack = all.slice(next, next + PACK);
      next += PACK;
      if (pack.length === 0) {
        open -= 1;
        return void (open === 0 && done());
      }
      busyUntilMs = Math.max(busyUntilMs, timeline.nowMs) + this.#environments.cpuMs(pack.length * MESSAGE_MS);
      timeline.at(busyUntilMs + costs.sqsMs(), () => {
        for (const { subscription, body } of pack) this.#send(subscription, body.enqueuedMs);
        call();
      });
    };
    for (let n = 0; n < CALLS; n++) call();
  }

  #send(subscription: string, enqueuedMs: number): void {
    const { timeline, queues, health, lanes } = this.#deps;
    const slow = lanes && health.isSlowToFanOut(subscription, timeline.nowMs);
    queues[slow ? 'slow' : 'fast'].send({ subscription, enqueuedMs });
  }
}
