import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import type { Replay } from '../../lambdas/domain/delivery/replay.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { Purge } from '../../lambdas/domain/purge.ts';
import { markOf, type StoredCredentials } from '../../lambdas/domain/subscription/auth.ts';
import type { Subscription } from '../../lambdas/domain/subscription/subscription.ts';
import { EVENT, LEAST_EVENT, NOW, ORGANIZATION, PURGE, SUBSCRIPTION, writeMessages } from './messages.ts';
import type { Stores } from './rows.ts';

export const OTHER = 'sub_01KGA0B7FVZ6Q2M4N8P0R2T4V7';
export const REPLAY = 'rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V6';
export const HOUR = '2026-11-29T11';
const TEXT = new Date(NOW).toISOString();
const SECRET = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

/** One endpoint for each circuit that there is, by its circuit. */
export const ENDPOINTS = {
  closed: 'sub_closed',
  open: 'sub_open',
  throttled: 'sub_throttled',
  paused: 'sub_paused',
  releasing: 'sub_releasing',
  closing: 'sub_closing',
};

export const LEAST_ATTEMPT: Attempt = {
  id: `att_01M8KJREX0000000000000000A.${LEAST_EVENT.id}.${SUBSCRIPTION}`,
  event_id: LEAST_EVENT.id,
  subscription_id: SUBSCRIPTION,
  organization: ORGANIZATION,
  type: 'ping',
  attempt: 1,
  attempted_ms: NOW - 1000,
  outcome: 'cancelled',
  url: 'https://customer.example/hooks',
  format: 'standard',
};

export const ATTEMPT: Required<Attempt> = {
  ...LEAST_ATTEMPT,
  id: `att_01M8KJREX0000000000000000B.${EVENT.id}.${SUBSCRIPTION}`,
  event_id: EVENT.id,
  account: 'clinic_7',
  type: 'visit.ended',
  resource_id: '28540',
  attempt: 4,
  outcome: 'exhausted',
  fetched_ms: NOW,
  reason: 'status 500',
  fault: 'platform',
  status: 500,
  request_headers: { 'webhook-id': EVENT.id },
  response_headers: { 'content-type': 'text/plain' },
  response_body: 'no',
  response_truncated: true,
  timings_ms: { dns: 1, connect: 2, tls: 3, first_byte: 4, total: 5 },
  request_bytes: 300,
  next_attempt_ms: NOW,
  replay: REPLAY,
  sample: true,
  automatic: 1,
  final: true,
};

const LEAST_REPLAY: Replay = {
  id: 'rpl_01KGA0B7FVZ6Q2M4N8P0R2T4V7',
  organization: ORGANIZATION,
  subscription: SUBSCRIPTION,
  since_ms: NOW - 86_400_000,
  until_ms: NOW,
  state: 'running',
  created_ms: NOW,
  rate: 50,
  estimate: 2,
  queued: 0,
  done: 0,
  failed: 0,
  step: -1,
  stepped_ms: NOW,
};

const CREDENTIALS: StoredCredentials = {
  type: 'oauth2',
  token_url: 'https://customer.example/token',
  client_id: 'posthorn',
  client_secret: 'of the vectors',
  scope: 'hooks',
  origin: 'https://customer.example',
};
const REF = 'crd_01KGA0B7FVZ6Q2M4N8P0R2T4V6';

const SUBSCRIBED: Required<Subscription> = {
  organization: ORGANIZATION,
  id: SUBSCRIPTION,
  url: 'https://customer.example/hooks',
  delivery: 'pull',
  active: true,
  paused: true,
  events: ['visit.*', 'ping'],
  format: 'envelope',
  description: 'of the vectors',
  account: 'clinic_7',
  filter: { data: { status: ['cancelled', { prefix: 'no' }] } },
  success: '200',
  signing: 'both',
  signature_header: 'Axle-Signature',
  headers: { 'x-clinic': '7' },
  auth: markOf(CREDENTIALS, REF, TEXT),
  timeout_seconds: 10,
  heal_hours: 24,
  rate_per_second: 100,
  created_at: TEXT,
  updated_at: TEXT,
  inactive_since: TEXT,
  missed_since: TEXT,
  missed_until: TEXT,
  problem: 'of the vectors',
  changed_by: 'key_1 aud_01M8KJREX0000000000000000A',
};

const PURGED: Purge = {
  id: PURGE,
  organization: ORGANIZATION,
  resource: 'e'.repeat(64),
  resource_id: '28540',
  state: 'running',
  created_ms: NOW,
  deleted: {},
  pass: 1,
  pass_began_ms: NOW,
  found: 0,
  step: -1,
  stepped_ms: NOW,
};
/** One that is done, of all of an organization. */
export const ENDED_PURGE = 'pur_01KGA0B7FVZ6Q2M4N8P0R2T4V7';

/** Puts one row of every kind into the tables, by the stores of this commit: what must be there alone, and everything. */
export async function writeRows(stores: Stores): Promise<void> {
  await writeEvents(stores);
  await writeEndpoints(stores);
  await writeOwners(stores);
  await writeJobs(stores);
  await writePurges(stores);
}

async function writeEvents({ events, attempts, held, statistics }: Stores): Promise<void> {
  await events.record(LEAST_EVENT, []);
  await events.record(EVENT, [
    { subscription: SUBSCRIPTION, format: 'envelope' },
    { subscription: OTHER, format: 'standard' },
  ]);
  await events.addMatch(ORGANIZATION, EVENT.id, { subscription: 'sub_missed', format: 'thin', replay: REPLAY });
  await attempts.append([LEAST_ATTEMPT, ATTEMPT]);
  const { body } = writeMessages().find(({ kind }) => kind === 'delivery')!;
  await held.put([
    {
      subscription: SUBSCRIPTION,
      event_id: LEAST_EVENT.id,
      organization: ORGANIZATION,
      held_ms: NOW,
      message: body,
    },
  ]);
  await statistics.add({ organization: ORGANIZATION, subscription: SUBSCRIPTION }, HOUR, 'shardId-1', [
    { sequence: '100', counts: { delivered: 2, tries: 3 }, longestMs: 1200 },
  ]);
}

async function writeEndpoints({ health, circuits, healing, told }: Stores): Promise<void> {
  const key = (subscription: string) => ({ organization: ORGANIZATION, subscription });
  const failing = { reset: false, add: 20, slow_until_ms: NOW, tally: { anew: true, tries: 20, failed: 20 } };
  for (const one of Object.values(ENDPOINTS)) await health.apply(key(one), failing, NOW);
  for (const one of [ENDPOINTS.open, ENDPOINTS.releasing, ENDPOINTS.closing])
    await health.open(key(one), { failures: 20 }, NOW);
  await circuits.claimProbe(ENDPOINTS.open, EVENT.id, NOW, NOW);
  await circuits.note(ENDPOINTS.open, 'notified_ms', NOW);
  await health.throttle(key(ENDPOINTS.throttled), NOW + 60_000, NOW);
  await health.pause(key(ENDPOINTS.paused), NOW);
  for (const one of [ENDPOINTS.releasing, ENDPOINTS.closing]) {
    const run = await circuits.beginRelease(one, NOW);
    await circuits.claimStep(one, run!, 1, NOW, { rate: 2, known: 4, stays: 0, adds: 1 });
    if (one === ENDPOINTS.closing) await circuits.closing(one, run!);
  }
  await healing.note(key(ENDPOINTS.closed), { event: EVENT.id, dueMs: NOW, untilMs: NOW + 1000 });
  await healing.askReplay(key(ENDPOINTS.closed), REPLAY, NOW, NOW);
  await health.takeTurns(key(ENDPOINTS.releasing), { count: 2, perSecond: 5, before: undefined }, NOW);
  await writeTellings({ circuits, told });
}

/** Of one that is down: told, and not yet queued, with more exhausted deliveries since. Of one that is throttled: queued. */
async function writeTellings({ circuits, told }: Pick<Stores, 'circuits' | 'told'>): Promise<void> {
  const read = async (subscription: string): Promise<EndpointHealth> => (await circuits.get(subscription))!;
  const due = { facts: { since: TEXT } };
  const told_exhausted = { at_ms: NOW, due: { facts: { count: 2 } } };
  for (const subscription of [ENDPOINTS.open, ENDPOINTS.throttled]) {
    await told.countExhausted({ organization: ORGANIZATION, subscription }, 2, NOW - 1000);
    const state = subscription === ENDPOINTS.open ? 'down' : 'throttled';
    await told.claim(await read(subscription), 'told', { state, at_ms: NOW, from_ms: NOW - 1000, due });
    await told.claim(await read(subscription), 'told_exhausted', told_exhausted);
  }
  await told.countExhausted({ organization: ORGANIZATION, subscription: ENDPOINTS.open }, 3, NOW);
  for (const name of ['told', 'told_exhausted'] as const) await told.queued(ENDPOINTS.throttled, name, NOW);
}

async function writeOwners({ subscriptions, secrets, keys, audit }: Stores): Promise<void> {
  await subscriptions.create({ organization: ORGANIZATION, id: OTHER, url: SUBSCRIBED.url });
  await subscriptions.create(SUBSCRIBED);
  await secrets.create(OTHER, ORGANIZATION, { key: SECRET, created_ms: NOW });
  const named = { ref: REF, credentials: CREDENTIALS };
  await secrets.create(SUBSCRIPTION, ORGANIZATION, { key: SECRET, created_ms: NOW }, named);
  await secrets.replace(SUBSCRIPTION, SECRET, [
    { key: SECRET.replace('MDEy', 'MTIz'), private_key: 'whsk_AAAA', created_ms: NOW },
    { key: SECRET, created_ms: NOW, expires_ms: NOW + 3_600_000 },
  ]);
  await secrets.create('sub_deleted', ORGANIZATION, { key: SECRET, created_ms: NOW });
  await secrets.delete('sub_deleted', ORGANIZATION);
  await keys.create({ id: 'key_1', hash: 'a'.repeat(64), scopes: ['events:write'], created_at: TEXT });
  await keys.create({
    id: 'key_2',
    hash: 'b'.repeat(64),
    scopes: ['organization'],
    organization: ORGANIZATION,
    description: 'of the vectors',
    created_at: TEXT,
  });
  await keys.revoke('key_2', TEXT);
  await audit.append({
    id: 'aud_01M8KJREX0000000000000000A',
    actor: 'key_1',
    actor_name: 'of the vectors',
    action: 'subscription.created',
    object_type: 'subscription',
    object_id: SUBSCRIPTION,
    organization: ORGANIZATION,
    after_sha256: 'c'.repeat(64),
    changes: { url: { new: 'https://customer.example/hooks' } },
    changed: ['url'],
  });
}

async function writeJobs({ idempotency, quotas, sessions, replays, reconciler, runs }: Stores): Promise<void> {
  await idempotency.claim('d'.repeat(64), { body_hash: 'e'.repeat(64), ids: [EVENT.id], done: false });
  await idempotency.claim('f'.repeat(64), { body_hash: 'e'.repeat(64), ids: [EVENT.id], done: false });
  await idempotency.finish('f'.repeat(64));
  await quotas.count('requests', 10, 3);
  await sessions.start('1'.repeat(64), {
    actor: 'user:1',
    rights: { scopes: ['support'] },
    ends_ms: NOW + 3_600_000,
    idle_ms: 900_000,
    by: 'cookie',
  });
  await sessions.keepLink('2'.repeat(64), {
    id: 'link_1',
    rights: { scopes: ['organization'], organization: ORGANIZATION },
    ends_ms: NOW + 3_600_000,
  });
  await replays.create(LEAST_REPLAY);
  await replays.create(
    { ...LEAST_REPLAY, id: REPLAY, account: 'clinic_7', outcomes: ['exhausted'], automatic: true, chosen: 1 },
    [`${SUBSCRIPTION} ${EVENT.id}`],
  );
  await replays.advance(REPLAY, { step: 0, nowMs: NOW, queued: 1, cursor: EVENT.id });
  await replays.count(REPLAY, { done: 1, failed: 0 });
  await reconciler.save([{ through_ms: NOW, to_ms: NOW + 1, cursor: EVENT.id }]);
  await runs.note('reconcile', { at_ms: NOW, stuck: 0 });
}

/** One of a resource that has come half the way, and one of an organization that is done. */
async function writePurges({ purges }: Stores): Promise<void> {
  const running = await purges.begin(PURGED);
  await purges.add(running, { attempts: 2, events: 1 });
  await purges.advance(running, { step: 0, nowMs: NOW, place: { at: 6, from: { subscription: SUBSCRIPTION } } });
  const { resource: _, resource_id: __, ...ofAll } = PURGED;
  const done = await purges.begin({ ...ofAll, id: ENDED_PURGE, organization: 'org_purged' });
  await purges.add(done, { keys: 1 });
  await purges.advance(done, { step: 0, nowMs: NOW });
  await purges.end(done, NOW);
}
