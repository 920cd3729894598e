import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startIngest, type Ingest } from '../support/ingest.ts';

let ingest: Ingest;
beforeAll(async () => void (ingest = await startIngest()));
afterAll(() => ingest.close());
beforeEach(() => {
  ingest.queued();
  ingest.sqsCalls([]);
});

interface Item {
  id?: string;
  status?: number;
  errors?: { pointer: string }[];
}

const item = (n: number, changes: Record<string, unknown> = {}): string =>
  JSON.stringify({ organization: 'org_1', type: 'visit.ended', data: { n }, ...changes });
const batch = (items: string[]): string => `{"events":[${items.join()}]}`;
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => item(n));
const post = async (body: string, headers: Record<string, string> = {}): Promise<{ status: number; data: Item[] }> => {
  const answer = await ingest.post(body, { batch: true, headers });
  return { status: answer.statusCode, ...(JSON.parse(answer.body) as { data: Item[] }) };
};
const dataQueued = (): string[] => ingest.queued().map((message) => message.event.data!);

describe('POST /v1/events/batch', () => {
  it('answers 100 events in order, and queues all of them', async () => {
    const { status, data } = await post(batch(many(100)));
    expect(status).toBe(202);
    const messages = ingest.queued();
    const byId = new Map(messages.map(({ event }) => [event.id, event.data]));
    expect(data.map(({ id }) => byId.get(id!))).toEqual(Array.from({ length: 100 }, (_, n) => `{"n":${n}}`));
  });

  it.each([0, 101])('refuses %i events', async (count) => {
    expect((await ingest.post(batch(many(count)), { batch: true })).statusCode).toBe(422);
    expect(ingest.queued()).toEqual([]);
  });

  it('lets a bad event spoil no other, and points into the batch', async () => {
    const bad = item(1, { type: 'visit.endet', data: { status: 7 } });
    const twice = '{"organization":"org_1","type":"visit.ended","data":{"a":1,"a":2}}';
    const { status, data } = await post(batch([item(0), bad, twice, item(3)]));
    expect(status).toBe(202);
    expect(data.map((result) => result.status)).toEqual([undefined, 422, 422, undefined]);
    expect(data[1]!.errors![0]!.pointer).toBe('/events/1/type');
    expect(data[2]!.errors![0]!.pointer).toBe('/events/2/data/a');
    expect(dataQueued()).toEqual(['{"n":0}', '{"n":3}']);
  });

  it.each([
    ['an event that is no JSON', batch([item(0), '{"a":tru}'])],
    ['a missing event', batch([item(0), ''])],
    ['brackets that do not match', `{"events":[${item(0)},{"a":[}]}`],
    ['a batch that is cut off', batch([item(0)]).slice(0, -1)],
    ['text after the batch', `${batch([item(0)])}]`],
  ])('refuses the whole request for %s', async (_name, body) => {
    expect((await ingest.post(body, { batch: true })).statusCode).toBe(400);
    expect(ingest.queued()).toEqual([]);
  });

  it.each([
    ['a list', `[${item(0)}]`],
    ['another field beside events', `{"events":[${item(0)}],"more":1}`],
    ['events that are no list', '{"events":{}}'],
    ['one event alone', item(0)],
    ['events twice', `{"events":[${item(0)}],"events":[${item(1)}]}`],
  ])('refuses %s', async (_name, body) => {
    expect((await ingest.post(body, { batch: true })).statusCode).toBe(422);
    expect(ingest.queued()).toEqual([]);
  });

  it('understands blanks around everything and an escaped name', async () => {
    const spread = ` { "events" : [ ${item(0)} ,\n${item(1)} ] } `;
    const escaped = batch([item(2)]).replace('events', '\\u0065vents');
    expect((await post(spread)).data).toHaveLength(2);
    expect((await post(escaped)).data).toHaveLength(1);
    expect(dataQueued()).toEqual(['{"n":0}', '{"n":1}', '{"n":2}']);
  });

  it('is not misled by brackets, commas and quotation marks inside strings', async () => {
    const text = '],[}{",\\\\"';
    const { data } = await post(batch([item(0, { data: { text } }), item(1)]));
    expect(data).toHaveLength(2);
    expect(JSON.parse(dataQueued()[0]!)).toEqual({ text });
  });

  it('counts depth over the whole body', async () => {
    const nested = (levels: number): string =>
      item(0).replace('{"n":0}', '{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
    const { data } = await post(batch([nested(61), nested(62)]));
    expect(data.map((result) => result.status)).toEqual([undefined, 422]);
  });

  it('refuses an event over 262,144 bytes alone, and a request over 1 MiB whole', async () => {
    const sized = (bytes: number): string =>
      item(0, { data: { s: 'x'.repeat(bytes - item(0, { data: { s: '' } }).length) } });
    const { data } = await post(batch([sized(262_144), sized(262_145)]));
    expect(data.map((result) => result.status)).toEqual([undefined, 413]);
    const whole = await ingest.post(batch(Array.from({ length: 5 }, () => sized(250_000))), { batch: true });
    expect(whole.statusCode).toBe(413);
  });

  it('refuses only the events of organizations that a bound key may not speak for', async () => {
    const key = await ingest.key(['events:write'], 'org_1');
    const answer = await ingest.post(batch([item(0), item(1, { organization: 'org_2' })]), { batch: true, key });
    const { data } = JSON.parse(answer.body) as { data: Item[] };
    expect(data.map((result) => result.status)).toEqual([undefined, 403]);
    expect(ingest.queued().map(({ event }) => event.organization)).toEqual(['org_1']);
  });

  it('gives 503 to exactly the events that SQS did not take', async () => {
    ingest.sqsCalls(['fail', 'ok', 'fail']);
    const { status, data } = await post(batch(many(15)));
    expect(status).toBe(202);
    const queued = new Set(ingest.queued().map(({ event }) => event.id));
    expect([5, 10]).toContain(queued.size);
    expect(data.filter((result) => result.status === 503)).toHaveLength(15 - queued.size);
    expect(data.filter(({ id }) => id && queued.has(id))).toHaveLength(queued.size);
  });

  it('repeats a batch under the same ids when part of it failed, and only then queues again', async () => {
    const headers = { 'idempotency-key': 'batch-1' };
    ingest.sqsCalls(['fail', 'ok', 'fail']);
    const first = await post(batch(many(15)), headers);
    const second = await post(batch(many(15)), headers);
    const third = await post(batch(many(15)), headers);
    expect(second.data.every(({ id }) => id !== undefined)).toBe(true);
    expect(third).toEqual(second);
    first.data.forEach(({ id }, index) => expect(id ?? second.data[index]!.id).toBe(second.data[index]!.id));
    expect(new Set(ingest.queued().map(({ event }) => event.id)).size).toBe(15);
  });

  it('claims nothing when every event is refused', async () => {
    const before = await ingest.claims();
    const { data } = await post(batch([item(0, { type: 'x' })]), { 'idempotency-key': 'batch-2' });
    expect(data[0]!.status).toBe(422);
    expect(await ingest.claims()).toBe(before);
  });
});
