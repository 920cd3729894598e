import type { Lane } from '../../lambdas/sender/ports.ts';
import type { Chance } from './random.ts';
import type { Timeline } from './timeline.ts';

/** How often what goes wrong; probabilities for each call. */
export interface Trouble {
  /** The process dies before or after the call took effect. */
  crash: number;
  /** The call fails without effect: throttled, refused. */
  refused: number;
  /** The call took effect, but the caller is told it failed: a timeout. */
  lostAnswer: number;
  /** A write of the delivery log fails. */
  log: number;
  /** A message is received a second time although its first receiver still has it. */
  duplicate: number;
}

/** Calls to AWS take up to 30 ms, and one of 25 up to 3 s: much can happen meanwhile. */
const SLOW_CALLS = 0.04;
export const LONGEST_CALL_MS = 3000;

/** Made once: a million of them would cost more than what fails. */
const REFUSED = new Error('refused');
const ANSWER_LOST = new Error('answer lost');

/** A Lambda execution environment: runs one invocation after the other, until it dies. */
export class Container {
  dead = false;
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly trouble: Trouble;
  readonly #slowCalls: number;
  /** The lane of a sender. */
  lane?: Lane;

  /** @param slowCalls the part of calls that take long. */
  constructor(timeline: Timeline, chance: Chance, trouble: Trouble, slowCalls = SLOW_CALLS) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.trouble = trouble;
    this.#slowCalls = slowCalls;
  }

  /**
   * A call to AWS. Its promise never settles once the process is dead.
   * @throws Error when the call fails or its answer is lost.
   */
  call<T>(effect: () => T): Promise<T> {
    const chance = this.#chance;
    return new Promise<T>((resolve, reject) => {
      this.#timeline.after(chance.between(1, chance.happens(this.#slowCalls) ? LONGEST_CALL_MS : 30), () => {
        if (this.dead) return false;
        const { crash, refused, lostAnswer } = this.trouble;
        const roll = chance.next();
        if (roll < crash / 2) return this.die();
        if (roll < crash / 2 + refused) return reject(REFUSED);
        let value: T;
        try {
          value = effect();
        } catch (error) {
          return reject(error instanceof Error ? error : new Error(String(error)));
        }
        if (roll > 1 - crash / 2) return this.die();
        if (roll > 1 - crash / 2 - lostAnswer) return reject(ANSWER_LOST);
        resolve(value);
      });
    });
  }

  /** Whether something of this probability happens to this container now. */
  happens(probability: number): boolean {
    return this.#chance.happens(probability);
  }

  die(): void {
    this.dead = true;
  }
}
