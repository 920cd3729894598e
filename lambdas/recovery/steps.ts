// Jobs that go in steps, each queued by the one before: a step is written down before the next one is queued, so that of two
// copies of a step one goes on, and one that was made before sees to it that there is a next one.

/**
 * Seconds behind the pause after a step by which the next one begins, or its message is lost: for SQS to hand it out and the
 * step to be claimed. Two chains of steps do no harm but work: of two copies of a step one goes on.
 */
const LATE_SECONDS = 20;
/** The longest pause between two steps, seconds. */
export const LONGEST_PAUSE_SECONDS = 300;

/** Nothing failed: the message has to stay in the queue, and is asked again then. */
export class NotYet extends Error {
  /** Milliseconds since the epoch. */
  readonly againMs: number;

  constructor(message: string, againMs: number) {
    super(message);
    this.againMs = againMs;
  }
}

/** By when the step behind one has begun, milliseconds. @param pauseSeconds how long it may wait. */
export function nextStepMs(steppedMs: number, pauseSeconds: number): number {
  return steppedMs + (pauseSeconds + LATE_SECONDS) * 1000;
}

/**
 * Whoever made this step may die before it queues the next one, and may have had this very message: it must stay in the
 * queue until the next step is there, or the job would end here without a word.
 * @param job what it is called, as `replay rpl_…`.
 * @param againMs by when the next step has begun.
 */
export function madeAlready(job: string, step: number, againMs: number): NotYet {
  return new NotYet(
    `Step ${step} of ${job} was made a moment ago; its message stays until the next step is made.`,
    againMs,
  );
}
