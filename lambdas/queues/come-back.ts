import { comesBackIn, type ComeBack } from '../domain/delivery/trouble.ts';
import type { DeadLetter } from '../domain/messages/messages.ts';
import type { Logger } from '../domain/telemetry.ts';
import type { QueueEntry } from './send.ts';

export interface ComeBackDeps {
  /** The queue that they came from. */
  send: (entries: readonly QueueEntry[]) => Promise<Set<number>>;
  toDeadLetters: (letters: readonly DeadLetter[]) => Promise<Set<number>>;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** From 0 up to 1: jitter. */
  random: () => number;
}

const REASON = "given up after a day, for a reason of the platform's own; the log of its stage says which";

/**
 * Replaces messages that failed because of the platform by new ones that come back later, so that no receives are used
 * up (the redrive policy gives up a message after too many). After a day of trouble they become dead letters marked
 * `platform`. Never rejects.
 */
export function createComeBack({ send, toDeadLetters, logger, now, random }: ComeBackDeps): ComeBack {
  return async (troubled) => {
    const nowMs = now();
    const entries: { index: number; entry: QueueEntry }[] = [];
    const letters: { index: number; letter: DeadLetter }[] = [];
    for (const [index, { encode, group, troubleMs = nowMs, names }] of troubled.entries()) {
      const delaySeconds = comesBackIn(nowMs - troubleMs, random());
      if (delaySeconds !== undefined) {
        entries.push({ index, entry: { body: encode(troubleMs), group, delaySeconds } });
        continue;
      }
      logger.error('given up after a day of trouble', names);
      letters.push({ index, letter: { body: encode(undefined), reason: REASON, kind: 'platform' } });
    }
    const [notSent, notBuried] = await Promise.all([
      entries.length > 0 ? send(entries.map(({ entry }) => entry)) : new Set<number>(),
      letters.length > 0 ? toDeadLetters(letters.map(({ letter }) => letter)) : new Set<number>(),
    ]);
    const stay = [
      ...entries.filter((_, position) => notSent.has(position)),
      ...letters.filter((_, position) => notBuried.has(position)),
    ];
    return { stay: new Set(stay.map(({ index }) => index)), buried: letters.length - notBuried.size };
  };
}
