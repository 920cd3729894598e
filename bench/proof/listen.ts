import { strict as assert } from 'node:assert';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { Proof } from './proof.ts';
import { ENV } from '../../lambdas/runtime/env.ts';
import { startPosthorn, type OwnPosthorn } from '../../test/support/posthorn.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { createChance, type Chance } from '../simulation/random.ts';
import { setTimeout as pause } from 'node:timers/promises';

const LISTENER = join(import.meta.dirname, '../../receiver/src/listen/cli.ts');
const ORGANIZATION = 'listening';
const BATCH = 100;
const STEP_MS = 20;
/** Between two looks at the queues, which take of the time of what they wait for. */
const LOOK_MS = 250;
/** Without any progress for so long the run has failed. */
const STUCK_MS = 120_000;
const QUEUES = ['EventsQueueUrl', 'DeliveriesQueueUrl', 'SlowDeliveriesQueueUrl'];

export interface ListenReport {
  events: number;
  /** Requests that the target got, repetitions too. */
  requests: number;
  lost: number;
  /** First requests for an event that came before one of an older event. */
  outOfOrder: number;
  /** Requests whose signature or bytes were wrong. */
  unverified: number;
  /** Deliveries that the log does not call delivered, and those it calls so twice. */
  unlogged: number;
  loggedTwice: number;
  kills: { listener: number; api: number };
  /** How the listener ended when it was told to. */
  exitCode: number | null;
}

/** What the customer's server saw. */
interface Target {
  url: string;
  /** Ids in the order in which they came first. */
  first: string[];
  requests: number;
  unverified: number;
  close(): void;
}

async function startTarget(secret: string): Promise<Target> {
  const seen = new Set<string>();
  const webhook = new Webhook(secret);
  const target = { url: '', first: [] as string[], requests: 0, unverified: 0 };
  const verifies = (body: string, headers: IncomingHttpHeaders): boolean => {
    try {
      return (webhook.verify(body, headers as Record<string, string>) as { id: string }).id === headers['webhook-id'];
    } catch {
      return false;
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      target.requests += 1;
      if (!verifies(Buffer.concat(chunks).toString(), request.headers)) target.unverified += 1;
      const id = String(request.headers['webhook-id']);
      if (!seen.has(id)) target.first.push(id);
      seen.add(id);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return Object.assign(target, {
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
}

/** The listener, begun anew whenever it was killed, as whatever watches over it does. */
class Listener {
  child: ChildProcess | undefined;
  private readonly env: Record<string, string>;
  private readonly target: string;
  private isEnding = false;
  private again = Promise.resolve();

  constructor(posthorn: OwnPosthorn, key: string, target: string) {
    this.env = { PATH: process.env.PATH ?? '', POSTHORN_URL: posthorn.apiUrl, POSTHORN_API_KEY: key };
    this.target = target;
    this.begin();
  }

  private begin(): void {
    const words = [LISTENER, 'listen', '--forward', this.target];
    this.child = spawn(process.execPath, words, { env: this.env, stdio: 'ignore' });
    this.child.on('exit', () => {
      this.again = this.beginAgain();
    });
  }

  /** Not at once: one that cannot even begin would keep the machine busy. */
  private async beginAgain(): Promise<void> {
    await pause(STEP_MS);
    if (!this.isEnding) this.begin();
  }

  /** @returns whether there was one to kill. */
  kill(): boolean {
    return this.child?.kill('SIGKILL') ?? false;
  }

  /** Tells it to end, and waits for that. */
  async end(): Promise<number | null> {
    await this.again;
    const child = this.child!;
    this.isEnding = true;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    return new Promise((resolve) => {
      child.on('exit', (code) => resolve(code));
      child.kill('SIGINT');
    });
  }
}

/** Publishes events, and waits until all are kept: their order is what the feed makes of it, not who was first. */
async function publishAll(posthorn: OwnPosthorn, events: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < events) {
    const batch = Array.from({ length: Math.min(BATCH, events - ids.length) }, (_, n) => ({
      organization: ORGANIZATION,
      type: 'visit.updated',
      data: { n: ids.length + n, text: 'Grüße 👋 "x"' },
    }));
    const body = await publishBatch(posthorn, batch, `batch-${ids.length}`);
    ids.push(...body.data.map(({ id }) => id));
  }
  await untilEmpty(posthorn);
  return ids.sort();
}

/** Posts a batch until it is accepted; a repetition makes no second event of one. @throws when it never can be. */
async function publishBatch(
  posthorn: OwnPosthorn,
  events: unknown[],
  key: string,
): Promise<{ data: { id: string }[] }> {
  return waitFor(
    'a batch is accepted',
    async () => {
      const response = await fetch(`${posthorn.apiUrl}/v1/events/batch`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${posthorn.outputs.local!.ProducerApiKey!}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ events }),
      });
      const text = await response.text();
      if (response.status === 202) return JSON.parse(text) as { data: { id: string }[] };
      refuseFinal(response.status, text);
      return undefined;
    },
    STUCK_MS,
  );
}

/** @throws of a status that would be the same again: what is asked for is wrong. */
function refuseFinal(status: number, text: string): void {
  if (status >= 400 && status < 500 && status !== 429)
    throw new Error(`Expected 2xx, 429 or 5xx, got ${status}: ${text}`);
}

/** @throws when nothing moves in them for {@link STUCK_MS}. */
async function untilEmpty(posthorn: OwnPosthorn): Promise<void> {
  let before = '';
  let movedMs = Date.now();
  for (;;) {
    const depths = await Promise.all(QUEUES.map((queue) => posthorn.depth(queue)));
    if (depths.every((depth) => depth === 0)) return;
    const found = depths.join(', ');
    if (found !== before) movedMs = Date.now();
    before = found;
    if (Date.now() - movedMs > STUCK_MS) {
      throw new Error(`Expected the queues to become empty, but for ${STUCK_MS / 1000} s they held ${found} messages.`);
    }
    await pause(LOOK_MS);
  }
}

/**
 * Forwards everything from a feed to a target, while listener and Posthorn's api function are killed at random, in turns.
 * @param kills how many, of both together.
 */
export async function proveListen(seed: number, events: number, kills: number): Promise<ListenReport> {
  const chance = createChance(seed ^ 0x115e);
  // By a variable of the functions: a setting would need a synthesis of its own, 2 s of a processor.
  const posthorn = await startPosthorn({
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow', [ENV.requestsPerKeyADay]: '1000000' },
  });
  let target: Target | undefined;
  let listener: Listener | undefined;
  try {
    const { id, secret } = await posthorn.subscribe({ organization: ORGANIZATION, delivery: 'pull' });
    const key = await posthorn.apiKey({ scopes: ['organization'], organization: ORGANIZATION });
    const ids = await publishAll(posthorn, events);
    target = await startTarget(secret);
    listener = new Listener(posthorn, key, target.url);
    const killed = await killMeanwhile({ posthorn, listener, target, chance }, ids.length, kills);
    await untilAcknowledged(posthorn, id);
    const exitCode = await listener.end();
    return {
      events: ids.length,
      requests: target.requests,
      lost: ids.length - target.first.length,
      outOfOrder: target.first.filter((one, n) => one !== ids[n]).length,
      unverified: target.unverified,
      ...(await logged(posthorn, id, ids)),
      kills: killed,
      exitCode,
    };
  } finally {
    if (listener) await listener.end();
    target?.close();
    await posthorn.close();
  }
}

interface Stage {
  posthorn: OwnPosthorn;
  listener: Listener;
  target: Target;
  chance: Chance;
}

async function killMeanwhile(
  { posthorn, listener, target, chance }: Stage,
  events: number,
  kills: number,
): Promise<ListenReport['kills']> {
  const killed = { listener: 0, api: 0 };
  const every = Math.floor(events / (kills + 1));
  const dueAt = Array.from({ length: kills }, (_, n) => n * every + chance.between(1, every));
  let movedMs = Date.now();
  let last = -1;
  while (target.first.length < events) {
    if (target.requests !== last) movedMs = Date.now();
    last = target.requests;
    if (Date.now() - movedMs > STUCK_MS) throw new Error(`Nothing was forwarded for ${STUCK_MS / 1000} s.`);
    const done = killed.listener + killed.api;
    if (done < kills && target.first.length >= dueAt[done]!) {
      if (done % 2 === 0) killed.listener += listener.kill() ? 1 : 0;
      else killed.api += killOne(posthorn, chance) ? 1 : 0;
    }
    await pause(STEP_MS);
  }
  return killed;
}

function killOne(posthorn: OwnPosthorn, chance: Chance): boolean {
  const pids = posthorn.platform.environments()['api'] ?? [];
  if (pids.length === 0) return false;
  try {
    process.kill(chance.pick(pids), 'SIGKILL');
    return true;
  } catch {
    return false; // It has just ended by itself.
  }
}

async function untilAcknowledged(posthorn: OwnPosthorn, subscription: string): Promise<void> {
  await waitFor(
    'everything is acknowledged',
    async () => {
      const path = `/v1/subscriptions/${subscription}/feed?limit=1`;
      const { status, body } = await posthorn.call<{ data?: unknown[] }>('GET', path);
      refuseFinal(status, JSON.stringify(body));
      return body.data?.length === 0;
    },
    STUCK_MS,
  );
}

/** What the log says of each delivery. */
async function logged(
  posthorn: OwnPosthorn,
  subscription: string,
  ids: readonly string[],
): Promise<Pick<ListenReport, 'unlogged' | 'loggedTwice'>> {
  const lines = new Map<string, number>();
  let cursor = '';
  do {
    const path = `/v1/attempts?subscription=${subscription}&outcome=delivered&limit=100${cursor && `&cursor=${cursor}`}`;
    const { body } = await posthorn.call<{ data: { event_id: string }[]; next_cursor: string | null }>('GET', path);
    for (const { event_id } of body.data) lines.set(event_id, (lines.get(event_id) ?? 0) + 1);
    cursor = body.next_cursor ?? '';
  } while (cursor !== '');
  return {
    unlogged: ids.filter((id) => !lines.has(id)).length,
    loggedTwice: [...lines.values()].filter((count) => count > 1).length,
  };
}

/** @throws what does not hold. */
export function assertListen({ kills, events, requests, exitCode, loggedTwice: _, ...nothing }: ListenReport): void {
  assert.deepEqual(nothing, { lost: 0, outOfOrder: 0, unverified: 0, unlogged: 0 });
  assert.equal(exitCode, 0, 'the listener did not end as it was told');
  // Of each kill what one page held, which is acknowledged once a second and at its end.
  const most = events + (kills.listener + kills.api) * BATCH;
  assert.ok(requests <= most, `${requests} requests, at most ${most} may be`);
}

/** `npm run proof -- listen [--count <events>]`. */
export const proof: Proof = {
  onPlatform: true,
  promise:
    'listen forwards every delivery of a feed in event order, byte for byte and signed, across 20 kills of the listener and of the api function; what is repeated is at most a page for each kill.',
  async run({ seed, count = 10_000 }) {
    const report = await proveListen(seed, count, 20);
    assertListen(report);
    const { kills, exitCode: _, ...numbers } = report;
    return {
      ...numbers,
      repeated: report.requests - report.events,
      kills_listener: kills.listener,
      kills_api: kills.api,
    };
  },
};
