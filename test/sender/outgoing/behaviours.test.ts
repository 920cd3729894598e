import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryAfterSeconds } from '../../../lambdas/domain/delivery/retry-after.ts';
import { createOutgoing, type Answer, type Outgoing } from '../../../lambdas/sender/outgoing.ts';
import { waitFor } from '../../support/wait-for.ts';
import { BEHAVIOURS, demandsOf, expectedOf, type Behaviour, type Expected } from './behaviours.ts';
import { createAuthority, type Authority } from './certificates.ts';
import { INSIDE_SECONDS, startCanary, startStage, type Canary, type Stage } from './stage.ts';

// Every case of the corpus, played by real servers on loopback against the real client. Doubled: the name server, and
// which addresses are public. Each case also has a healthy neighbour that must not notice anything.

const DEADLINE_MS = 1500;
const LATE_MS = 1000;
const MEMORY_LIMIT = 64 * 1024 * 1024;
const HEALTHY = 'healthy.example.com';
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];

let authority: Authority;
let canary: Canary;
let healthy: Stage;

beforeAll(async () => {
  authority = await createAuthority();
  canary = await startCanary();
  for (const name of PROXY_VARIABLES) process.env[name] = `http://127.0.0.1:${canary.port}`;
  const answers = { send: 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok' };
  healthy = await startStage(
    {
      id: 'healthy',
      group: 'J',
      behaviour: '',
      url: `http://${HEALTHY}/`,
      server: [{ loop: [{ read: 'request' }, answers] }],
      outcome: {},
    },
    { deadlineMs: DEADLINE_MS, canary, authority },
  );
});

afterAll(async () => {
  for (const name of PROXY_VARIABLES) Reflect.deleteProperty(process.env, name);
  await healthy.close();
  await canary.close();
});

/** Endless and huge answers are played one at a time, so that the memory measured is theirs. */
const isHeavy = ({ server = [] }: Behaviour): boolean =>
  server.some(
    (step) =>
      'send_encoded' in step ||
      ('repeat' in step && !step.every_ms && (step.times === 'until_closed' || step.times > 100_000)),
  );

const light = BEHAVIOURS.filter((behaviour) => !isHeavy(behaviour));
const heavy = BEHAVIOURS.filter(isHeavy);
const overTls = light.filter(({ group, tls }) => group !== 'H' && tls === undefined);

describe.concurrent('what endpoints, name servers and networks do', () => {
  it.each(light)('$id $behaviour', (behaviour) => playAndJudge(behaviour, false));
});

describe.concurrent('the same over TLS', () => {
  it.each(overTls)('$id $behaviour', (behaviour) => playAndJudge(behaviour, true));
});

describe('answers without end', () => {
  it.each(heavy)('$id $behaviour', async (behaviour) => {
    await playAndJudge(behaviour, false); // compressed bodies are made once, outside what is measured
    const memory = watchMemory();

    await playAndJudge(behaviour, false);

    expect(memory.growth()).toBeLessThan(MEMORY_LIMIT);
  });
});

async function playAndJudge(behaviour: Behaviour, tls: boolean): Promise<void> {
  const stage = await startStage(behaviour, { deadlineMs: DEADLINE_MS, canary, authority, overTls: tls });
  const clock = { skewMs: 0 };
  const lookup = (name: string) => (name === HEALTHY ? healthy : stage).options.lookup!(name);
  const outgoing = createOutgoing({ ...stage.options, lookup, now: () => performance.now() + clock.skewMs });
  try {
    const neighbours = [deliver(outgoing, healthy, 0)];
    const answers = await deliverAll(behaviour, outgoing, stage, clock);
    neighbours.push(deliver(outgoing, healthy, 0));

    judge(behaviour, answers);
    await judgeDemands(behaviour, outgoing, stage, answers.length);
    for (const neighbour of await Promise.all(neighbours)) expect(neighbour).toMatchObject({ status: 200, body: 'ok' });
  } finally {
    await outgoing.close();
    await stage.close();
  }
}

async function deliver(outgoing: Outgoing, stage: Stage, endpoint: number): Promise<Answer> {
  const started = performance.now();
  const answer = await outgoing.post({
    url: stage.urls[endpoint]!,
    headers: { 'content-type': 'application/json', 'user-agent': 'Posthorn/test' },
    body: stage.body,
    timeoutMs: DEADLINE_MS,
  });
  // The corpus's own bound: this is part of what is promised, not a measure of this machine.
  expect(performance.now() - started).toBeLessThan(DEADLINE_MS + LATE_MS);
  return answer;
}

/** The answers that the case's outcome speaks of, in its order. */
async function deliverAll(
  behaviour: Behaviour,
  outgoing: Outgoing,
  stage: Stage,
  clock: { skewMs: number },
): Promise<Answer[]> {
  if (behaviour.endpoints !== undefined)
    return Promise.all(stage.urls.map((_url, endpoint) => deliver(outgoing, stage, endpoint)));
  const answers: Answer[] = [];
  for (let n = 0; n < (behaviour.outcome.attempts ?? behaviour.deliveries ?? 1); n++) {
    if (n > 0) await betweenDeliveries(behaviour, stage);
    if (n > 0 && behaviour.pause_between !== undefined) clock.skewMs += 120_000;
    answers.push(await deliver(outgoing, stage, 0));
  }
  return behaviour.outcome.attempts === undefined ? answers : answers.slice(-1);
}

/**
 * Until the server has done what it does by itself, and a connection on which it closed or sent what nobody asked for
 * is closed from this side as well: without that it would be chance whether the next delivery sees it in time.
 */
async function betweenDeliveries({ server = [] }: Behaviour, { server: { conversations } }: Stage): Promise<void> {
  await waitFor('the server to be quiet', () => conversations.every(({ waiting, closed }) => waiting || closed));
  const loops = server.some((step) => 'loop' in step);
  if (!loops) await waitFor('the spoiled connection to be closed', () => conversations.every(({ closed }) => closed));
}

function judge(behaviour: Behaviour, answers: Answer[]): void {
  const expected = expectedOf(behaviour);
  expect(answers).toHaveLength(expected.length);
  answers.forEach((answer, i) => {
    const want = expected[i]!;
    expect(verdict(answer), describeAnswer(answer)).toSatisfy((got: Verdict) => agrees(got, want));
    // A status comes from a head; the classes that exclude one have none in the corpus either.
    if (want.status !== undefined && verdict(answer).class !== 'bad_response')
      expect(answer.kind === 'response' || answer.kind === 'error' ? answer.status : undefined).toBe(want.status);
    if (want.body_truncated === true) expect(answer).toMatchObject({ truncated: true });
    if (answer.kind === 'response') {
      expect(Buffer.byteLength(answer.body)).toBeLessThanOrEqual(16_384);
      expect(answer.body.isWellFormed()).toBe(true);
    }
    if (want.retry_after !== undefined) judgeRetryAfter(want.retry_after, answer);
  });
}

interface Verdict {
  result: 'success' | 'failure' | 'blocked';
  class?: string;
}

function verdict(answer: Answer): Verdict {
  if (answer.kind === 'error')
    return { result: answer.class === 'blocked_address' ? 'blocked' : 'failure', class: answer.class };
  if (answer.status >= 200 && answer.status < 300) return { result: 'success' };
  return { result: 'failure', class: answer.status >= 300 && answer.status < 400 ? 'redirect' : 'http_status' };
}

function agrees(got: Verdict, want: Expected): boolean {
  const classes = want.class?.split(/,| or /).map((name) => name.trim()) ?? [];
  const results = want.result === 'either' ? ['success', 'failure'] : [want.result];
  if (classes.includes('blocked_address')) results.push('blocked');
  return (
    results.includes(got.result) && (got.class === undefined || classes.length === 0 || classes.includes(got.class))
  );
}

function describeAnswer(answer: Answer): string {
  return answer.kind === 'error' ? `${answer.class}: ${answer.reason}` : `status ${answer.status}`;
}

/** What the wait of the schedule's first step (10 s) becomes; the schedule itself is tested with the sender. */
function judgeRetryAfter(want: string, answer: Answer): void {
  const seconds = retryAfterSeconds(answer.kind === 'response' ? answer.headers['retry-after'] : undefined, Date.now());
  if (want === 'honoured') {
    expect(seconds).toBeGreaterThan(INSIDE_SECONDS - 5);
    expect(seconds).toBeLessThanOrEqual(INSIDE_SECONDS);
  } else if (want === 'raised') expect(seconds).toBe(0);
  else if (want === 'ignored') expect(seconds).toBeUndefined();
  else expect([undefined, 900, 5]).toContain(seconds);
}

async function judgeDemands(behaviour: Behaviour, outgoing: Outgoing, stage: Stage, answers: number): Promise<void> {
  const demands = demandsOf(behaviour);
  const { server } = stage;
  const has = (part: string): boolean => demands.some((demand) => demand.includes(part));
  expect(canary.connections()).toBe(0);
  if (has('no byte reaches any listener') || has('no byte of the request is sent'))
    expect(server.conversations.map(({ received }) => received).join('')).toBe('');
  if (has('no byte reaches any listener')) expect(server.accepted()).toBe(0);
  if (has('never asked')) expect(stage.lookups()).toBe(0);
  if (has('exactly 1 lookup') && behaviour.deliveries === 2) expect(stage.lookups()).toBe(2);
  if (has('no second lookup')) expect(stage.lookups()).toBe(1);
  if (has('a new lookup is made')) expect(stage.lookups()).toBe(2);
  if (has('exactly 1 request for each attempt'))
    expect(sum(server.conversations.map((conversation) => conversation.requests()))).toBe(answers);
  if (has('a new connection is used')) expect(server.conversations).toHaveLength(2);
  if (has('same origin as before')) expect(stage.lookups()).toBe(1);
  if (has('server name sent')) expect(server.serverNames).toEqual(['hooks.example.com']);
  if (has('no credential') || has('no header of the platform') || has('no header is added'))
    for (const { received } of server.conversations)
      expect(received).not.toMatch(/^(authorization|proxy-|cookie|x-amz|sec-|accept-)/im);
  if (has('nothing is inflated') && behaviour.id !== 'J034') expect(stage.lookups()).toBe(1);
  if (has('never used for another delivery')) await expectFreshConnection(behaviour, outgoing, stage);
}

/** No delivery may go out on the connection that the case has spoiled: its first. */
async function expectFreshConnection(behaviour: Behaviour, outgoing: Outgoing, stage: Stage): Promise<void> {
  if (behaviour.deliveries === undefined) {
    const first = stage.server.conversations[0]!;
    await waitFor('the client to close the spoiled connection', () => first.closed || first.deaf);
    await deliver(outgoing, stage, 0);
  }
  expect(stage.server.conversations.length).toBeGreaterThanOrEqual(2);
  expect(stage.server.conversations[0]!.requests()).toBe(1);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Largest use of memory since the call, above what it was then. */
function watchMemory(): { growth(): number } {
  const used = (): number => {
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, used())), 20);
  return {
    growth() {
      clearInterval(timer);
      return Math.max(most, used()) - before;
    },
  };
}
