import type { Chance } from './random.ts';
import type { Timeline } from './timeline.ts';

interface Stored {
  id: string;
  body: string;
  /** Of a dead letter that a stage put there itself: whose fault it is. */
  kind: string | undefined;
  sentMs: number;
  visibleMs: number;
  receives: number;
  firstMs?: number;
  receipt: string;
  /** Who has it now asked SQS to be handed it no more for so many seconds; undefined: never, the queue's own time runs. */
  askedSeconds?: number | undefined;
}

/** A message as Lambda hands it over. */
export interface Received {
  messageId: string;
  receiptHandle: string;
  body: string;
  attributes: { ApproximateReceiveCount: string; ApproximateFirstReceiveTimestamp: string; SentTimestamp: string };
}

export interface QueueOptions {
  visibilityMs: number;
  maxReceives: number;
  /** Where messages go that were received too often. */
  deadLetters?: SimulatedQueue;
  /** A receive may leave the message visible: standard queues deliver at least once. */
  duplicateProbability: number;
}

let nextId = 0;

/** A standard SQS queue: no order, at least once, visibility, receive counts, redrive. */
export class SimulatedQueue {
  /** The longest wait in flight that somebody asked for, seconds. */
  longestWait = 0;
  readonly messages = new Map<string, Stored>();
  /** Called when a message may have become visible. @returns false when there is none. */
  wake: () => boolean = () => false;
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #options: QueueOptions;

  constructor(timeline: Timeline, chance: Chance, options: QueueOptions) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.#options = options;
  }

  send(body: string, delayMs = 0, kind?: string): void {
    const id = `m${nextId++}`;
    const now = this.#timeline.now;
    this.messages.set(id, { id, body, kind, sentMs: now, visibleMs: now + delayMs, receives: 0, receipt: '' });
    this.#wakeAfter(delayMs, id);
  }

  receive(most: number): Received[] {
    const now = this.#timeline.now;
    const visible: Stored[] = [];
    for (const message of this.messages.values()) if (message.visibleMs <= now) visible.push(message);
    const taken: Received[] = [];
    while (visible.length > 0 && taken.length < most) {
      const [message] = visible.splice(this.#chance.between(0, visible.length - 1), 1);
      const received = this.#take(message!);
      if (received) taken.push(received);
    }
    return taken;
  }

  #take(message: Stored): Received | undefined {
    const { maxReceives, deadLetters, visibilityMs, duplicateProbability } = this.#options;
    if (message.receives >= maxReceives) {
      this.messages.delete(message.id);
      deadLetters?.send(message.body);
      return undefined;
    }
    message.receives += 1;
    message.firstMs ??= this.#timeline.now;
    message.receipt = `${message.id}/${message.receives}`;
    message.askedSeconds = undefined;
    const doubled = this.#chance.happens(duplicateProbability);
    const invisibleMs = doubled ? this.#chance.between(0, 500) : visibilityMs;
    message.visibleMs = this.#timeline.now + invisibleMs;
    this.#wakeAfter(invisibleMs, message.id);
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: {
        ApproximateReceiveCount: String(message.receives),
        ApproximateFirstReceiveTimestamp: String(message.firstMs),
        SentTimestamp: String(message.sentMs),
      },
    };
  }

  /** Most messages are deleted by then, or handed out until later. */
  #wakeAfter(ms: number, id: string): void {
    this.#timeline.after(ms, () => {
      const message = this.messages.get(id);
      return message !== undefined && message.visibleMs <= this.#timeline.now ? this.wake() : false;
    });
  }

  delete(id: string): void {
    this.messages.delete(id);
  }

  /** @returns false when the message is not in flight any more, or was handed out again since. */
  changeVisibility(receipt: string, seconds: number): boolean {
    const message = this.messages.get(receipt.split('/')[0]!);
    if (!message || message.receipt !== receipt || message.visibleMs <= this.#timeline.now) return false;
    // What nobody gave back waits for the queue's own timeout.
    const isOwn = seconds * 1000 >= this.#options.visibilityMs;
    if (!isOwn) this.longestWait = Math.max(this.longestWait, seconds);
    message.visibleMs = this.#timeline.now + seconds * 1000;
    message.askedSeconds = seconds;
    this.#wakeAfter(seconds * 1000, message.id);
    return true;
  }
}
