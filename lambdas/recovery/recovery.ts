import { giveBackTroubled, type Troubled } from '../domain/delivery/trouble.ts';
import { decodeRecoveryMessage, encodeRecoveryMessage } from '../domain/messages/codec.ts';
import { nextStep } from '../domain/messages/jobs.ts';
import {
  groupOf,
  troubledSince,
  type DeactivatedJob,
  type HealJob,
  type LookJob,
  type RecoveryMessage,
} from '../domain/messages/messages.ts';
import { LONGEST_DELAY_SECONDS } from '../domain/limits.ts';
import { whileInHand, type HandedOut, type InHand } from '../domain/messages/in-hand.ts';
import { readBatch } from '../domain/messages/received.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { isOnlyPaced } from '../domain/endpoint/turns.ts';
import { heal } from './heal.ts';
import { lookAfter } from './supervise-endpoints.ts';
import { deactivatedNotice } from './notices.ts';
import type { RecoveryDeps } from './ports.ts';
import { releaseStep } from './release.ts';
import { purgeStep } from './purge.ts';
import { replayStep } from './replay.ts';
import { NotYet } from './steps.ts';
import { createTellOrganizations, tellOfDeactivation } from './tell-organizations.ts';

/** Endpoints looked after at the same time. */
const PARALLEL = 20;
/** A probe younger than this part of the interval is enough: schedules do not tick to the millisecond. */
const FRESH = 0.5;

/** Looks after every endpoint that is down. One that cannot be looked after now is looked after at the next run. */
export async function lookAfterAll(deps: RecoveryDeps, outOfTime: () => boolean): Promise<void> {
  const { circuits, logger, metrics, errorFields, settings } = deps;
  let open = 0;
  let paused = 0;
  const tellOrganization = createTellOrganizations(deps);
  for await (const rows of circuits.all()) {
    const pausedHere = rows.filter(({ circuit }) => circuit === 'paused').length;
    paused += pausedHere;
    open += rows.filter((row) => row.circuit !== undefined && !isOnlyPaced(row)).length - pausedHere;
    for (let i = 0; i < rows.length && !outOfTime(); i += PARALLEL) {
      await Promise.all(
        rows.slice(i, i + PARALLEL).map(async (row) => {
          try {
            await lookAt(row, settings.probeMs * FRESH, deps);
            await tellOrganization(row);
          } catch (error) {
            logger.error('endpoint not supervised', { subscription_id: row.subscription, ...errorFields(error) });
          }
        }),
      );
    }
  }
  metrics.count('CircuitsOpen', open);
  // Somebody's wish is no trouble, so no alarm counts it.
  metrics.count('EndpointsPaused', paused);
  if (open + paused > 0) logger.info('endpoints supervised', { open, paused });
}

async function lookAt(health: EndpointHealth, sinceProbeMs: number, deps: RecoveryDeps): Promise<void> {
  const isProbed = health.circuit !== undefined && (await lookAfter(health, sinceProbeMs, deps));
  // Behind the probe, to which it gives way.
  await heal(health, deps, isProbed);
}

/** Does what a message of the queue asks for. @throws when it must come again. */
export async function work({ job, step }: RecoveryMessage, deps: RecoveryDeps): Promise<void> {
  switch (job.kind) {
    case 'look':
      return look(job, step, deps);
    case 'heal':
      return healOne(job, deps);
    case 'release':
      return releaseStep(job, step, deps);
    case 'replay':
      return replayStep(job, step, deps);
    case 'purge':
      return purgeStep(job, step, deps);
    case 'deactivated':
      return tellDeactivated(job, deps);
  }
}

/** Looks at one endpoint; at a throttled one whose time is not over again when it is. */
async function look(job: LookJob, step: number, deps: RecoveryDeps): Promise<void> {
  const health = await deps.circuits.get(job.subscription_id);
  if (health === undefined || health.organization !== job.organization) return;
  await lookAt(health, 0, deps);
  const waitMs = health.circuit === 'throttled' ? (health.throttled_until_ms ?? 0) - deps.now() : 0;
  if (waitMs > 0) await deps.next(nextStep(job, step), Math.min(Math.ceil(waitMs / 1000), LONGEST_DELAY_SECONDS));
}

async function healOne({ organization, subscription_id }: HealJob, deps: RecoveryDeps): Promise<void> {
  const health = await deps.circuits.get(subscription_id);
  if (health?.organization === organization) await heal(health, deps);
}

/** @throws when not everybody could be told; told again, whoever was told already hears it twice. */
async function tellDeactivated(job: DeactivatedJob, deps: RecoveryDeps): Promise<void> {
  const row = await deps.subscriptions.get(job.organization, job.subscription_id);
  if (row) await tellOfDeactivation(job, row, deps);
  if (!(await deps.tell(deactivatedNotice(job, row?.url))))
    throw new Error('Not everybody could be told of a deactivation.');
}

/**
 * Works through a batch of the queue `recovery`, one after the other. Whatever makes a job fail is ours: it comes back in a
 * new message, because five receives of the old one (an hour) would make a dead letter of it.
 * @returns ids of the messages that must stay in the queue.
 */
export function workAll(messages: readonly HandedOut[], deps: RecoveryDeps): Promise<string[]> {
  return whileInHand(deps.take, messages, (inHand) => workThrough(messages, inHand, deps));
}

async function workThrough(messages: readonly HandedOut[], inHand: InHand, deps: RecoveryDeps): Promise<string[]> {
  const { works, stay } = await readBatch(messages, ({ body }) => decodeRecoveryMessage(body), {
    what: 'job',
    ...deps,
  });
  const troubled: { messageId: string; as: Troubled }[] = [];
  for (const { received, message } of works) {
    const { messageId, receiptHandle } = received;
    try {
      await work(message, deps);
    } catch (error) {
      if (error instanceof NotYet) {
        stay.push(messageId);
        await inHand.giveBack([{ receiptHandle, atMs: error.againMs }]);
        continue;
      }
      const { kind } = message.job;
      deps.logger.error('job failed', { message_id: messageId, kind, ...deps.errorFields(error) });
      troubled.push({ messageId, as: inTrouble(message) });
    }
  }
  return [...stay, ...(await giveBackTroubled(troubled, deps))];
}

function inTrouble(message: RecoveryMessage): Troubled {
  return {
    encode: (trouble_ms) => encodeRecoveryMessage(troubledSince(message, trouble_ms)),
    group: groupOf(message),
    troubleMs: message.trouble_ms,
    names: { kind: message.job.kind, group: groupOf(message), step: message.step },
  };
}
