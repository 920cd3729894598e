import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, expect } from 'vitest';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import type { HeldStore } from '../../lambdas/stores/held.ts';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { deliveryBody } from '../support/delivery-body.ts';

// What the API does for deliveries that their customer fetches. No sender runs here: what it keeps is put into the table.

export let api: TestApi;
export let held: HeldStore;
export const released: (TargetKey & { run: number })[] = [];
/** One API for all tests of a file. */
export function startFeedApi(): void {
  beforeAll(async () => {
    api = await startApi({ release: async (key, run) => void released.push({ ...key, run }) });
    held = createHeldStore(api.tables.dynamoDb, api.tables.table('HeldDeliveries'));
  });
  afterAll(() => api.close());
}

export interface View {
  id: string;
  url: string;
  delivery: string;
  problem?: string;
  health: { state: string; called: boolean; held?: { count: number } };
}
export interface Feed {
  data: { id: string; headers: Record<string, string>; body?: string; redacted?: true }[];
  page: string | null;
  next: string | null;
}
export interface Refusal {
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

export const ORGANIZATION = 'org_1';
let made = 0;
export async function aFeed(change: Record<string, unknown> = {}): Promise<string> {
  const body = { organization: ORGANIZATION, delivery: 'pull', description: `feed ${(made += 1)}`, ...change };
  const answer = await api.call<View>('POST', '/v1/subscriptions', { body });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

/** An id of an event so many milliseconds ago. */
export const idOf = (age = 60_000): string => `evt_${ulid(Date.now() - age)}`;

/** What the sender keeps of an event. */
export async function keep(
  subscription: string,
  id: string,
  change: Partial<PosthornEvent> = {},
  fields: Partial<DeliveryMessage> & { heldMs?: number } = {},
): Promise<string> {
  const organization = change.organization ?? ORGANIZATION;
  const event: PosthornEvent = {
    id,
    organization,
    type: 'visit.updated',
    triggering_location: 'API',
    enqueued_ms: Date.now() - 60_000,
    data: '{"id":"7","big":9007199254740993,"text":"Grüße 👋 \\"x\\""}',
    ...change,
  };
  const { heldMs = Date.now(), ...rest } = fields;
  const message = deliveryBody(event, {
    subscription_id: subscription,
    format: 'standard',
    queued_ms: Date.now(),
    ...rest,
  });
  expect(await held.put([{ subscription, event_id: id, organization, held_ms: heldMs, message }])).toEqual([]);
  return id;
}

export const feed = async (id: string, query = '', key?: string) =>
  api.call<Feed & Refusal>('GET', `/v1/subscriptions/${id}/feed${query}`, { ...(key && { key }) });
export const ack = async (id: string, body: unknown, key?: string) =>
  api.call<{ acknowledged: number } & Refusal>('POST', `/v1/subscriptions/${id}/feed/ack`, {
    body,
    ...(key && { key }),
  });
export const idsOf = ({ body }: { body: Feed }): string[] => body.data.map(({ id }) => id);
export const linesOf = async (subscription: string): Promise<Attempt[]> =>
  (await api.deps.attempts.list({ subscription, organization: ORGANIZATION }, { limit: 100 })).items;
export const circuitOf = async (subscription: string): Promise<unknown> => {
  const Key = { subscription };
  const { Item } = await api.tables.dynamoDb.send(
    new GetCommand({ TableName: api.tables.table('EndpointHealth'), Key }),
  );
  return Item?.circuit;
};
