import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildRequest,
  generatorOf,
  inputCases,
  sentData,
  type InputCase,
  type InputContext,
} from '../support/api-inputs.ts';
import { toGatewayEvent, type BodyEncoding } from '../support/gateway-event.ts';
import { startIngest, type Ingest } from '../support/ingest.ts';

// Every case of the corpus for ingest that a direct call of the function can express. Left to the tests over HTTP:
// what API Gateway answers by itself (other methods and paths, framing, slow uploads).

const ROUTE = 'POST /v1/events';
let ingest: Ingest;
let context: InputContext;

beforeAll(async () => {
  ingest = await startIngest();
  context = {
    target: 'ingest',
    event: [
      ['organization', '"org_1"'],
      ['type', '"visit.ended"'],
      ['data', '{"a":1}'],
    ],
    subscription: [],
    words: {
      KEY: ingest.producerKey,
      MANAGEMENT_ONLY_KEY: await ingest.key(['organization'], 'org_1'),
      KEY_OF_OTHER_ENVIRONMENT: `phk_${'A'.repeat(43)}`,
      INGEST: '/v1/events',
    },
  };
});
afterAll(() => ingest.close());
beforeEach(() => void ingest.queued());

/** What only a gateway can see: it refuses by itself, or takes the bytes apart. */
function needsHttp(one: InputCase): boolean {
  const generator = generatorOf(one);
  const framing = generator.raw === true && one.id.startsWith('HT');
  return (
    framing ||
    generator.drip_ms !== undefined ||
    generator.path !== undefined ||
    (generator.method ?? 'POST') !== 'POST'
  );
}

const single = inputCases('ingest').filter((one) => !needsHttp(one) && generatorOf(one).requests === undefined);

/** An answer may quote at most 100 characters: a longer quotation would hold one of these pieces whole. */
function expectNoEcho(answer: string, input: string): void {
  for (let at = 0; at + 51 <= answer.length; at += 50) expect(input).not.toContain(answer.slice(at, at + 51));
}

describe.each<BodyEncoding>(['text', 'base64'])('bodies handed over as %s', (encoding) => {
  // A key of its own, because idempotency keys live per API key.
  beforeAll(async () => void (context.words.KEY = await ingest.key(['events:write'])));

  it.each(single.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const request = buildRequest(one, context);
    const claimsBefore = await ingest.claims();

    const answer = await ingest.invoke(toGatewayEvent(request, ROUTE, encoding));

    expect(one.expect_status).toContain(answer.statusCode);
    const queued = ingest.queued();
    if (answer.statusCode < 300) {
      expect(queued).toHaveLength(1);
      const { event } = queued[0]!;
      expect(JSON.parse(answer.body)).toEqual({ id: event.id, enqueued_at: new Date(event.enqueued_ms).toISOString() });
      if (one.if_accepted === 'same_value') expect(event.data).toBe(sentData(one, context));
      if (one.if_accepted === 'no_effect') expect(event).toMatchObject({ organization: 'org_1', type: 'visit.ended' });
    } else {
      expect(queued).toEqual([]);
      expect(await ingest.claims()).toBe(claimsBefore);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      const problem = JSON.parse(answer.body) as Record<string, unknown>;
      expect(problem).toMatchObject({ status: answer.statusCode });
      expect(Object.keys(problem).slice(0, 4)).toEqual(['type', 'title', 'status', 'detail']);
      expectNoEcho(answer.body, request.body?.toString() ?? '');
      expect(answer.body).not.toMatch(/\bat \S+ \(|node:internal|\.ts:\d+/);
    }
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});

describe('requests that come more than once', () => {
  const several = (id: string) => {
    const one = inputCases('ingest').find((found) => found.id === id)!;
    return { one, event: toGatewayEvent(buildRequest(one, context), ROUTE, 'text') };
  };

  it('ID009: answers the second post of a key like the first', async () => {
    const { event } = several('ID009');
    const first = await ingest.invoke(event);
    const second = await ingest.invoke(event);
    expect(first.statusCode).toBe(202);
    expect(second).toEqual(first);
    expect(ingest.queued()).toHaveLength(1);
  });

  it('ID010: refuses another body under the same key', async () => {
    const { one, event } = several('ID010');
    await ingest.invoke(event);
    const second = await ingest.invoke({ ...event, body: `${event.body} ` });
    expect(one.expect_status).toContain(second.statusCode);
    expect(JSON.parse(second.body)).toMatchObject({ type: 'urn:posthorn:problem:idempotency-key-reused' });
    expect(ingest.queued()).toHaveLength(1);
  });

  it('ID011: keeps the keys of two organizations, and of two API keys, apart', async () => {
    const { event } = several('ID011');
    const otherKey = await ingest.key(['events:write']);
    const otherOrganization = { ...event, body: event.body!.replace('org_1', 'org_2') };
    const otherCaller = { ...event, headers: { ...event.headers, authorization: `Bearer ${otherKey}` } };
    const answers = await Promise.all([event, otherOrganization, otherCaller].map((each) => ingest.invoke(each)));
    expect(answers.map((answer) => answer.statusCode)).toEqual([202, 202, 202]);
    expect(new Set(ingest.queued().map(({ event: { id } }) => id)).size).toBe(3);
  });

  it('ID012: makes one event of 100 simultaneous posts, and gives all the same answer', async () => {
    const { event } = several('ID012');
    const answers = await Promise.all(Array.from({ length: 100 }, () => ingest.invoke(event)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]!.statusCode).toBe(202);
    expect(new Set(ingest.queued().map(({ event: { id } }) => id)).size).toBe(1);
  });
});
