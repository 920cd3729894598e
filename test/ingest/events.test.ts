import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startIngest, type Ingest } from '../support/ingest.ts';

let ingest: Ingest;
beforeAll(async () => void (ingest = await startIngest()));
afterAll(() => ingest.close());
beforeEach(() => {
  ingest.queued();
  ingest.sqsCalls([]);
});
afterEach(() => vi.restoreAllMocks());

const event = (changes: Record<string, unknown> = {}): string =>
  JSON.stringify({ organization: 'org_1', type: 'visit.ended', data: { id: 'v1' }, ...changes });

interface Body {
  id?: string;
  type: string;
  detail: string;
  errors: { pointer: string; detail: string }[];
}
const bodyOf = (answer: { body: string }): Body => JSON.parse(answer.body) as Body;

describe('POST /v1/events', () => {
  it('queues the event with its own id and time, defaults filled in', async () => {
    const before = Date.now();
    const answer = await ingest.post(event());
    expect(answer.statusCode).toBe(202);
    const { id, enqueued_at } = JSON.parse(answer.body) as { id: string; enqueued_at: string };
    expect(id).toMatch(/^evt_[0-9A-Z]{26}$/);
    expect(enqueued_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(enqueued_at)).toBeGreaterThanOrEqual(before);
    expect(ingest.queued()).toEqual([
      {
        v: 1,
        event: {
          id,
          organization: 'org_1',
          type: 'visit.ended',
          triggering_location: 'API',
          enqueued_ms: Date.parse(enqueued_at),
          data: '{"id":"v1"}',
        },
      },
    ]);
  });

  it('keeps digits, escapes, blanks and key order of data', async () => {
    const data = '{ "b":9007199254740993, "1":1.10,"0":1e-7,\n"s":"\\u00e9é\\/\uffff" }';
    await ingest.post(`{"data":${data},"organization":"org_1","type":"visit.ended"}`);
    expect(ingest.queued()[0]!.event.data).toBe(data);
  });

  it('passes optional fields and a valid traceparent on', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const fields = { account: 'acc_1', resource_id: 'r-1', triggering_location: 'DASHBOARD' };
    await ingest.post(event(fields), { headers: { traceparent } });
    await ingest.post(event(), { headers: { traceparent: '00-xyz' } });
    const [first, second] = ingest.queued();
    expect(first).toMatchObject({ traceparent, event: fields });
    expect(second).not.toHaveProperty('traceparent');
  });

  it('names every problem of an event at once, each with its pointer', async () => {
    const answer = await ingest.post(
      JSON.stringify({
        organization: 'a b',
        account: null,
        triggering_location: 'HOME',
        resource_id: 'x'.repeat(129),
        data: [],
        'a/b~': 1,
        type: 'visit.endet',
      }),
    );
    expect(answer.statusCode).toBe(422);
    const { errors } = bodyOf(answer);
    expect(new Set(errors.map(({ pointer }) => pointer))).toEqual(
      new Set(['/organization', '/account', '/triggering_location', '/resource_id', '/data', '/type', '/a~1b~0']),
    );
    expect(errors.find(({ pointer }) => pointer === '/type')!.detail).toContain('visit.ended');
    expect(ingest.queued()).toEqual([]);
  });

  it('names the fields that are missing', async () => {
    const { errors } = bodyOf(await ingest.post('{}'));
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/organization', '/type', '/data']);
  });

  it('lists ten of 5,000 unknown fields and counts the rest', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`f${n}`, n]));
    const { errors } = bodyOf(await ingest.post(event(unknown)));
    expect(errors).toHaveLength(11);
    expect(errors[10]!.detail).toContain('4990 more');
  });

  it.each(['posthorn.endpoint.down', 'posthorn.made.up'])(
    'refuses %s: the platform alone tells of endpoints',
    async (type) => {
      const answer = await ingest.post(event({ type }));

      expect(answer.statusCode).toBe(422);
      expect(bodyOf(answer).errors[0]!.detail).toContain('the platform alone publishes posthorn.…');
    },
  );

  it('refuses a ping: nobody publishes it', async () => {
    const answer = await ingest.post(event({ type: 'ping' }));
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer).errors[0]!.pointer).toBe('/type');
  });

  it('refuses data that breaks the schema of its type, with a pointer into data', async () => {
    const answer = await ingest.post(event({ data: { status: { not: 'text' } } }));
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer).errors[0]!.pointer).toMatch(/^\/data\//);
  });

  it('counts depth over the whole body: 64 levels pass, 65 do not', async () => {
    const nested = (levels: number): string => {
      const data = '{"a":'.repeat(levels - 1) + '1' + '}'.repeat(levels - 1);
      return `{"organization":"org_1","type":"visit.ended","data":${data}}`;
    };
    expect((await ingest.post(nested(64))).statusCode).toBe(202);
    expect((await ingest.post(nested(65))).statusCode).toBe(422);
  });

  it('lets a key that is bound to an organization publish for that one only', async () => {
    const key = await ingest.key(['events:write'], 'org_1');
    expect((await ingest.post(event(), { key })).statusCode).toBe(202);
    const foreign = await ingest.post(event({ organization: 'org_2' }), { key });
    expect(foreign.statusCode).toBe(403);
    expect(ingest.queued()).toHaveLength(1);
  });

  it('lets an admin key publish', async () => {
    expect((await ingest.post(event(), { key: await ingest.key(['admin']) })).statusCode).toBe(202);
  });

  it('answers 503 and stores nothing when SQS fails twice', async () => {
    ingest.sqsCalls(['fail', 'fail']);
    const answer = await ingest.post(event());
    expect(answer.statusCode).toBe(503);
    expect(bodyOf(answer).type).toBe('urn:posthorn:problem:unavailable');
    expect(answer.body).not.toContain('InternalError');
  });

  it('accepts when the second try succeeds', async () => {
    ingest.sqsCalls(['fail']);
    expect((await ingest.post(event())).statusCode).toBe(202);
    expect(ingest.queued()).toHaveLength(1);
  });

  it('writes one line per request, without payload or key', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'idempotency-key': 'log-1', traceparent };
    await ingest.post(event({ data: { secret_name: 'Jane Roe' } }), { headers });
    const lines = write.mock.calls.map(([line]) => String(line));
    const log = JSON.parse(lines.find((line) => line.includes('"message"'))!) as Record<string, unknown>;
    expect(lines).toHaveLength(1);
    expect(log).toMatchObject({ stage: 'ingest', status: 202, decision: 'queued', traceparent });
    expect(log.event_ids).toHaveLength(1);
    expect(lines.join()).not.toMatch(/Jane|secret_name|phk_|log-1/);
  });

  it('counts what it refuses on the line that says so', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await ingest.post('{');
    const log = JSON.parse(String(write.mock.calls[0]![0])) as Record<string, unknown>;
    expect(log).toMatchObject({ stage: 'ingest', status: 400, EventsRejected: 1 });
    expect(log._aws).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'Posthorn', Dimensions: [['stage']] }] });
  });
});

describe('Idempotency-Key', () => {
  it('goes on with the same id when the first try did not get through', async () => {
    const headers = { 'idempotency-key': 'retry-1' };
    ingest.sqsCalls(['fail', 'fail']);
    expect((await ingest.post(event(), { headers })).statusCode).toBe(503);
    const claims = await ingest.claims();

    const retried = await ingest.post(event(), { headers });
    const repeated = await ingest.post(event(), { headers });

    expect(retried.statusCode).toBe(202);
    expect(repeated).toEqual(retried);
    expect(ingest.queued().map((message) => message.event.id)).toEqual([bodyOf(retried).id]);
    expect(await ingest.claims()).toBe(claims);
  });

  it('is free again after a request that was refused', async () => {
    const headers = { 'idempotency-key': 'mended' };
    expect((await ingest.post(event({ organization: '' }), { headers })).statusCode).toBe(422);
    expect((await ingest.post(event(), { headers })).statusCode).toBe(202);
  });

  it.each([
    ['a', 202],
    ['with blanks inside', 202],
    ['x'.repeat(255), 202],
    ['x'.repeat(256), 400],
    ['', 400],
    ['  ', 400],
    ['tab\tinside', 400],
    ['é', 400],
  ])('%j is answered %i', async (key, status) => {
    expect((await ingest.post(event(), { headers: { 'idempotency-key': key } })).statusCode).toBe(status);
  });

  it.each([
    ['x'.repeat(256), 'got 256 characters'],
    ['', 'got 0 characters'],
    ['é', 'got other characters'],
    ['tab\tinside', 'got other characters'],
  ])('%j is refused for what is wrong with it', async (key, words) => {
    const { body } = await ingest.post(event(), { headers: { 'idempotency-key': key } });

    expect((JSON.parse(body) as { detail: string }).detail).toContain(words);
  });
});

describe('size', () => {
  const sized = (bytes: number): string =>
    event({ data: { s: 'x'.repeat(bytes - event({ data: { s: '' } }).length) } });

  it('takes 262,144 bytes and refuses 262,145', async () => {
    expect((await ingest.post(sized(262_144))).statusCode).toBe(202);
    expect((await ingest.post(sized(262_145))).statusCode).toBe(413);
  });

  it.each(['é', '\u0080', '\uffff', '\\"', '🔐'])(
    'queues the largest event of %j within 1 MiB of ASCII',
    async (fill) => {
      const frame = event({ data: { s: '' } });
      const times = Math.floor((262_144 - frame.length) / Buffer.byteLength(fill));
      const answer = await ingest.post(frame.replace('"s":""', `"s":"${fill.repeat(times)}"`));
      expect(answer.statusCode).toBe(202);
      const [body] = ingest.queuedBodies();
      expect(Buffer.byteLength(body!)).toBeLessThanOrEqual(1_048_576);
      expect(body).toMatch(/^[\x20-\x7e]*$/);
    },
  );
});
