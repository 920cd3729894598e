import type { HandedOut, InHand, TakeInHand } from '../../lambdas/domain/messages/in-hand.ts';

/** A message as SQS hands it out for the first time, just now. */
export function handedOut(message: { messageId: string; body: string }): HandedOut {
  const attributes = { ApproximateReceiveCount: '1', ApproximateFirstReceiveTimestamp: String(Date.now()) };
  return { receiptHandle: `receipt-${message.messageId}`, attributes, ...message };
}

/** Takes messages in hand without a queue. @param parts what is done otherwise than not at all. */
export const takeInHand =
  (parts: Partial<InHand> = {}): TakeInHand =>
  () => ({ giveBack: async () => undefined, end: async () => undefined, ...parts });
