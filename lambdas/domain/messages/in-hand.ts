import { IN_HAND_SECONDS } from '../limits.ts';
import type { ReceivedMessage } from './received.ts';

/** A message as SQS handed it out to be worked on. */
export interface HandedOut extends ReceivedMessage {
  receiptHandle: string;
  attributes: { ApproximateReceiveCount: string; ApproximateFirstReceiveTimestamp: string };
}

/** The messages of a batch while a function works on them. Nothing here rejects. */
export interface InHand {
  /** Gives messages back for good: they come again at that time, milliseconds since the epoch. */
  giveBack(changes: readonly { receiptHandle: string; atMs: number }[]): Promise<void>;
  /**
   * The batch has ended.
   * @param stay ids of messages that were neither done nor given back: they come again when the queue's own visibility
   *   timeout is over, because whatever kept them from being done may last.
   */
  end(stay?: readonly string[]): Promise<void>;
}

/**
 * Takes a batch in hand: its messages stay invisible for {@link IN_HAND_SECONDS}, and for as long again and again while the
 * function lives. So what a function had in hand that died is worked on again within that time, whatever the queue's own
 * visibility timeout is, which has to outlast six runs.
 */
export type TakeInHand = (messages: readonly HandedOut[]) => InHand;

/**
 * Keeps messages invisible to others while they are processed. @param work @returns ids of those that stay in the
 * queue.
 */
export async function whileInHand(
  take: TakeInHand,
  messages: readonly HandedOut[],
  work: (inHand: InHand) => Promise<string[]>,
): Promise<string[]> {
  const inHand = take(messages);
  let stay: string[] = [];
  try {
    return (stay = await work(inHand));
  } finally {
    await inHand.end(stay);
  }
}

/**
 * Received for the third time or more, so soon that the two times before can only have been deaths: something kills
 * functions. Such a message is left to the queue's own timeout, so that its receives, after which it is a dead letter, outlast
 * a bad deployment and not only a minute of it. The third attempt of a delivery begins 56 s after the first at the earliest.
 */
export function isDyingHere({ attributes }: HandedOut, nowMs: number): boolean {
  const sinceMs = nowMs - Number(attributes.ApproximateFirstReceiveTimestamp);
  return Number(attributes.ApproximateReceiveCount) > 2 && sinceMs < 2.5 * IN_HAND_SECONDS * 1000;
}
