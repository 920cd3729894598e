import { encodeRecoveryMessage } from '../domain/messages/codec.ts';
import type { RecoveryMessage } from '../domain/messages/messages.ts';
import type { Queue } from './send.ts';

/**
 * Hands recovery a new job: its first step.
 * @param group what the job is about; its backlog delays no other's.
 * @param delaySeconds in so many seconds; SQS delays nothing for longer than 900, and a job that comes early asks again.
 * @returns false when SQS did not take it.
 */
export async function sendRecoveryJob(
  queue: Queue,
  job: RecoveryMessage['job'],
  group: string,
  delaySeconds = 0,
): Promise<boolean> {
  const entry = { body: encodeRecoveryMessage({ v: 1, job, step: 0 }), group };
  return (
    (await queue.send([delaySeconds > 0 ? { ...entry, delaySeconds: Math.min(delaySeconds, 900) } : entry])).size === 0
  );
}
