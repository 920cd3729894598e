import type { Attempt, Subscription } from '../../src/api/types.ts';

/** A subscription as the API shows it. */
export function aSubscription(fields: Partial<Record<keyof Subscription, unknown>> = {}): Subscription {
  return {
    organization: 'org_1',
    id: 'sub_1',
    url: 'https://customer.example/hook',
    delivery: 'push',
    active: true,
    events: ['*'],
    format: 'standard',
    success: '2xx',
    timeout_seconds: 10,
    health: { state: 'healthy', failures: 0, called: true },
    ...fields,
  } as Subscription;
}

/** A failed call as the API shows it. */
export function anAttempt(fields: Partial<Attempt> = {}): Attempt {
  return {
    id: 'att_1',
    event_id: 'evt_1',
    subscription_id: 'sub_1',
    organization: 'org_1',
    type: 'visit.ended',
    attempt: 1,
    attempted_at: '2026-01-31T09:15:00.123Z',
    outcome: 'failed',
    url: 'https://customer.example/hook?a=1&b=2',
    format: 'standard',
    ...fields,
  };
}
