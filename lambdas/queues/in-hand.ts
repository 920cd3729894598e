import type { SQSClient } from '#aws-sdk/client-sqs';
import { IN_HAND_SECONDS, VISIBILITY_TIMES } from '../domain/limits.ts';
import { isDyingHere, type InHand, type TakeInHand } from '../domain/messages/in-hand.ts';
import type { Logger, Metrics } from '../domain/telemetry.ts';
import { after } from '../runtime/after.ts';
import { changeVisibility, type VisibilityChange } from './visibility.ts';

export interface InHandDeps {
  /** @returns receipt handles of those that SQS did not change. Never rejects. */
  changeVisibility: (changes: readonly VisibilityChange[]) => Promise<ReadonlySet<string>>;
  /** The queue's own visibility timeout, seconds. */
  ownSeconds: number;
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Calls back once, so many milliseconds later. @returns takes the call back. */
  after: (ms: number, happen: () => void) => () => void;
}

/**
 * Between two calls that prolong the time, milliseconds: most batches have ended by then and make one call, and a stall of the
 * event loop, or a call that SQS does not answer, has 12 s to pass.
 */
const BEAT_MS = 8000;
/** The same after one that failed: six more before the time is over. */
const NEXT_TRY_MS = 2000;

/** For a queue of AWS. @param timeoutSeconds of the function that it feeds. */
export function takeInHandOf(
  sqs: SQSClient,
  queueUrl: string,
  timeoutSeconds: number,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): TakeInHand {
  return createTakeInHand({
    changeVisibility: (changes) => changeVisibility(sqs, queueUrl, changes, logger),
    ownSeconds: VISIBILITY_TIMES * timeoutSeconds,
    logger,
    metrics,
    now: Date.now,
    after,
  });
}

/** See {@link TakeInHand}. */
export function createTakeInHand(deps: InHandDeps): TakeInHand {
  return (messages) => {
    const nowMs = deps.now();
    const taken = messages.filter((message) => !isDyingHere(message, nowMs));
    return new Batch(new Map(taken.map(({ messageId, receiptHandle }) => [receiptHandle, messageId])), deps);
  };
}

class Batch implements InHand {
  readonly #deps: InHandDeps;
  /** Message ids by receipt handle. */
  readonly #kept: Map<string, string>;
  /** Until when SQS has promised to hand it to nobody else, by receipt handle; absent: it was never told. */
  readonly #untilMs = new Map<string, number>();
  /** The call under way. */
  #call: Promise<void>;
  #stopTimer: (() => void) | undefined;
  #hasEnded = false;

  constructor(kept: Map<string, string>, deps: InHandDeps) {
    this.#kept = kept;
    this.#deps = deps;
    this.#call = this.#prolong();
  }

  async giveBack(changes: readonly { receiptHandle: string; atMs: number }[]): Promise<void> {
    for (const { receiptHandle } of changes) this.#kept.delete(receiptHandle);
    // Two calls about one message may reach SQS in any order, and the last one counts.
    await this.#call;
    const nowMs = this.#deps.now();
    await this.#deps.changeVisibility(
      changes.map(({ receiptHandle, atMs }) => ({
        receiptHandle,
        seconds: Math.max(Math.ceil((atMs - nowMs) / 1000), 0),
      })),
    );
  }

  async end(stay: readonly string[] = []): Promise<void> {
    this.#hasEnded = true;
    this.#stopTimer?.();
    await this.#call;
    const ids = new Set(stay);
    const told = [...this.#kept].filter(([handle, id]) => ids.has(id) && this.#untilMs.has(handle));
    this.#kept.clear();
    if (told.length === 0) return;
    await this.#deps.changeVisibility(
      told.map(([receiptHandle]) => ({ receiptHandle, seconds: this.#deps.ownSeconds })),
    );
  }

  async #prolong(): Promise<void> {
    if (this.#kept.size === 0) return;
    const untilMs = this.#deps.now() + IN_HAND_SECONDS * 1000;
    const handles = [...this.#kept.keys()];
    const refused = await this.#deps.changeVisibility(
      handles.map((receiptHandle) => ({ receiptHandle, seconds: IN_HAND_SECONDS })),
    );
    for (const handle of handles) if (!refused.has(handle)) this.#untilMs.set(handle, untilMs);
    this.#giveUp(refused);
    if (this.#hasEnded) return;
    this.#stopTimer = this.#deps.after(refused.size > 0 ? NEXT_TRY_MS : BEAT_MS, () => {
      this.#call = this.#prolong();
    });
  }

  /**
   * Somebody else may have these by now: who works on them goes on, because no request can be called back, but no further
   * call takes them away from the other.
   */
  #giveUp(refused: ReadonlySet<string>): void {
    const nowMs = this.#deps.now();
    const lost = [...refused].filter(
      (handle) => this.#kept.has(handle) && (this.#untilMs.get(handle) ?? Infinity) <= nowMs,
    );
    if (lost.length === 0) return;
    for (const handle of lost) this.#kept.delete(handle);
    this.#deps.logger.error('messages in hand may be processed twice: their visibility timeout could not be extended', {
      count: lost.length,
    });
    this.#deps.metrics.count('MessagesSlippedAway', lost.length);
  }
}
