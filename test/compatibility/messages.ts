import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import {
  decodeDeliveryMessage,
  decodeEventMessage,
  decodeRecoveryMessage,
  encodeEventMessage,
  encodeRecoveryMessage,
  type Decoded,
} from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage, EventMessage, RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { deliveryBody } from '../support/delivery-body.ts';

export const NOW = Date.UTC(2026, 10, 29, 12);
export const ORGANIZATION = 'org_8f2a91';
export const SUBSCRIPTION = 'sub_01KGA0B7FVZ6Q2M4N8P0R2T4V6';
export const PURGE = 'pur_01KGA0B7FVZ6Q2M4N8P0R2T4V6';

/** An event with what it must have alone. */
export const LEAST_EVENT: PosthornEvent = {
  id: 'evt_01M8KJREX0000000000000000A',
  organization: ORGANIZATION,
  type: 'ping',
  triggering_location: 'API',
  enqueued_ms: NOW - 60_000,
};

/** An event with everything that it may have but being a sample: then it is kept by nobody. */
export const EVENT: Required<Omit<PosthornEvent, 'sample'>> = {
  ...LEAST_EVENT,
  id: 'evt_01M8KJREX0000000000000000B',
  account: 'clinic_7',
  type: 'visit.ended',
  resource_id: '28540',
  data: '{"id":"28540","status":"cancelled","big":9007199254740993,"name":"Zoë"}',
};

/** A message as it lies in a queue. */
export interface WrittenMessage {
  queue: 'events' | 'deliveries' | 'recovery';
  /** Which kind of message of that queue: those of one kind are read by the same rules. */
  kind: string;
  body: string;
}

const LEAST_DELIVERY = { subscription_id: SUBSCRIPTION, format: 'standard', queued_ms: NOW } as const;
const DELIVERY: Required<Omit<DeliveryMessage, 'v' | 'event'>> = {
  ...LEAST_DELIVERY,
  recheck: true,
  even_if_inactive: true,
  replay: 'rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6',
  probe: true,
  heal: true,
  automatic: 2,
  released: true,
  due_ms: NOW + 1000,
  resumed_ms: NOW,
  tries: 2,
  first_ms: NOW - 1000,
  trouble_ms: NOW - 1000,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

const owner = { organization: ORGANIZATION, subscription_id: SUBSCRIPTION };
type Job = RecoveryMessage['job'];
/** Of every kind one with what it must have alone, and one with everything: none can be forgotten, nor a member of any. */
const JOBS_BY_KIND: { [Kind in Job['kind']]: [Extract<Job, { kind: Kind }>, Required<Extract<Job, { kind: Kind }>>] } =
  {
    look: [
      { kind: 'look', ...owner },
      { kind: 'look', ...owner },
    ],
    heal: [
      { kind: 'heal', ...owner },
      { kind: 'heal', ...owner },
    ],
    release: [
      { kind: 'release', ...owner, run: NOW },
      {
        kind: 'release',
        ...owner,
        run: NOW,
        pace: { rate: 4, known: 8, stays: 1, adds: 2 },
        last: { from: EVENT.id, to: EVENT.id, count: 1, queued_ms: NOW },
        proven: true,
        waited: 1,
        sweeps: 1,
      },
    ],
    replay: [
      { kind: 'replay', replay_id: DELIVERY.replay },
      { kind: 'replay', replay_id: DELIVERY.replay, organization: ORGANIZATION, asked_ms: NOW },
    ],
    purge: [
      { kind: 'purge', purge_id: PURGE, organization: ORGANIZATION },
      { kind: 'purge', purge_id: PURGE, organization: ORGANIZATION },
    ],
    deactivated: [
      { kind: 'deactivated', ...owner, why: 'gone', since_ms: NOW },
      { kind: 'deactivated', ...owner, why: 'down', since_ms: NOW - 1000, at_ms: NOW },
    ],
  };
const JOBS: Job[] = Object.values(JOBS_BY_KIND).flat();

/** What the producers of this commit put into the queues: each kind with what it must have alone, and with everything. */
export function writeMessages(): WrittenMessage[] {
  const { traceparent } = DELIVERY;
  const message: Required<EventMessage> = { v: 1, event: EVENT, only: SUBSCRIPTION, trouble_ms: NOW, traceparent };
  return [
    ...[encodeEventMessage({ v: 1, event: LEAST_EVENT }), encodeEventMessage(message)].map((body) => ({
      queue: 'events' as const,
      kind: 'event',
      body,
    })),
    ...[deliveryBody(LEAST_EVENT, LEAST_DELIVERY), deliveryBody({ ...EVENT, sample: true }, DELIVERY)].map((body) => ({
      queue: 'deliveries' as const,
      kind: 'delivery',
      body,
    })),
    ...JOBS.map((job) => ({
      queue: 'recovery' as const,
      kind: job.kind,
      body: encodeRecoveryMessage({ v: 1, job, step: 3, trouble_ms: NOW }),
    })),
    ...JOBS.map((job) => ({
      queue: 'recovery' as const,
      kind: job.kind,
      body: encodeRecoveryMessage({ v: 1, job, step: 0 }),
    })),
  ];
}

const READERS: Record<WrittenMessage['queue'], (body: string) => Decoded<unknown>> = {
  events: decodeEventMessage,
  deliveries: decodeDeliveryMessage,
  recovery: decodeRecoveryMessage,
};

/** What the consumers of this commit make of a message. */
export function readMessage({ queue, body }: WrittenMessage): Decoded<unknown> {
  return READERS[queue](body);
}
