import type {
  DeactivatedJob,
  HealJob,
  LookJob,
  PurgeJob,
  RecoveryMessage,
  ReleaseJob,
  ReleasePace,
  ReplayJob,
} from './messages.ts';

/** An endpoint, as stores name it. */
interface Endpoint {
  organization: string;
  subscription: string;
}

/** Jobs that go in steps, or are asked again. The others are done in one. */
type SteppedJob = LookJob | ReleaseJob | ReplayJob | PurgeJob;

/** A job's first message. */
export function firstStep(job: RecoveryMessage['job']): RecoveryMessage {
  return { v: 1, job, step: 0 };
}

/** The message behind a step. @param step the one that was made. */
export function nextStep(job: SteppedJob, step: number): RecoveryMessage {
  return { v: 1, job, step: step + 1 };
}

export function lookJob({ organization, subscription }: Endpoint): LookJob {
  return { kind: 'look', organization, subscription_id: subscription };
}

export function healJob({ organization, subscription }: Endpoint): HealJob {
  return { kind: 'heal', organization, subscription_id: subscription };
}

/** @param run when the release began, milliseconds. @param pace how much its first step may release. */
export function releaseJob({ organization, subscription }: Endpoint, run: number, pace?: ReleasePace): ReleaseJob {
  return { kind: 'release', organization, subscription_id: subscription, run, ...(pace && { pace }) };
}

/** @param askedMs when it was asked for, where it is written down behind that, milliseconds. */
export function replayJob(id: string, organization: string, askedMs?: number): ReplayJob {
  return { kind: 'replay', replay_id: id, organization, ...(askedMs !== undefined && { asked_ms: askedMs }) };
}

export function purgeJob(id: string, organization: string): PurgeJob {
  return { kind: 'purge', purge_id: id, organization };
}

/** A subscription's endpoint answered 410. @param atMs when, milliseconds. */
export function goneJob({ organization, subscription }: Endpoint, atMs: number): DeactivatedJob {
  return { kind: 'deactivated', organization, subscription_id: subscription, why: 'gone', since_ms: atMs };
}

/** A subscription's endpoint was down for too long. @param at since when, and when it was deactivated, milliseconds. */
export function downJob(
  { organization, subscription }: Endpoint,
  { sinceMs, atMs }: { sinceMs: number; atMs: number },
): DeactivatedJob {
  return {
    kind: 'deactivated',
    organization,
    subscription_id: subscription,
    why: 'down',
    since_ms: sinceMs,
    at_ms: atMs,
  };
}
