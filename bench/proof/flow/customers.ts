import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/**
 * How an endpoint answers. `flaky`: 503 for the first 0 to 3 requests of each event, which its id decides. `fetching`: nobody
 * calls it, it fetches. `paced`: well, but it has a ceiling, and is paused for a while. `told`: well, of how the others are.
 */
export type Manner = 'well' | 'flaky' | 'dead' | 'fetching' | 'paced' | 'told';

/** What the endpoints saw of one delivery. */
export interface Seen {
  /** Hash of the first request's body. */
  body: string;
  requests: number;
  /** Answers of 2xx that went out. */
  accepted: number;
  /** Requests that came after one was accepted: what a customer notices as a duplicate. */
  duplicates: number;
}

/** What an organization was told of one of its endpoints, each event once. */
export interface ToldOf {
  organization: string;
  id: string;
  type: string;
  subscription: string;
  /** Of `posthorn.delivery.exhausted`. */
  count: number;
}

/** The customers of all organizations: one server that keeps little about each delivery. */
export interface Customers {
  url(organization: string, manner: Manner): string;
  /** Secrets by path, for whoever checks signatures. */
  secrets: Map<string, string>;
  /** By `<path> <webhook-id>`. */
  seen: Map<string, Seen>;
  requests: number;
  told: ToldOf[];
  /** By the clock of those who sign, milliseconds since the epoch. */
  now(): number;
  /** A customer has fetched a delivery. @param askedMs when, by that clock. */
  take(path: string, headers: Record<string, string>, body: Buffer, askedMs: number): void;
  /** Requests that no delivery may cause, in words. */
  wrong: string[];
  close(): Promise<void>;
}

/** As verifiers have it, milliseconds. */
const TOLERANCE_MS = 5 * 60_000;
/** Endpoints answer after 0 to this many milliseconds, so that a kill finds requests under way. */
const SLOWEST_MS = 40;

const numberOf = (text: string): number => createHash('sha1').update(text).digest().readUInt32BE();

/** @param now by the clock of those who sign, milliseconds since the epoch. */
export async function startCustomers(now: () => number): Promise<Customers> {
  const seen = new Map<string, Seen>();
  const secrets = new Map<string, string>();
  const wrong: string[] = [];
  const told: ToldOf[] = [];
  let port = 0;

  const see = (path: string, headers: Record<string, string>, body: Buffer, sinceMs = now()): number => {
    customers.requests += 1;
    const id = headers['webhook-id'] ?? '';
    const [, organization, manner] = path.split('/') as [string, string, Manner];
    const key = `${path} ${id}`;
    const hash = createHash('sha1').update(body).digest('base64');
    const before = seen.get(key);
    const one = before ?? { body: hash, requests: 0, accepted: 0, duplicates: 0 };
    if (!before) {
      seen.set(key, one);
      // Each body once: those that follow must have its very bytes.
      const read = readBody(body, headers, { secret: secrets.get(path), sinceMs, untilMs: now() });
      const problem = typeof read === 'string' ? read : problemOf(read, { id, organization, manner });
      if (problem) wrong.push(`${key}: ${problem}`);
      else if (manner === 'told') told.push(toldOf(read as Body, organization));
    }
    if (one.body !== hash) wrong.push(`${key}: the bytes changed`);
    one.requests += 1;
    if (one.accepted > 0) one.duplicates += 1;
    const refuse = manner === 'dead' || (manner === 'flaky' && one.requests <= numberOf(id) % 4);
    if (refuse) return 503;
    one.accepted += 1;
    return 200;
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '' } = request;
      if (url.endsWith('/fetching')) wrong.push(`${url}: called, though it fetches`);
      const status = see(url, request.headers as Record<string, string>, Buffer.concat(chunks));
      setTimeout(() => response.writeHead(status).end(), numberOf(String(customers.requests)) % SLOWEST_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  const customers: Customers = {
    url: (organization, manner) => `http://127.0.0.1:${port}/${organization}/${manner}`,
    secrets,
    seen,
    requests: 0,
    told,
    now,
    take: (path, headers, body, askedMs) => void see(path, headers, body, askedMs),
    wrong,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return customers;
}

/** A body as these customers read it. */
interface Body {
  id: string;
  type: string;
  data?: { organization?: string; subscription?: string; count?: number };
}

/**
 * @param when it was signed, by the clock of whoever did, within what verifiers allow.
 * @returns why it cannot be trusted, in words, when it cannot.
 */
function readBody(
  body: Buffer,
  headers: Record<string, string>,
  when: { secret: string | undefined; sinceMs: number; untilMs: number },
): Body | string {
  if (when.secret === undefined) return 'nobody subscribed this path';
  const atMs = 1000 * Number(headers['webhook-timestamp']);
  // As `verify` does, which asks the machine's clock.
  if (!(atMs >= when.sinceMs - TOLERANCE_MS && atMs <= when.untilMs + TOLERANCE_MS))
    return `not verified: signed at ${atMs}, expected ${when.sinceMs} to ${when.untilMs}`;
  const signature = new Webhook(when.secret).sign(headers['webhook-id'] ?? '', new Date(atMs), body.toString());
  if (!headers['webhook-signature']?.split(' ').includes(signature)) return 'not verified: no signature fits';
  return JSON.parse(body.toString()) as Body;
}

/** Why a request is not what this path may get; undefined when it is. */
function problemOf(
  { id, type, data }: Body,
  expected: { id: string; organization: string; manner: Manner },
): string | undefined {
  if (id !== expected.id) return `webhook-id differs from the event ${id}`;
  const isOfPosthorn = type.startsWith('posthorn.');
  if (isOfPosthorn !== (expected.manner === 'told')) return `${type} was not asked for`;
  if (!isOfPosthorn && data?.organization !== expected.organization) return `event of ${data?.organization}`;
  return undefined;
}

function toldOf({ id, type, data }: Body, organization: string): ToldOf {
  return { organization, id, type, subscription: data?.subscription ?? '', count: data?.count ?? 0 };
}
