import { strict as assert } from 'node:assert';
import type { TenantRequest } from '../support/tenants.ts';
import { foreignRequests } from './foreign.ts';
import { ghost, World, type Organization } from './world.ts';

/** Who does it, whose things are meant, and two numbers that choose which. */
export interface Choice {
  caller: number;
  target: number;
  pick: number;
  variant: number;
}

interface Situation {
  world: World;
  caller: Organization;
  target: Organization;
  pick: number;
  variant: number;
}

const one = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];
/** Later than any event. */
const FAR = '2999-01-01';
/** URLs that every organization uses: the same address is no secret between them. */
const URLS = Array.from({ length: 6 }, (_, n) => `https://hooks.example.com/${n}`);
const LISTS = ['/v1/subscriptions', '/v1/events', '/v1/attempts', '/v1/replays', '/v1/organizations', '/v1/deliveries'];

/** A subscription of the target, living or deleted, or of nobody. */
function chosen({ target, pick }: Situation): string {
  return one([...target.ids.subscription, ghost('subscription')], pick)!;
}

/**
 * Asks for one subscription of whoever: granted exactly when it is the caller's own and lives, else told nothing.
 * @returns the parsed answer when granted.
 */
async function onSubscription(
  situation: Situation,
  requestOf: (id: string) => TenantRequest,
  made?: (body: Record<string, unknown>) => void,
): Promise<{ id: string; body: Record<string, unknown> } | undefined> {
  const { world, caller } = situation;
  const id = chosen(situation);
  if (!caller.subscriptions.has(id)) {
    await world.same(caller, requestOf(id), requestOf(ghost('subscription')));
    return undefined;
  }
  const { status, text } = await world.ask(caller, requestOf(id), made);
  assert.ok(status < 300, `${requestOf(id).path} is ${caller.name}'s own, and was answered with ${status}`);
  return { id, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

/** Things that callers do, by name. Each knows from the model what must come of it. */
export const ACTIONS: Record<string, (situation: Situation) => Promise<void>> = {
  async subscribe({ world, caller, pick, variant }) {
    const url = one(URLS, pick)!;
    const description = variant % 2 ? world.markOf(caller) : undefined;
    const install = variant % 3 === 0;
    const path = install ? '/webhook-events' : '/v1/subscriptions';
    const body = install ? { organization: caller.organization, active: true, url } : { url, description };
    // Both have pattern `*`, but `/webhook-events` has a format of its own: no duplicate of the other.
    const name = `${install ? 'envelope' : 'standard'} ${url}`;
    const twin = [...caller.subscriptions.values()].some((known) => known.url === name);
    const answer = await world.ask(caller, { method: 'POST', path, body }, ({ id }) => {
      world.own(caller, 'subscription', String(id));
      caller.subscriptions.set(String(id), { url: name, description: install ? undefined : description });
    });
    assert.equal(answer.status, twin ? 409 : 201);
  },

  async subscribeForOther({ world, caller, target, pick }) {
    const request = (organization: string): TenantRequest => ({
      method: 'POST',
      path: '/v1/subscriptions',
      body: { organization, url: one(URLS, pick) },
    });
    if (!World.areKin(target, caller)) {
      await world.same(caller, request(target.organization), request('nobody'));
    } else if (target !== caller) {
      const ofAccount = (account: string) => ({
        ...request(caller.organization),
        body: { account, url: one(URLS, pick) },
      });
      assert.equal((await world.same(caller, ofAccount(target.account!), ofAccount('nobody'))).status, 403);
    }
  },

  async show(situation) {
    const shown = await onSubscription(situation, (id) => ({ method: 'GET', path: `/v1/subscriptions/${id}` }));
    if (shown) assert.equal(shown.body.description, situation.caller.subscriptions.get(shown.id)?.description);
  },

  async change(situation) {
    const { world, caller, variant } = situation;
    const description = `${world.markOf(caller)} ${variant % 100}`;
    const request = (id: string) => ({ method: 'PATCH', path: `/v1/subscriptions/${id}`, body: { description } });
    const changed = await onSubscription(situation, request);
    if (changed) caller.subscriptions.get(changed.id)!.description = description;
  },

  async remove(situation) {
    const removed = await onSubscription(situation, (id) => ({ method: 'DELETE', path: `/v1/subscriptions/${id}` }));
    if (removed) situation.caller.subscriptions.delete(removed.id);
  },

  async secret(situation) {
    const { world, caller, variant } = situation;
    const rotate = variant % 2 === 1;
    const request = (id: string): TenantRequest => ({
      method: rotate ? 'POST' : 'GET',
      path: `/v1/subscriptions/${id}/${rotate ? 'rotate-secret' : 'secret'}`,
      ...(rotate ? { body: { overlap_hours: variant % 3 } } : {}),
    });
    // A secret that is seen for the first time is the caller's; one that was seen before stays whose it was.
    await onSubscription(situation, request, ({ secrets }) => {
      for (const { secret } of secrets as { secret: string }[])
        if (!world.owners.has(secret)) world.owners.set(secret, caller);
    });
  },

  async ping(situation) {
    const { world, caller, variant } = situation;
    const request = (id: string): TenantRequest =>
      variant % 2
        ? { method: 'POST', path: `/v1/subscriptions/${id}/ping` }
        : { method: 'POST', path: '/webhook-events', body: { webhook: id, event: 'ping' } };
    await onSubscription(situation, request, ({ event_id, id }) => world.own(caller, 'event', String(event_id ?? id)));
  },

  async replay(situation) {
    const { world, caller } = situation;
    const request = (id: string) => ({ method: 'POST', path: `/v1/subscriptions/${id}/replay`, body: { until: FAR } });
    await onSubscription(situation, request, ({ id }) => world.own(caller, 'replay', String(id)));
  },

  async publish({ world, caller, target, pick, variant }) {
    const request = (organization: string): TenantRequest => ({
      method: 'POST',
      path: variant % 2 ? '/v1/events/batch' : '/v1/events',
      key: caller.producerKey,
      body: variant % 2 ? { events: [event(organization)] } : event(organization),
      // The same few keys in every organization.
      ...(variant % 3 ? { headers: { 'idempotency-key': `key-${pick % 3}` } } : {}),
    });
    // A producer publishes for every account of its organization.
    if (target !== caller && World.areKin(target, caller)) return;
    if (target !== caller) return void (await world.same(caller, request(target.organization), request('nobody')));
    await world.ask(caller, request(caller.organization), (body) => {
      const results = (body.data ?? [body]) as { id: string }[];
      for (const { id } of results) if (!world.owners.has(id)) world.own(caller, 'event', id);
    });

    function event(organization: string) {
      // The same few resources in every organization.
      return {
        organization,
        account: caller.account,
        type: 'visit.ended',
        resource_id: String(pick % 3),
        data: { note: world.markOf(caller) },
      };
    }
  },

  /** What fan-out and sender write. */
  async deliver({ world, caller, variant }) {
    const subscriptions = [...caller.subscriptions.keys()].slice(0, 1 + (variant % 3));
    const data = JSON.stringify({ note: world.markOf(caller), n: variant % 100 });
    const { event, attempts } = await world.tenants.delivered(
      caller.organization,
      subscriptions,
      data,
      String(variant % 3),
      caller.account,
    );
    world.own(caller, 'event', event);
    for (const id of attempts) world.own(caller, 'attempt', id);
  },

  async showCall({ world, caller, target, pick, variant }) {
    const kind = one(['attempt', 'event', 'replay'] as const, variant)!;
    const id = one(target.ids[kind], pick);
    if (id === undefined) return;
    const request = (which: string) => ({ method: 'GET', path: `/v1/${kind}s/${which}` });
    if (target !== caller) await world.same(caller, request(id), request(ghost(kind)));
    else if (kind !== 'event') assert.equal((await world.ask(caller, request(id))).status, 200);
    else await world.ask(caller, request(id));
  },

  async list({ world, caller, target, pick, variant }) {
    const path = one(LISTS, pick)!;
    const query = new URLSearchParams({ limit: String(1 + (variant % 7)) });
    if (variant % 2 && !/organizations/.test(path)) query.set('organization', caller.organization);
    // In everybody's names and URLs.
    if (/subscriptions|organizations/.test(path) && variant % 3 === 0) query.set('search', 'o');
    if (/subscriptions/.test(path) && variant % 4 === 0) query.set('state', 'active,problem,down');
    if (/attempts|events/.test(path) && variant % 3 === 0) query.set('outcome', 'failed,exhausted');
    if (/attempts|events/.test(path) && variant % 4 === 0) query.set('resource_id', String(pick % 3));
    if (/events/.test(path) && variant % 7 === 0) query.set('status', '200,5xx');
    if (/attempts|events|replays/.test(path) && variant % 5 === 0)
      query.set('subscription', caller.ids.subscription[0] ?? 'none');
    const { text } = await world.ask(caller, { method: 'GET', path: `${path}?${query.toString()}` });
    const { next_cursor: cursor } = JSON.parse(text) as { next_cursor: string | null };
    if (cursor) caller.cursors.push({ path: `${path}?${query.toString()}`, cursor });

    // Of another organization, or of another's subscription, it is as empty as of nobody's.
    if (target === caller) return;
    const about = (name: string, value: string): TenantRequest => ({ method: 'GET', path: `${path}?${name}=${value}` });
    if (!World.areKin(target, caller)) {
      await world.same(caller, about('organization', target.organization), about('organization', 'nobody'));
    }
    const [foreign] = target.ids.subscription;
    if (/attempts|events|replays/.test(path) && foreign !== undefined) {
      await world.same(caller, about('subscription', foreign), about('subscription', ghost('subscription')));
    }
  },

  async listAll({ world, caller }) {
    const { text } = await world.ask(caller, { method: 'GET', path: '/v1/subscriptions?limit=100' });
    const { data } = JSON.parse(text) as { data: { id: string }[] };
    assert.deepEqual(data.map(({ id }) => id).sort(), [...caller.subscriptions.keys()].sort());
  },

  async turnPage({ world, caller, target, pick }) {
    const given = one(target.cursors, pick);
    if (!given) return;
    const request = (cursor: string): TenantRequest => ({
      method: 'GET',
      path: `${given.path}&cursor=${encodeURIComponent(cursor)}`,
    });
    if (target === caller) assert.equal((await world.ask(caller, request(given.cursor))).status, 200);
    else {
      const { status } = await world.same(
        caller,
        request(given.cursor),
        request(given.cursor.replace(/.{4}$/, 'AAAA')),
      );
      assert.equal(status, 422);
    }
  },

  /** Any route of the description with any id of somebody else's. */
  async trespass({ world, caller, target, pick, variant }) {
    if (target === caller) return;
    const requests = foreignRequests(world, caller, target, variant);
    const request = one(requests, pick);
    if (request) await world.same(caller, request.foreign, request.missing);
  },
};
