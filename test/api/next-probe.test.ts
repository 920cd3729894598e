import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

interface View {
  id: string;
  health: { state: string; next_probe_at?: string };
}

const OPENED = Date.UTC(2026, 0, 31, 12);
/** What `startApi` has as the time between two probes, milliseconds. */
const PROBE_MS = 60_000;
const iso = (ms: number): string => new Date(ms).toISOString();

let made = 0;
/** What the API tells of a subscription whose endpoint does so: by itself, and in the list. */
async function healthOf(health: Record<string, unknown>): Promise<View['health'][]> {
  const organization = `probed_${(made += 1)}`;
  const body = { organization, url: 'https://hooks.example.com/', events: ['visit.*'] };
  const { id } = (await api.call<View>('POST', '/v1/subscriptions', { body })).body;
  const Item = { subscription: id, organization, failures: 20, failing_since_ms: OPENED, ...health };
  await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('EndpointHealth'), Item }));
  const one = (await api.call<View>('GET', `/v1/subscriptions/${id}`)).body;
  const list = (await api.call<{ data: View[] }>('GET', `/v1/subscriptions?organization=${organization}`)).body.data;
  return [one, ...list].map((view) => view.health);
}

describe('a subscription whose endpoint is down', () => {
  it.each([
    ['was not probed yet', {}, OPENED + PROBE_MS],
    ['was probed', { probed_ms: OPENED + 300_000 }, OPENED + 300_000 + PROBE_MS],
  ])('says when it is tried again, where it %s', async (_, probed, next) => {
    const told = { state: 'down', next_probe_at: iso(next) };

    expect(await healthOf({ circuit: 'open', opened_ms: OPENED, ...probed })).toMatchObject([told, told]);
  });
});

describe('a subscription whose endpoint is not probed', () => {
  it.each([
    ['fails', {}],
    ['asked to wait', { circuit: 'throttled', opened_ms: OPENED, throttled_until_ms: OPENED + 5000 }],
    ['was down when it was switched off', { circuit: 'open', opened_ms: OPENED, deactivated_ms: OPENED + PROBE_MS }],
    ['gets what was held', { circuit: 'releasing', opened_ms: OPENED, probed_ms: OPENED, release_ms: OPENED }],
  ])('says nothing of a probe, where it %s', async (_, health) => {
    const told = (await healthOf(health)).map((one) => Object.keys(one));

    expect(told.flat()).not.toContain('next_probe_at');
  });
});
