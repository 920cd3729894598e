import { IN_HAND_SECONDS, MAX_ATTEMPTS } from '../../../lambdas/domain/limits.ts';
import type { BatchWatch } from '../../../local/event-sources/sqs-poller.ts';
import type { Faults } from '../../../local/services.ts';

/** How long what dead functions left behind waited until another worked on it. */
export interface Absence {
  /** Messages left behind whose queue had been told that they were in hand, and the longest wait of one of them, seconds. */
  left: number;
  longest: number;
  /** Messages whose function died before its queue could be told: those wait for the queue's own visibility timeout. */
  untold: number;
}

/** Is told of messages that wait for their queue's own visibility timeout, because their function died too soon. */
export type OnUntold = (body: string) => void;

/** Real time after which nobody waits any more for one that should have come back, milliseconds. */
const GIVEN_UP_MS = 60_000;

/** Watches the messages of functions that die. All times are real: the clock must stand while {@link LeftBehind.waits}. */
export class LeftBehind implements BatchWatch {
  readonly absence: Absence = { left: 0, longest: 0, untold: 0 };
  readonly #onUntold: OnUntold;
  /** Receipt handles that a queue was told of. */
  readonly #told = new Set<string>();
  /** When a message was left, by its id. */
  readonly #leftMs = new Map<string, number>();

  constructor(onUntold: OnUntold = () => undefined) {
    this.#onUntold = onUntold;
  }

  /** Notices which messages are said to be in hand; no call fails. */
  readonly listen: NonNullable<Faults['sqs']> = ({ action, input }) => {
    if (action !== 'sqs:ChangeMessageVisibility') return undefined;
    const { Entries = [] } = input as { Entries?: { ReceiptHandle: string; VisibilityTimeout: number }[] };
    for (const { ReceiptHandle, VisibilityTimeout } of Entries) {
      if (VisibilityTimeout === IN_HAND_SECONDS) this.#told.add(ReceiptHandle);
    }
    return undefined;
  };

  began: BatchWatch['began'] = (records) => {
    for (const { messageId } of records) {
      const leftMs = this.#leftMs.get(messageId);
      if (leftMs === undefined) continue;
      this.#leftMs.delete(messageId);
      this.absence.longest = Math.max(this.absence.longest, (Date.now() - leftMs) / 1000);
    }
  };

  left: BatchWatch['left'] = (records) => {
    for (const { messageId, receiptHandle, attributes, body } of records) {
      if (!this.#told.has(receiptHandle)) {
        this.absence.untold += 1;
        this.#onUntold(body);
        continue;
      }
      this.absence.left += 1;
      // At its last receive it becomes a dead letter instead.
      if (Number(attributes['ApproximateReceiveCount']) < MAX_ATTEMPTS) this.#leftMs.set(messageId, Date.now());
    }
  };

  /** Whether a message that was left has yet to come back. */
  waits(): boolean {
    const nowMs = Date.now();
    for (const [messageId, leftMs] of this.#leftMs) {
      if (nowMs - leftMs < GIVEN_UP_MS) continue;
      this.#leftMs.delete(messageId);
      this.absence.longest = Math.max(this.absence.longest, (nowMs - leftMs) / 1000);
    }
    return this.#leftMs.size > 0;
  }
}
