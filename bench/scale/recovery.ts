import { firstPace, momentOf, nextMove } from '../../lambdas/domain/endpoint/release.ts';
import type { ReleasePace } from '../../lambdas/domain/messages/messages.ts';
import type { Delivery, ReleasedStep } from './delivery.ts';
import type { ModelHealth } from './health.ts';
import type { ModelQueue } from './queue.ts';
import type { ModelTable } from './table.ts';
import type { Timeline } from './timeline.ts';

/** A step of a release: reads, queues and deletes up to 400 rows. Assumed, milliseconds. */
const STEP_MS = 300;
/** Until late ones are looked for (lambdas/recovery/release.ts). */
const CLOSING_MS = 2000;

interface RecoveryDeps {
  timeline: Timeline;
  health: ModelHealth;
  slow: ModelQueue<Delivery>;
  heldRows: ModelTable;
  probeMs: number;
}

/** Deliveries kept for one endpoint, oldest first. */
class Held {
  #rows: Delivery[] = [];
  #first = 0;

  get count(): number {
    return this.#rows.length - this.#first;
  }

  add(delivery: Delivery): void {
    this.#rows.push(delivery);
  }

  take(count: number): Delivery[] {
    const taken = this.#rows.slice(this.#first, this.#first + count);
    this.#first += taken.length;
    if (this.#first === this.#rows.length) {
      this.#rows = [];
      this.#first = 0;
    }
    return taken;
  }

  oldest(): Delivery | undefined {
    return this.#rows[this.#first];
  }
}

/** Keeps deliveries for endpoints that are down, probes these and releases, step by step as lambdas/domain/endpoint/release.ts says. */
export class ModelRecovery {
  readonly #deps: RecoveryDeps;
  readonly #held = new Map<string, Held>();

  constructor(deps: RecoveryDeps) {
    this.#deps = deps;
    this.#schedule();
  }

  get held(): number {
    return [...this.#held.values()].reduce((sum, { count }) => sum + count, 0);
  }

  hold({ subscription, enqueuedMs }: Delivery): void {
    this.#heldFor(subscription).add({ subscription, enqueuedMs });
  }

  /** A probe has ended its delivery, which was the oldest of those held. */
  forgetProbed(subscription: string): void {
    this.#heldFor(subscription).take(1);
  }

  /** An endpoint answered again. */
  release(subscription: string): void {
    this.#step(subscription, firstPace(undefined), undefined, 0);
  }

  #heldFor(subscription: string): Held {
    let held = this.#held.get(subscription);
    if (!held) this.#held.set(subscription, (held = new Held()));
    return held;
  }

  #schedule(): void {
    const { timeline, health, slow, probeMs } = this.#deps;
    timeline.after(probeMs, () => {
      for (const { subscription, circuit } of health.rows.values()) {
        const oldest = this.#held.get(subscription)?.oldest();
        if (circuit === 'open' && oldest) slow.send({ subscription, enqueuedMs: oldest.enqueuedMs, probe: true });
      }
      this.#schedule();
    });
  }

  #step(subscription: string, pace: ReleasePace, last: ReleasedStep | undefined, waited: number): void {
    const { timeline, health } = this.#deps;
    const seen = last && {
      ...last,
      delivered: last.settled,
      unanswered: 0,
      waiting: Math.max(last.count - last.settled - last.failed, 0),
    };
    const move = nextMove(pace, seen, waited);
    const again = (seconds: number, ...rest: [ReleasePace, ReleasedStep | undefined, number]): void =>
      timeline.after(seconds * 1000 + STEP_MS, () => this.#step(subscription, ...rest));
    if (move.do === 'stop') return health.setCircuit(subscription, 'open');
    if (move.do === 'wait') return again(move.seconds, pace, last, waited + 1);
    if (move.do === 'ease') return again(move.seconds, move.pace, undefined, 0);
    const { count, seconds, pace: next } = move;
    if (this.#heldFor(subscription).count < count) return this.#close(subscription, next.rate);
    again(seconds, next, this.#releasePart(subscription, count, next.rate), 0);
  }

  /** Lets the circuit go with the last part, and looks for late ones. */
  #close(subscription: string, perSecond: number): void {
    const { timeline, health } = this.#deps;
    health.setCircuit(subscription, 'closing');
    this.#releasePart(subscription, Infinity, perSecond);
    timeline.after(CLOSING_MS, () => {
      this.#releasePart(subscription, Infinity, Infinity);
      health.setCircuit(subscription, undefined);
    });
  }

  #releasePart(subscription: string, size: number, perSecond: number): ReleasedStep {
    const { slow, heldRows, timeline } = this.#deps;
    const part = this.#heldFor(subscription).take(size);
    const step: ReleasedStep = { count: part.length, settled: 0, failed: 0 };
    heldRows.write(subscription, part.length);
    for (const [n, delivery] of part.entries()) {
      const dueMs = timeline.nowMs + momentOf(n, perSecond);
      const send = (): void => slow.send({ ...delivery, released: true, dueMs, step });
      const seconds = Math.floor(n / perSecond);
      if (seconds === 0) send();
      else timeline.after(seconds * 1000, send);
    }
    return step;
  }
}
