import type { Timeline } from './timeline.ts';

/**
 * Messages of one queue that may be in flight; those that wait for their retry count.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MOST_IN_FLIGHT = 120_000;

/** A message that was received. */
export interface Received<T> {
  body: T;
  /** How often it was handed out, this time included. */
  receiveCount: number;
}

/**
 * An SQS standard queue with a redrive policy. Fair queues are left out: what the model says about quiet groups behind a
 * noisy one is too gloomy.
 */
export class ModelQueue<T> {
  /** Told when there is something to receive. */
  onReady: () => void = () => {};
  inFlight = 0;
  mostInFlight = 0;
  /** Messages that were received as often as allowed and went to the dead letters. */
  dead = 0;
  readonly #timeline: Timeline;
  readonly #maxReceives: number;
  readonly #limit: number;
  #ready: Received<T>[] = [];
  #first = 0;

  constructor(timeline: Timeline, maxReceives: number, limit = MOST_IN_FLIGHT) {
    this.#timeline = timeline;
    this.#maxReceives = maxReceives;
    this.#limit = limit;
  }

  /** Messages that can be received now, were there room in flight. */
  get visible(): number {
    return this.#ready.length - this.#first;
  }

  send(body: T): void {
    this.#add({ body, receiveCount: 0 });
  }

  /** Hands out what is there, at most so many, and never more than may be in flight. */
  receive(max: number): Received<T>[] {
    const count = Math.min(max, this.visible, this.#limit - this.inFlight);
    if (count <= 0) return [];
    const received = this.#ready.slice(this.#first, this.#first + count);
    this.#first += count;
    if (this.#first > 10_000 && this.#first * 2 > this.#ready.length) {
      this.#ready = this.#ready.slice(this.#first);
      this.#first = 0;
    }
    for (const message of received) message.receiveCount += 1;
    this.inFlight += count;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    return received;
  }

  /** Received messages are done. */
  delete(count = 1): void {
    for (let n = 0; n < count; n++) this.#leaveFlight();
  }

  /** Lets a received message come back after a while; until then it stays in flight. */
  changeVisibility(message: Received<T>, ms: number): void {
    this.#timeline.after(ms, () => {
      this.#leaveFlight();
      if (message.receiveCount >= this.#maxReceives) this.dead += 1;
      else this.#add(message);
    });
  }

  #leaveFlight(): void {
    this.inFlight -= 1;
    if (this.inFlight === this.#limit - 1 && this.visible > 0) this.onReady();
  }

  #add(message: Received<T>): void {
    this.#ready.push(message);
    this.onReady();
  }
}
