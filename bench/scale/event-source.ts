import type { ModelQueue, Received } from './queue.ts';
import type { Timeline } from './timeline.ts';

// How Lambda takes up a queue. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
/** Invocations at the same time when a queue wakes up. */
export const FIRST_CONCURRENCY = 5;
/** Added a minute as long as messages are left. */
export const ADDED_PER_MINUTE = 300;
/** A queue without messages for so long starts from the beginning again. The source says nothing about it; assumed. */
const IDLE_MS = 60_000;
/** What comes within so long is received together, milliseconds. Assumed. */
const POLL_MS = 10;
/** Messages of one call of SQS. */
const AT_ONCE = 10;

/** What all functions of the account share. */
export class Account {
  /** Most invocations at the same time; 1,000 unless AWS has raised it. */
  readonly concurrency: number;
  busy = 0;
  mostBusy = 0;
  /** Told when an invocation has ended. */
  readonly waiting: (() => void)[] = [];

  constructor(concurrency = 1000) {
    this.concurrency = concurrency;
  }

  get free(): number {
    return this.concurrency - this.busy;
  }

  enter(): void {
    this.busy += 1;
    this.mostBusy = Math.max(this.mostBusy, this.busy);
  }

  leave(): void {
    this.busy -= 1;
    for (const wake of this.waiting) wake();
  }
}

export interface EventSourceOptions<T> {
  timeline: Timeline;
  queue: ModelQueue<T>;
  account: Account;
  batchSize: number;
  /** How long a batch is gathered that is not full, milliseconds. */
  windowMs: number;
  maxConcurrency: number;
  /** Draws how long a call of SQS takes, milliseconds. */
  callMs: () => number;
  /** Runs a batch and settles its messages; calls `done` at its end. */
  invoke: (batch: Received<T>[], done: () => void) => void;
}

/** Feeds a function from a queue: five batches at once at first, then more and more as long as messages are left. */
export class EventSource<T> {
  /** Batches that are received, worked on or deleted: what `maxConcurrency` limits. */
  busy = 0;
  mostBusy = 0;
  /** Of these the invocations. */
  invoking = 0;
  /** Times that it had work but no concurrency of the account; in AWS each may burn a receive. */
  starved = 0;
  /** Sum of all invocations, milliseconds. */
  billedMs = 0;
  invocations = 0;
  readonly #options: EventSourceOptions<T>;
  #awakeMs = -Infinity;
  #usedMs = -Infinity;
  #pollDue = false;

  constructor(options: EventSourceOptions<T>) {
    this.#options = options;
    options.queue.onReady = () => this.#pollSoon(POLL_MS);
    options.account.waiting.push(() => this.#pollSoon(POLL_MS));
  }

  /** Invocations that it may have now. */
  get allowed(): number {
    const awake = Math.max(this.#options.timeline.nowMs - this.#awakeMs, 0);
    const grown = FIRST_CONCURRENCY + Math.floor((awake / 60_000) * ADDED_PER_MINUTE);
    return Math.min(this.#options.maxConcurrency, grown);
  }

  #pollSoon(ms: number): void {
    if (this.#pollDue) return;
    const { timeline, queue } = this.#options;
    if (queue.visible === 0) return;
    this.#pollDue = true;
    timeline.after(ms, () => {
      this.#pollDue = false;
      this.#poll();
    });
  }

  #poll(): void {
    const { timeline, queue, account, batchSize, windowMs } = this.#options;
    if (this.busy === 0 && timeline.nowMs - this.#usedMs > IDLE_MS) this.#awakeMs = timeline.nowMs;
    while (queue.visible > 0 && this.busy < this.allowed) {
      if (account.free <= 0) {
        this.starved += 1;
        return;
      }
      if (queue.visible < batchSize && windowMs > 0) return this.#gather(windowMs);
      const batch = queue.receive(batchSize);
      if (batch.length === 0) return;
      this.#start(batch);
    }
    // Concurrency grows by itself: look again when the next invocation may be added.
    if (queue.visible > 0 && this.allowed < this.#options.maxConcurrency) this.#pollSoon(60_000 / ADDED_PER_MINUTE);
  }

  /** Waits until a batch is full or its window ends. Nothing is in flight meanwhile: a little too kind to the limit. */
  #gather(windowMs: number): void {
    this.#pollDue = true;
    this.#options.timeline.after(windowMs, () => {
      this.#pollDue = false;
      const { queue, account, batchSize } = this.#options;
      if (account.free > 0 && this.busy < this.allowed) this.#start(queue.receive(batchSize));
      this.#pollSoon(0);
    });
  }

  /** A poller receives a batch, ten messages a call, has it worked on, and deletes what is done before it receives again. */
  #start(batch: Received<T>[]): void {
    if (batch.length === 0) return;
    const { timeline, account, invoke } = this.#options;
    this.busy += 1;
    this.mostBusy = Math.max(this.mostBusy, this.busy);
    this.invocations += 1;
    // From the receive on: a moment too early, so that no two take the same place.
    account.enter();
    timeline.after(this.#callsMs(batch), () => {
      const startedMs = timeline.nowMs;
      this.invoking += 1;
      invoke(batch, () => {
        this.invoking -= 1;
        this.billedMs += timeline.nowMs - startedMs;
        account.leave();
        timeline.after(this.#callsMs(batch), () => {
          this.busy -= 1;
          this.#usedMs = timeline.nowMs;
          this.#pollSoon(0);
        });
      });
    });
  }

  #callsMs({ length }: readonly unknown[]): number {
    let ms = 0;
    for (let n = 0; n < length; n += AT_ONCE) ms += this.#options.callMs();
    return ms;
  }
}
