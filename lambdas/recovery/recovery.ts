import { decodeRecoveryMessage } from '../domain/messages/codec.ts';
import type { DeactivatedJob, RecoveryMessage } from '../domain/messages/messages.ts';
import { lookAfter } from './supervise-endpoints.ts';
import { deactivatedNotice } from './notices.ts';
import type { RecoveryDeps } from './ports.ts';
import { releaseStep } from './release.ts';
import { replayStep } from './replay.ts';

/** Endpoints looked after at the same time. */
const PARALLEL = 20;
/** A probe younger than this part of the interval is enough: schedules do not tick to the millisecond. */
const FRESH = 0.5;

/** Looks after every endpoint that is down. One that cannot be looked after now is looked after at the next run. */
export async function lookAfterAll(deps: RecoveryDeps, outOfTime: () => boolean): Promise<void> {
  const { circuits, log, meter, errorFields, settings } = deps;
  let open = 0;
  for await (const rows of circuits.all()) {
    open += rows.length;
    for (let i = 0; i < rows.length && !outOfTime(); i += PARALLEL) {
      await Promise.all(
        rows.slice(i, i + PARALLEL).map(async (row) => {
          try {
            await lookAfter(row, settings.probeMs * FRESH, deps);
          } catch (error) {
            log.error('endpoint not looked after', { subscription: row.subscription, ...errorFields(error) });
          }
        }),
      );
    }
  }
  meter.count('CircuitsOpen', open);
  if (open > 0) log.info('endpoints looked after', { open });
}

/** Does what a message of the queue asks for. @throws when it must come again. */
export async function work({ job, step }: RecoveryMessage, deps: RecoveryDeps): Promise<void> {
  switch (job.kind) {
    case 'look': {
      const health = await deps.circuits.get(job.subscription_id);
      if (health?.circuit !== undefined && health.organization === job.organization) await lookAfter(health, 0, deps);
      return;
    }
    case 'release':
      return releaseStep(job, step, deps);
    case 'replay':
      return replayStep(job, step, deps);
    case 'deactivated':
      return tellDeactivated(job, deps);
  }
}

/** @throws when not everybody could be told; told again, whoever was told already hears it twice. */
async function tellDeactivated(job: DeactivatedJob, { subscriptions, tell }: RecoveryDeps): Promise<void> {
  const row = await subscriptions.get(job.organization, job.subscription_id);
  if (!(await tell(deactivatedNotice(job, row?.url))))
    throw new Error('Not everybody could be told of a deactivation.');
}

/** A message as Lambda hands it over. */
export interface ReceivedMessage {
  messageId: string;
  body: string;
}

/**
 * Works through a batch of the queue `recovery`, one after the other.
 * @param toDeadLetters moves messages that can never be processed; returns the indexes of those that were not taken.
 * @returns ids of the messages that must come again.
 */
export async function workAll(
  messages: readonly ReceivedMessage[],
  deps: RecoveryDeps,
  toDeadLetters: (letters: readonly { body: string; reason: string }[]) => Promise<Set<number>>,
): Promise<string[]> {
  const again: string[] = [];
  for (const { messageId, body } of messages) {
    const decoded = decodeRecoveryMessage(body);
    if (!decoded.ok) {
      deps.log.error('job cannot be processed', { message_id: messageId, reason: decoded.reason });
      if ((await toDeadLetters([{ body, reason: decoded.reason }])).size > 0) again.push(messageId);
      continue;
    }
    try {
      await work(decoded.message, deps);
    } catch (error) {
      deps.log.error('job failed', {
        message_id: messageId,
        kind: decoded.message.job.kind,
        ...deps.errorFields(error),
      });
      again.push(messageId);
    }
  }
  return again;
}
