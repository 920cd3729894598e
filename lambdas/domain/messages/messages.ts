import type { PosthornEvent } from '../event.ts';
import type { FormatName } from '../formats/names.ts';

// Every message of the pipeline: who sends it to whom, and what makes a second copy of it recognisable.
// SQS message ids are never used for that: a redrive from a dead-letter queue changes them.

/**
 * Queue `events`: ingest → fan-out, api → fan-out for a ping, and recovery → fan-out for what an organization is told of
 * its endpoints: the id of such an event is made of what it tells and when that was found out.
 * Idempotency key: `event.id`.
 */
export interface EventMessage {
  v: 1;
  event: PosthornEvent;
  /** A ping goes to this subscription alone, whatever its `events`, even if it is inactive. */
  only?: string;
  /** Since when it cannot be fanned out for a reason of ours, milliseconds; it was queued anew since. Absent: it can. */
  trouble_ms?: number;
  /** W3C trace context of the producer's request, passed on to the log lines of every stage. */
  traceparent?: string;
}

/**
 * Queues `deliveries` and `deliveries-slow`: fan-out, recovery and api (redeliver) → sender.
 * Idempotency key: `event.id` + `subscription_id`. The SQS message group is `subscription_id`.
 */
export interface DeliveryMessage {
  v: 1;
  event: PosthornEvent;
  subscription_id: string;
  /** Fixed when the event was matched, so that every attempt sends the same bytes though the subscription is edited. */
  format: FormatName;
  /**
   * When this message was handed to SQS, milliseconds. A first receive whose SentTimestamp is later than this
   * by more than a second comes from a dead-letter redrive.
   */
  queued_ms: number;
  /** This delivery may have been sent before: the sender asks the log first and skips what is delivered. */
  recheck?: true;
  /** Sent although the subscription is inactive: pings. */
  even_if_inactive?: true;
  /**
   * Asked for by a person, sent although the log says delivered: the job's id, or `redeliver`. Of an automatic replay the
   * job's id as well; it sends nothing that is delivered.
   */
  replay?: string;
  /** Looks whether an endpoint that is down answers again: sent once although its circuit is open, stays held if it fails. */
  probe?: true;
  /** One more try of a delivery that is exhausted: stays so if it fails, and is not made while the endpoint takes nothing. */
  heal?: true;
  /** The platform tries it again by itself: how many automatic replays it has taken part in, with this one. */
  automatic?: number;
  /** Was held and goes out at a rising rate: sent while its endpoint is released, held again when that goes down. */
  released?: true;
  /** One that was released goes out no sooner, milliseconds: SQS delays by whole seconds, and a second's are spread over it. */
  due_ms?: number;
  /** When this message took the place of another that was received already, milliseconds. A redrive comes much later. */
  resumed_ms?: number;
  /** Tries that were made before that: this message's receives count on from there. Absent: none. */
  tries?: number;
  /** When the first of them began, milliseconds: the waits between all of them count from there. */
  first_ms?: number;
  /** Since when it cannot be sent for a reason of ours, milliseconds. Absent: nothing of ours is in its way. */
  trouble_ms?: number;
  traceparent?: string;
}

/**
 * Queue `recovery`: sender → recovery (an endpoint answered again; it asked to wait: look then; it has something to heal), api → recovery (look at an endpoint now; a replay's
 * first page; a purge's first part), recovery → recovery (the next step or page; tell of a deactivation), subscription-guard → recovery (tell
 * of a deactivation).
 * Idempotency key: of a release `run` + `step`, of a replay `replay_id` + `step`, of a purge `purge_id` + `step`. Its row takes each step once and says
 * where the next page starts; a replay's first step waits for its row, which the api writes behind it. Looking twice does no harm, and a deactivation told twice is one to whoever compares
 * `subscription_id` and the time.
 */
export interface RecoveryMessage {
  v: 1;
  job: LookJob | HealJob | ReleaseJob | ReplayJob | PurgeJob | DeactivatedJob;
  /** Which step of the job this is, from 0. */
  step: number;
  /** Since when it fails for a reason of ours, milliseconds; it was queued anew since. Absent: it does not. */
  trouble_ms?: number;
}

/**
 * Look now, not at the next probe: a person changed the subscription of an endpoint that may be down, or the time is over
 * for which a throttled one asked.
 */
export interface LookJob {
  kind: 'look';
  organization: string;
  subscription_id: string;
}

/** An endpoint has taken something and some of its deliveries are exhausted: begins the automatic replay that was asked for. */
export interface HealJob {
  kind: 'heal';
  organization: string;
  subscription_id: string;
}

/** Tells operators and other systems that the platform has deactivated a subscription. */
export interface DeactivatedJob {
  kind: 'deactivated';
  organization: string;
  subscription_id: string;
  /** `gone`: its endpoint answered 410. `down`: its endpoint was down for too long. */
  why: 'gone' | 'down';
  /** When it answered 410; since when it has been down. Milliseconds. */
  since_ms: number;
  /** When the platform deactivated it, milliseconds. Absent: at `since_ms`, or in a job of a version before this one. */
  at_ms?: number;
}

/** Sends what was held for an endpoint that answers again. */
export interface ReleaseJob {
  kind: 'release';
  organization: string;
  subscription_id: string;
  /** When this release began, milliseconds: a release that began later replaces it. */
  run: number;
  /** How much this step may release, and what was learned about the endpoint. Absent on the first. */
  pace?: ReleasePace;
  /** What the step before released. Absent: nothing. */
  last?: ReleasedPart;
  /** A step of it has gone well. Asked of a release that began without knowing whether the endpoint answers. */
  proven?: boolean;
  /** How often this step has waited for the one before to end. */
  waited?: number;
  /** Nothing is held any more: how often late ones were looked for. */
  sweeps?: number;
}

/** How fast a release goes. */
export interface ReleasePace {
  /** Deliveries a second in the next step. */
  rate: number;
  /** What went well before it was too much: up to here the pace doubles, from here on it rises slowly. */
  known: number;
  /** Steps for which it still stays there. */
  stays: number;
  /** What the next rise beyond it adds. */
  adds: number;
}

/** A part of a subscription's deliveries that went out together. */
export interface ReleasedPart {
  /** First and last event. */
  from: string;
  to: string;
  count: number;
  /** When they were queued, milliseconds. */
  queued_ms: number;
}

/** A message that a stage moves to its dead letters itself, with the rest as attributes. */
export interface DeadLetter {
  body: string;
  /** Why, for the person who finds it: what was expected and what came. Nothing of the payload. */
  reason: string;
  /**
   * Whose fault it is. `poison`: nobody can ever process it. `platform`: ours, for a day. `customer`: its endpoint
   * refused all tries.
   */
  kind: 'poison' | 'platform' | 'customer';
}

/** One page of a replay. */
export interface ReplayJob {
  kind: 'replay';
  replay_id: string;
  /** Whose it is. Absent: of a version before this one. */
  organization?: string;
  /**
   * When the api asked for the first step, milliseconds: it writes the replay down behind that, so that none is there without a
   * message. Absent: the replay was written before.
   */
  asked_ms?: number;
}

/** A part of a purge. */
export interface PurgeJob {
  kind: 'purge';
  purge_id: string;
  organization: string;
}

/**
 * A message that replaces one that failed because of the platform. @param sinceMs since when, milliseconds; undefined:
 * for good.
 */
export function troubledSince<Message extends EventMessage | RecoveryMessage>(
  message: Message,
  sinceMs: number | undefined,
): Message {
  return { ...message, trouble_ms: sinceMs };
}

/** MessageGroupId of a job for recovery: its backlog delays no other's. Replays of one organization are one group. */
export function groupOf({ job }: RecoveryMessage): string {
  if (job.kind === 'purge') return job.purge_id;
  return job.kind === 'replay' ? (job.organization ?? job.replay_id) : job.subscription_id;
}
