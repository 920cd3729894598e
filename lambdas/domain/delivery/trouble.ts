import type { LogFields, Metrics } from '../telemetry.ts';

// What fails for a reason of ours (an unreadable table or key, a policy, a missing secret, a crash) is no try of the
// customer's. It comes back later in a new message, because each receive of the old one uses up one of its tries.

/** Seconds before each return: 30 s, then 1, 2, 5, 10, 10 … minutes. SQS delays a message by 15 minutes at most. */
const WAITS = [30, 60, 120, 300, 600] as const;
/** Up to 20 % on top: what failed together does not come back together. */
const JITTER = 0.2;
/** Trouble that lasts this long, in milliseconds, makes a dead letter: then a person has to look. */
export const GIVEN_UP_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Seconds until a message in trouble is processed again.
 * @param lastedMs how long its trouble has lasted.
 * @param random from 0 up to 1.
 * @returns undefined: it has lasted for a day, and is given up.
 */
export function comesBackIn(lastedMs: number, random: number): number | undefined {
  if (lastedMs >= GIVEN_UP_AFTER_MS) return undefined;
  let waitedMs = 0;
  for (const wait of WAITS) {
    waitedMs += wait * 1000;
    if (lastedMs < waitedMs) return withJitter(wait, random);
  }
  return withJitter(WAITS.at(-1)!, random);
}

function withJitter(seconds: number, random: number): number {
  return Math.round(seconds * (1 + JITTER * random));
}

/** A message of a queue that could not be worked on for a reason of ours. */
export interface Troubled {
  /** Its body anew. @param troubleMs since when it is in trouble, milliseconds; undefined: as if it had never been. */
  encode: (troubleMs: number | undefined) => string;
  /** MessageGroupId. */
  group: string;
  /** Since when, as the message says; undefined: not before now. */
  troubleMs: number | undefined;
  /** Ids for the log. */
  names: LogFields;
}

/**
 * Has such messages come back later. Never rejects.
 * @returns indexes of those that SQS did not take, whose messages must stay; and how many were given up.
 */
export type ComeBack = (troubled: readonly Troubled[]) => Promise<{ stay: Set<number>; buried: number }>;

/**
 * Makes the messages that a stage could not process come back, and counts them for its alarm.
 * @returns ids of the messages that must stay in the queue.
 */
export async function giveBackTroubled(
  troubled: readonly { messageId: string; as: Troubled }[],
  { comeBack, metrics }: { comeBack: ComeBack; metrics: Metrics },
): Promise<string[]> {
  if (troubled.length === 0) return [];
  metrics.count('PlatformFailures', troubled.length);
  const { stay, buried } = await comeBack(troubled.map(({ as }) => as));
  if (buried > 0) metrics.count('PlatformDeadLetters', buried);
  return troubled.filter((_, index) => stay.has(index)).map(({ messageId }) => messageId);
}
