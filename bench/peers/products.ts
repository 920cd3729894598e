import { Agent, request, type ClientRequest } from 'node:http';
import { VISIT } from '../support/sample.ts';

/** Where a product runs, and who may do everything there. */
export interface Place {
  /** Base URL of its API, without a slash at the end. */
  url: string;
  key: string;
}

/** A product as its customers and producers use it. Tenants are what it calls organization, application or tenant. */
export interface Product {
  /** Makes tenants that have so many endpoints at each of these URLs. */
  prepare(tenants: { name: string; urls: readonly string[] }[]): Promise<void>;
  /** Publishes event number `n`; the same number again is the same event. @returns the status, 0 when nobody answered. */
  publish(tenant: string, n: number): Promise<number>;
}

/** Posts over kept connections. */
const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 30_000 });

/** The adapters; each speaks the product's own documented API. */
export const PRODUCTS: Record<string, (place: Place) => Product> = { posthorn, svix, outpost };

/** About 1 KB, the same for all; the receiver knows an event by the number in it. */
const dataOf = (n: number): object => ({ ...VISIT, id: `vis_${n}_` });

/** The number of the event that a request carries, whatever product sent it. @returns undefined for a request of something else. */
export function numberOf(body: string): number | undefined {
  const found = /"vis_(\d+)_"/.exec(body)?.[1];
  return found === undefined ? undefined : Number(found);
}

function posthorn({ url, key }: Place): Product {
  let producer = key;
  return {
    prepare: async (tenants) => {
      const rights = { scopes: ['events:write'], description: 'bench peers' };
      producer = ((await call(`${url}/v1/api-keys`, key, rights)) as { key: string }).key;
      for (const { name, urls } of tenants) {
        for (const to of urls) await call(`${url}/v1/subscriptions`, key, { organization: name, url: to });
      }
    },
    publish: (organization, n) => {
      const event = { organization, type: 'visit.ended', resource_id: `vis_${n}_`, data: dataOf(n) };
      return post(`${url}/v1/events`, producer, event, { 'idempotency-key': `${organization}-${n}` });
    },
  };
}

/** https://api.svix.com/docs */
function svix({ url, key }: Place): Product {
  const applications = new Map<string, string>();
  return {
    prepare: async (tenants) => {
      for (const { name, urls } of tenants) {
        const { id } = (await call(`${url}/api/v1/app/`, key, { name })) as { id: string };
        applications.set(name, id);
        for (const to of urls) await call(`${url}/api/v1/app/${id}/endpoint/`, key, { url: to, version: 1 });
      }
    },
    publish: async (tenant, n) => {
      const message = { eventType: 'visit.ended', eventId: `${tenant}-${n}`, payload: dataOf(n) };
      const status = await post(`${url}/api/v1/app/${applications.get(tenant)}/msg/`, key, message);
      // It has this one already.
      return status === 409 ? 202 : status;
    },
  };
}

/** https://hookdeck.com/docs/outpost */
function outpost({ url, key }: Place): Product {
  return {
    prepare: async (tenants) => {
      for (const { name, urls } of tenants) {
        const tenant = `${url}/api/v1/tenants/${name}`;
        await call(tenant, key, {}, 'PUT');
        const destinations = urls.map((to) => ({ type: 'webhook', topics: '*', config: { url: to } }));
        for (const destination of destinations) await call(`${tenant}/destinations`, key, destination);
      }
    },
    publish: (tenant_id, n) => {
      const event = { tenant_id, topic: 'visit.ended', id: `${tenant_id}-${n}`, eligible_for_retry: true };
      return post(`${url}/api/v1/publish`, key, { ...event, data: dataOf(n) });
    },
  };
}

/** A call that must succeed. @throws with what came. */
async function call(url: string, key: string, body: object, method = 'POST'): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`Expected ${method} ${url} to succeed, got ${answer.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}

function post(url: string, key: string, body: object, more: Record<string, string> = {}): Promise<number> {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more };
  return new Promise((resolve) => {
    request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': bytes.length } }, (answer) =>
      answer.resume().once('close', () => resolve(answer.statusCode ?? 0)),
    )
      // Of a server that was killed nobody may answer: Node says so, and leaves the request open.
      .once('timeout', function (this: ClientRequest) {
        this.destroy();
      })
      .once('error', () => resolve(0))
      .end(bytes);
  });
}
