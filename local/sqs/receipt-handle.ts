import { receiptHandleIsInvalid } from './errors.ts';
import type { Queue } from './queue-store.ts';

/** Which receive of which message a handle stands for. */
export interface Receipt {
  seq: number;
  receiveCount: number;
}

export function writeReceiptHandle(queue: Queue, receipt: Receipt): string {
  return Buffer.from(`sqs/${queue.id}/${receipt.seq}/${receipt.receiveCount}`).toString('base64');
}

/** @throws ReceiptHandleIsInvalid when it was not given out by this queue. */
export function readReceiptHandle(queue: Queue, handle: string): Receipt {
  const match = /^sqs\/(\d+)\/(\d+)\/(\d+)$/.exec(Buffer.from(handle, 'base64').toString());
  if (match === null || Number(match[1]) !== queue.id) throw receiptHandleIsInvalid();
  return { seq: Number(match[2]), receiveCount: Number(match[3]) };
}
