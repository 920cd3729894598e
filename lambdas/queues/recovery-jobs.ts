import { LONGEST_DELAY_SECONDS } from '../domain/limits.ts';
import { encodeRecoveryMessage } from '../domain/messages/codec.ts';
import { firstStep, healJob, lookJob, releaseJob } from '../domain/messages/jobs.ts';
import { groupOf, type RecoveryMessage } from '../domain/messages/messages.ts';
import type { Queue } from './send.ts';

/**
 * Gives recovery a new job: its first step. @param delaySeconds delay of the message; SQS allows at most 900, and a job
 * that comes early queues itself again.
 * @returns false when SQS did not take it.
 */
export async function sendRecoveryJob(queue: Queue, job: RecoveryMessage['job'], delaySeconds = 0): Promise<boolean> {
  const message = firstStep(job);
  const entry = { body: encodeRecoveryMessage(message), group: groupOf(message) };
  const refused = await queue.send([{ ...entry, delaySeconds: Math.min(delaySeconds, LONGEST_DELAY_SECONDS) }]);
  return refused.size === 0;
}

type Endpoint = Parameters<typeof lookJob>[0];

/** What a sender asks recovery for; what SQS does not take, recovery finds by itself within a minute. */
export function createAskRecovery(queue: Queue): {
  release(...of: Parameters<typeof releaseJob>): Promise<void>;
  look(endpoint: Endpoint, delaySeconds: number): Promise<void>;
  heal(endpoint: Endpoint): Promise<void>;
} {
  return {
    async release(...of) {
      await sendRecoveryJob(queue, releaseJob(...of));
    },
    async look(endpoint, delaySeconds) {
      await sendRecoveryJob(queue, lookJob(endpoint), delaySeconds);
    },
    async heal(endpoint) {
      await sendRecoveryJob(queue, healJob(endpoint));
    },
  };
}
