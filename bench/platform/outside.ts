import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Manner, Phase, PhaseResult, SeenRequest } from './phase.ts';

// A process of its own: all that is outside of the platform, producers and customers' servers. A POST of a Phase to
// /phase runs it, one to /manners says how endpoints answer from now on, /seen lists their requests; every other path is a
// customer's endpoint.

/** Answers of endpoints that hang, kept until the phase is over. */
const open = new Set<ServerResponse>();
/** Gives idle connections up before the gateway does, after 5 s. */
const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 3000 });
let hanging = new Set<string>();
let arrivals: PhaseResult['arrivals'] = [];
let seen = new Set<string>();
let refused = 0;
let cut = 0;
/** The first status that nobody sends an event again for. */
let unexpected: number | undefined;
let manners: Record<string, Manner> = {};
let requests: Record<string, SeenRequest[]> = {};

const server = createServer((incoming, response) => {
  void body(incoming).then((text) => {
    if (incoming.url === '/phase') void answerPhase(JSON.parse(text) as Phase, response);
    else if (incoming.url === '/manners') {
      manners = JSON.parse(text) as typeof manners;
      requests = {};
      answer(response, {});
    } else if (incoming.url === '/seen') answer(response, requests);
    else deliver(incoming, response, text);
  });
});

function deliver(incoming: IncomingMessage, response: ServerResponse, text: string): void {
  const path = incoming.url ?? '';
  if (hanging.has(path)) return void open.add(response);
  const { id, timestamp } = JSON.parse(text) as { id: string; timestamp: string };
  const manner = manners[path];
  if (manner) {
    const own = (requests[path] ??= []);
    const { status, headers } = answerOf(manner, own);
    own.push({ atMs: Date.now(), id, status });
    if (status === 0) return void open.add(response);
    if (status !== 200) return void response.writeHead(status, headers).end();
  }
  // Duplicates are allowed and do not count.
  if (!seen.has(`${path} ${id}`)) {
    seen.add(`${path} ${id}`);
    arrivals.push({ path, atMs: Date.now(), ageMs: Date.now() - Date.parse(timestamp) });
  }
  response.writeHead(200).end();
}

function answerOf(
  manner: Manner,
  before: readonly SeenRequest[],
): { status: number; headers?: Record<string, string> } {
  switch (manner.kind) {
    case 'hangs':
      return { status: 0 };
    case 'fails':
      return { status: before.length < manner.first ? 500 : 200 };
    case 'takes': {
      const nowMs = Date.now();
      const taken = before.filter(({ atMs, status }) => status === 200 && nowMs - atMs < 1000).length;
      return taken < manner.perSecond ? { status: 200 } : { status: 429, headers: { 'retry-after': '1' } };
    }
    case 'asks':
      return (before.length + 1) % manner.every === 0
        ? { status: 200 }
        : { status: 503, headers: { 'retry-after': String(manner.seconds) } };
  }
}

async function answerPhase(phase: Phase, response: ServerResponse): Promise<void> {
  const result = await runPhase(phase);
  if (unexpected === undefined) answer(response, result);
  else response.writeHead(500).end(`Expected 202 or a 5xx for an event, got ${unexpected}.`);
}

/** Posts at even distances, whatever becomes of the posts before, then waits until the deliveries wanted have come. */
async function runPhase(phase: Phase): Promise<PhaseResult> {
  const { perSecond, posts, patienceMs, accounts } = phase;
  hanging = new Set(phase.hanging);
  arrivals = [];
  seen = new Set();
  refused = 0;
  cut = 0;
  unexpected = undefined;
  const startedMs = Date.now();
  const posted: Promise<void>[] = [];
  for (let n = 0; n < posts; n++) {
    const dueMs = startedMs + (n * 1000) / perSecond;
    if (dueMs > Date.now()) await pause(dueMs - Date.now());
    posted.push(post(phase, accounts[n % accounts.length]!));
  }
  const endedMs = Date.now();
  await Promise.all(posted);
  const awaited = phase.awaited && new Set(phase.awaited);
  const come = (): number => (awaited ? arrivals.filter(({ path }) => awaited.has(path)) : arrivals).length;
  while (come() < phase.expected && Date.now() < endedMs + patienceMs) await pause(20);
  hanging.clear();
  for (const response of open) response.writeHead(200).end();
  open.clear();
  return { startedMs, endedMs, arrivals, refused, cut };
}

/** Posts one event until it is taken, three times at most: only a 5xx and a connection that broke are tried again, and each counted. */
async function post(phase: Phase, account: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const status = await postOnce(phase, account).catch(() => undefined);
    if (status === 202) return;
    if (status === undefined) cut += 1;
    else if (status >= 500) refused += 1;
    else unexpected ??= status;
    if (unexpected !== undefined || tries === 3) return;
  }
}

/** @returns the status of the answer. @throws when there is none. */
function postOnce({ apiUrl, key, organization }: Phase, account: string): Promise<number> {
  const data = { id: 'vis_1', status: 'completed' };
  const event = { organization, account, type: 'visit.ended', resource_id: 'vis_1', data };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    httpRequest(`${apiUrl}/v1/events`, { method: 'POST', agent, headers }, (response) => {
      response
        .resume()
        .once('end', () => resolve(response.statusCode!))
        .once('error', reject);
    })
      .once('error', reject)
      .end(JSON.stringify(event));
  });
}

async function body(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, result: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
}

server.keepAliveTimeout = 120_000;
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send?.({ port: String((server.address() as AddressInfo).port) }));
