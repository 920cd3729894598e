import { encodeRecoveryMessage } from '../domain/messages/codec.ts';
import type { RecoveryMessage } from '../domain/messages/messages.ts';
import type { Queue } from './send.ts';

/**
 * Hands recovery a new job: its first step, at once.
 * @param group what the job is about; its backlog delays no other's.
 * @returns false when SQS did not take it.
 */
export async function sendRecoveryJob(queue: Queue, job: RecoveryMessage['job'], group: string): Promise<boolean> {
  return (await queue.send([{ body: encodeRecoveryMessage({ v: 1, job, step: 0 }), group }])).size === 0;
}
