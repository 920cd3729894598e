/**
 * A name that every working resolver knows something about, be it that it may not say: asked when another name's question has no
 * answer. What the resolver says does not matter.
 */
const KNOWN_NAME = 'amazonaws.com';

/** Codes of a question that nobody has answered: in time, or at all. Any other failure is an answer. */
const UNHEARD: readonly unknown[] = ['ETIMEOUT', 'ECONNREFUSED', 'ECANCELLED', 'EDESTRUCTION'];

/** Whether a question's failure means that no name server has answered. */
export function isUnheard(error: unknown): boolean {
  return UNHEARD.includes((error as { code?: unknown } | undefined)?.code);
}

/**
 * Tells a name server that is silent about one name, which is that name's owner's trouble, from one that answers nobody, which is
 * ours.
 */
export interface Silence {
  /** A name server has answered something. */
  heard(): void;
  /**
   * A question has had no answer for a while, or none at all: one that must have an answer is asked.
   * @param ask resolves or rejects with whatever comes of it.
   * @returns whether that was answered, once it is known.
   */
  suspect(ask: (name: string) => Promise<unknown>): Promise<boolean>;
  /** Whether, since then, a question that must have an answer was asked and nothing at all was heard. */
  isComplete(sinceMs: number): boolean;
}

/** @param now milliseconds, of the requests. */
export function createSilence(now: () => number): Silence {
  let heardMs = -Infinity;
  let suspectedMs = -Infinity;
  let asked: Promise<boolean> | undefined;
  const heard = (): void => {
    heardMs = now();
  };
  const outcomeOf = (answer: Promise<unknown>): Promise<boolean> =>
    answer.then(
      () => true,
      (error: unknown) => !isUnheard(error),
    );
  return {
    heard,
    suspect(ask) {
      suspectedMs = now();
      // One for all questions that wait at the same time.
      asked ??= outcomeOf(ask(KNOWN_NAME))
        .then((isAnswered) => {
          if (isAnswered) heard();
          return isAnswered;
        })
        .finally(() => (asked = undefined));
      return asked;
    },
    isComplete: (sinceMs) => suspectedMs >= sinceMs && heardMs < sinceMs,
  };
}
