import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { ulidMs, ulidOf } from '../../lambdas/domain/ulid-time.ts';

/** Customers' servers in a benchmark are names below this one (RFC 2606). */
export const RECEIVERS_DOMAIN = 'receivers.example';

/** URL of the endpoint of a subscription `sub_<n>`. */
export function receiverUrl(subscription: string, port: string): string {
  return `https://c${subscription.slice('sub_'.length)}.${RECEIVERS_DOMAIN}:${port}/webhooks/posthorn`;
}

/** What a producer sends with a visit, about 1 KB; made up. */
export const VISIT = {
  id: 'vis_7f3a9c2e',
  status: 'completed',
  type: 'follow_up',
  patient: { id: 'pat_1029', first_name: 'Ada', last_name: 'Example', birth_date: '1990-04-12', language: 'en' },
  provider: { id: 'pro_77', name: 'Dr. Jo Sample', npi: '1234567890', specialty: 'internal_medicine' },
  location: { id: 'loc_4', name: 'Clinic North', timezone: 'America/New_York', room: '12B' },
  scheduled_start: '2026-11-21T09:15:00.000Z',
  scheduled_end: '2026-11-21T09:45:00.000Z',
  started_at: '2026-11-21T09:17:12.480Z',
  ended_at: '2026-11-21T09:43:58.112Z',
  reason: 'Blood pressure control, three months after the change of medication',
  notes: [
    { id: 'not_1', kind: 'triage', author: 'nur_12', signed: true, created_at: '2026-11-21T09:12:00.000Z' },
    { id: 'not_2', kind: 'progress', author: 'pro_77', signed: true, created_at: '2026-11-21T09:50:31.000Z' },
  ],
  tags: ['telehealth', 'returning', 'insured'],
  updated_at: '2026-11-21T09:50:31.000Z',
};

/** When samples were made. */
const MADE_MS = ulidMs('01KAHQ5R3Z');

/** A ULID of 2026 with a number in it; a greater number makes a greater ULID. */
export function ulid(n: number): string {
  return ulidOf(MADE_MS, BigInt(n));
}

/** An accepted event. */
export function sampleEvent(n: number, organization = 'org_bench'): PosthornEvent {
  return {
    id: `evt_${ulid(n)}`,
    organization,
    account: 'acc_1',
    type: 'visit.ended',
    triggering_location: 'CLINICIAN_APP',
    resource_id: VISIT.id,
    enqueued_ms: Date.now(),
    data: JSON.stringify(VISIT),
  };
}

/** What a producer posts. */
export const POSTED = JSON.stringify({
  organization: 'org_bench',
  account: 'acc_1',
  type: 'visit.ended',
  triggering_location: 'CLINICIAN_APP',
  resource_id: VISIT.id,
  data: VISIT,
});
