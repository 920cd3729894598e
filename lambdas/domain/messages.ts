import type { PosthornEvent } from './event.ts';
import type { FormatName } from './formats/names.ts';

// Every message of the pipeline: who sends it to whom, and what makes a second copy of it recognisable.
// SQS message ids are never used for that: a redrive from a dead-letter queue changes them.

/**
 * Queue `events`: ingest → fan-out, and api → fan-out for a ping.
 * Idempotency key: `event.id`.
 */
export interface EventMessage {
  v: 1;
  event: PosthornEvent;
  /** A ping goes to this subscription alone, whatever its `events`, even if it is inactive. */
  only?: string;
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
  /** Asked for by a person: sent although the log says delivered. The job's id, or `redeliver`. */
  replay?: string;
  traceparent?: string;
}

/**
 * Queue `recovery`: api → recovery (a replay's first page), recovery → recovery (the next page; the next step of a release).
 * Idempotency key: `job` + `cursor`.
 */
export interface RecoveryMessage {
  v: 1;
  job: { kind: 'replay'; replay_id: string } | { kind: 'release'; organization: string; subscription_id: string };
  /** Where the next page starts; absent on the first. */
  cursor?: string;
  /** Which step this is, from 0; a release's rate rises with it. */
  step: number;
}
