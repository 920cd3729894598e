import { Resolver } from 'node:dns/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createLookup } from '../../../lambdas/sender/outgoing/addresses.ts';
import { createSilence } from '../../../lambdas/sender/outgoing/silence.ts';
import type { OutgoingOptions } from '../../../lambdas/sender/outgoing.ts';
import { startNameServer, type Reply } from './name-server.ts';
import { ADDRESS, ANSWER_ALWAYS, client, closeAll, closeLater, HOST, post, serve } from './set-up.ts';

// Names that resolve as they do in the wild: one family late, silent or failing. Doubled: nothing but the name server.

const IPV6 = '2001:0db8:0000:0000:0000:0000:0000:0001';
const LOOPBACK = '0000:0000:0000:0000:0000:0000:0000:0001';
/** A busy machine's own lag is nobody's fault here. */
const GRACE_MS = 60_000;
const never = new Promise<Reply>(() => undefined);

afterEach(closeAll);

/** How the client asks, where it differs. */
interface Patience extends Partial<OutgoingOptions> {
  quick?: { timeout: number; tries: number; maxTimeout?: number };
  patient?: { timeout: number; tries: number };
  againMs?: number;
}

/** A client that asks a name server with these answers, and an endpoint at {@link ADDRESS}. */
async function setUp(
  reply: (family: 'A' | 'AAAA', nth: number, name: string) => Reply | Promise<Reply>,
  { quick = { timeout: 200, tries: 5, maxTimeout: 400 }, patient = quick, againMs = 700, ...options }: Patience = {},
) {
  const nameServer = await startNameServer(reply);
  closeLater(nameServer);
  const asker = (patience: object): Resolver => {
    const resolver = new Resolver(patience);
    resolver.setServers([nameServer.address]);
    return resolver;
  };
  const silence = createSilence(options.now ?? (() => performance.now()));
  const outgoing = await client({
    lookup: createLookup({ quick: asker(quick), patient: () => asker(patient), againMs, silence }),
    silence,
    // As reachable as an address of the documentation's network is: not at all.
    isAllowed: (address) => address === ADDRESS || address.startsWith('2001:db8:') || address === '::1',
    ...options,
  });
  const server = await serve(ANSWER_ALWAYS);
  return { nameServer, post: (timeoutMs = 5000) => post(outgoing, server, 'http', timeoutMs, GRACE_MS) };
}

describe('a name whose IPv4 address is known', () => {
  it.each<[what: string, other: Reply | Promise<Reply>]>([
    ['is never answered', never],
    ['is lost', 'silence'],
    ['fails', 'SERVFAIL'],
    ['says that there is none', []],
    ['says that the name does not exist', 'NXDOMAIN'],
  ])('is connected to though the question for IPv6 %s', async (_what, other) => {
    // Who waits for the other family waits longer than the delivery may take.
    const { post } = await setUp((family) => (family === 'A' ? [ADDRESS] : other), {
      quick: { timeout: 60_000, tries: 1 },
    });

    expect(await post()).toMatchObject({ kind: 'response', status: 200 });
  });

  it('is connected to when each answer needs longer than c-ares waits before it asks again', async () => {
    const { post } = await setUp(
      (family) =>
        family === 'A' ? new Promise((resolve) => setTimeout(resolve, 400, [ADDRESS])) : Promise.resolve([]),
      { quick: { timeout: 50, tries: 2, maxTimeout: 50 }, patient: { timeout: 60_000, tries: 1 }, againMs: 20 },
    );

    expect(await post()).toMatchObject({ kind: 'response', status: 200 });
  });

  it('is connected to when what c-ares asks is lost again and again, by the question that is asked beside it', async () => {
    const { post, nameServer } = await setUp(
      (family, nth) => (nth === 1 ? 'silence' : family === 'A' ? [ADDRESS] : []),
      {
        quick: { timeout: 60_000, tries: 1 },
        againMs: 20,
      },
    );

    expect(await post()).toMatchObject({ kind: 'response', status: 200 });
    expect(nameServer.asked.A).toBe(2);
  });

  it('is connected to when the first datagram is lost: it is sent again', async () => {
    const { post, nameServer } = await setUp((family, nth) =>
      nth === 1 ? 'silence' : family === 'A' ? [ADDRESS] : [],
    );

    expect(await post()).toMatchObject({ kind: 'response', status: 200 });
    expect(nameServer.asked.A).toBe(2);
  });
});

describe('an answer that comes late', () => {
  it('is used when what came first cannot be reached', async () => {
    let tell: (reply: Reply) => void = () => undefined;
    const late = new Promise<Reply>((resolve) => (tell = resolve));
    const { post, nameServer } = await setUp((family) => {
      if (family === 'AAAA') return [IPV6];
      setTimeout(() => tell([ADDRESS]), 120);
      return late;
    });

    expect(await post()).toMatchObject({ kind: 'response', status: 200 });
    expect(nameServer.asked.A).toBeGreaterThanOrEqual(1);
  });

  it('with a private address is not contacted', async () => {
    let tell: (reply: Reply) => void = () => undefined;
    const late = new Promise<Reply>((resolve) => (tell = resolve));
    const { post } = await setUp((family) => {
      if (family === 'AAAA') return [IPV6];
      setTimeout(() => tell(['10.0.0.1']), 120);
      return late;
    });

    expect(await post()).toMatchObject({ kind: 'error', class: 'blocked_address' });
  });
});

it("the wait for the other family is the name server's time, also behind a first address that refused", async () => {
  let clock = 0;
  const { post } = await setUp(
    (family) =>
      family === 'AAAA'
        ? [LOOPBACK]
        : new Promise((resolve) => {
            const tell = (): void => {
              clock += 3000;
              resolve([ADDRESS]);
            };
            // Behind the delay that the first family's answer waits for it.
            setTimeout(tell, 200);
          }),
    { quick: { timeout: 60_000, tries: 1 }, againMs: 60_000, now: () => clock },
  );

  const answer = await post();

  expect(answer).toMatchObject({ kind: 'response', status: 200, timings: { dns: 3000, connect: 0 } });
});

describe('a private address', () => {
  it.each(['A', 'AAAA'] as const)('of family %s is refused beside a public one of the other', async (family) => {
    const { post } = await setUp((asked) => {
      if (asked !== family) return asked === 'A' ? [ADDRESS] : [IPV6];
      return family === 'A' ? ['10.0.0.1'] : ['fc00:0000:0000:0000:0000:0000:0000:0001'];
    });

    expect(await post()).toMatchObject({ kind: 'error', class: 'blocked_address' });
  });
});

describe('a name server that says nothing', () => {
  const ONCE = { timeout: 60_000, tries: 1 };
  const about = (name: string, reply: Reply) => (_family: unknown, _nth: unknown, asked: string) =>
    asked === name ? 'silence' : reply;

  it.each<[what: string, reply: Reply]>([
    ['answers', [ADDRESS]],
    ['says that there is no such name', 'NXDOMAIN'],
    ['fails', 'SERVFAIL'],
  ])('about this name alone, and %s about another, is the endpoint’s trouble', async (_what, reply) => {
    const { post } = await setUp(about(HOST, reply), { quick: ONCE, againMs: 20 });

    const answer = await post(400);

    expect(answer).toMatchObject({ kind: 'error', class: 'timeout' });
    expect(answer).not.toHaveProperty('ours');
  });

  it('about any name is ours, when the deadline passes', async () => {
    const { post } = await setUp(() => 'silence', { quick: ONCE, againMs: 20 });

    expect(await post(400)).toMatchObject({ kind: 'error', class: 'dns_error', ours: true });
  });

  it('about any name is ours, when no more questions are asked', async () => {
    const { post } = await setUp(() => 'silence', { quick: { timeout: 50, tries: 1 }, againMs: 20 });

    const answer = await post();

    expect(answer).toMatchObject({ kind: 'error', class: 'dns_error', ours: true });
    expect((answer as { reason: string }).reason).toMatch(/^no name server has answered/);
  });

  it('about this name alone is the endpoint’s trouble, when no more questions are asked', async () => {
    const { post } = await setUp(about(HOST, 'NXDOMAIN'), { quick: { timeout: 50, tries: 1 }, againMs: 20 });

    const answer = await post();

    expect(answer).toMatchObject({ kind: 'error', class: 'dns_error' });
    expect(answer).not.toHaveProperty('ours');
  });

  it('any more is ours, though it answered others before', async () => {
    let isSilent = false;
    const { post } = await setUp(() => (isSilent ? 'silence' : 'NXDOMAIN'), { quick: ONCE, againMs: 20 });
    await post();
    isSilent = true;

    expect(await post(400)).toMatchObject({ class: 'dns_error', ours: true });
  });
});

describe('a name that nobody answers for', () => {
  it('fails for its own reason', async () => {
    const { post } = await setUp(() => 'NXDOMAIN');

    expect(await post()).toMatchObject({ kind: 'error', class: 'dns_error' });
  });
});
