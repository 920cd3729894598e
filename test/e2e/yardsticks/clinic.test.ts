import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../support/receiver.ts';
import { connectAtOnce } from '../at-once.ts';
import { bodyOf, startYardstick, type Yardstick } from './set-up.ts';

// Clinic as its customers read its documentation: two payload versions of the same event, and a page with the log of
// all calls and the detail of each.

let clinic: Yardstick;
beforeAll(async () => void (clinic = await startYardstick('clinic')));
afterAll(() => clinic.close());

/** The samples' visit as producers post it. */
const VISIT = {
  id: '28540',
  member_id: '60610',
  provider_id: null,
  start: 1546950546,
  end: 1546951446,
  actual_start: 1546950546,
  actual_end: 1546950555,
  status: 'cancelled',
  status_updated_by: '60610',
};

/** A clinic with one URL on version 1.0 and one on 2.0. */
async function twoVersions(given: Yardstick = clinic) {
  const organization = given.organization();
  const [v1Path, v2Path] = [`/${organization}/v1`, `/${organization}/v2`];
  const v1 = await given.posthorn.subscribe({ organization, url: given.receiver.url(v1Path), format: 'clinic-v1' });
  const v2 = await given.posthorn.subscribe({ organization, url: given.receiver.url(v2Path), format: 'clinic-v2' });
  const publish = async (type: string, data: object): Promise<{ id: string; created: number }> => {
    const { status, body } = await given.posthorn.publish({ organization, type, resource_id: '28540', data });
    expect(status).toBe(202);
    const { id, enqueued_at } = body as unknown as { id: string; enqueued_at: string };
    return { id, created: Math.floor(Date.parse(enqueued_at) / 1000) };
  };
  return { organization, v1: { ...v1, path: v1Path }, v2: { ...v2, path: v2Path }, publish };
}

describe.concurrent('one event to a v1 and a v2 subscriber', () => {
  it('has the same id and two shapes, as in the samples', async () => {
    const { organization, v1, v2, publish } = await twoVersions();

    const { id, created } = await publish('visit.ended', VISIT);

    const [first] = await clinic.received(v1.path, 1);
    const [second] = await clinic.received(v2.path, 1);
    expect(bodyOf(first!)).toEqual({
      version: '1.0',
      id,
      type: 'visit.ended',
      created,
      account_code: organization,
      data: {
        id: '28540',
        member_id: '60610',
        provider_id: null,
        start: '1546950546',
        end: '1546951446',
        actual_start: '1546950546',
        actual_end: '1546950555',
        status: '40',
        completed_by: '60610',
      },
    });
    expect(bodyOf(second!)).toEqual({
      version: '2.0',
      id,
      type: 'visit.ended',
      created,
      clinic_code: organization,
      data: VISIT,
    });
  });

  it('is signed for each with its own secret', async () => {
    const { v1, v2, publish } = await twoVersions();
    await publish('visit.ended', VISIT);
    const [first] = await clinic.received(v1.path, 1);
    const [second] = await clinic.received(v2.path, 1);
    expect(() => verify(first!, v1.secret)).not.toThrow();
    expect(() => verify(second!, v2.secret)).not.toThrow();
    expect(() => verify(second!, v1.secret)).toThrow();
  });

  it('has no deprecation headers while no date is set', async () => {
    const { v1, publish } = await twoVersions();
    await publish('visit.ended', VISIT);
    const [request] = await clinic.received(v1.path, 1);
    expect(request!.headers).not.toHaveProperty('deprecation');
    expect(request!.headers).not.toHaveProperty('sunset');
  });

  it('of a kind that v1 does not know goes to v2 alone, and the log of v1 says why', async () => {
    const { v1, v2, publish } = await twoVersions();
    await publish('user.created', { id: '60610' });
    expect(bodyOf((await clinic.received(v2.path, 1))[0]!)).toMatchObject({ type: 'user.created' });
    expect(await clinic.settledLog(v1.id, 1)).toMatchObject([{ outcome: 'skipped', reason: 'event type not in v1' }]);
    expect(clinic.receiver.requests(v1.path)).toEqual([]);
  });
});

describe.concurrent('what happens to a visit', () => {
  const note = { id: 77, status: 'signed' };
  const invoice = { id: '132', status: 'pending', amount_due: 2500, amount_paid: 1500, currency: 'USD' };
  const completed = { ...VISIT, status: 'completed' };

  it.each([
    ['visit.created', VISIT],
    ['visit.updated', { ...VISIT, status: 'in-progress' }],
    ['visit.ended', VISIT],
    ['visit.note.signed_and_sent', { ...completed, note }],
    ['visit.invoice.processed', { ...completed, invoice }],
  ])('is told as %s with the visit and all that belongs to it', async (type, data) => {
    const { v2, publish } = await twoVersions();
    const { id } = await publish(type, data);
    const [request] = await clinic.received(v2.path, 1);
    expect(bodyOf(request!)).toMatchObject({ version: '2.0', id, type, data });
  });

  it.each([
    ['note', 'visit.note.signed_and_sent', { ...VISIT, note }],
    ['invoice', 'visit.invoice.processed', { ...VISIT, invoice }],
  ])('reaches version 1.0 without the %s, which it never had', async (member, type, data) => {
    const { v1, publish } = await twoVersions();
    await publish(type, data);
    const [request] = await clinic.received(v1.path, 1);
    const body = bodyOf<{ type: string; data: object }>(request!);
    expect(body.type).toBe(type);
    expect(body.data).not.toHaveProperty(member);
    expect(Object.keys(body.data)).toHaveLength(9);
  });
});

describe.concurrent('the log of all webhook calls', () => {
  it('shows the clinic every call to its URLs, the newest event first, and no call of another clinic', async () => {
    const { organization, v1, v2, publish } = await twoVersions();
    const stranger = await twoVersions();
    clinic.receiver.answer(v1.path, (n) => (n === 1 ? 500 : 200));
    const older = await publish('visit.created', VISIT);
    await clinic.settledLog(v1.id, 1);
    const newer = await publish('visit.ended', VISIT);
    await stranger.publish('visit.ended', VISIT);
    await Promise.all([clinic.settledLog(v1.id, 2), clinic.settledLog(v2.id, 2), clinic.settledLog(stranger.v1.id, 1)]);

    const key = await clinic.organizationKey(organization);
    const { status, body } = await clinic.posthorn.call<{ data: Record<string, unknown>[] }>(
      'GET',
      '/v1/attempts',
      undefined,
      key,
    );

    expect(status).toBe(200);
    const calls = body.data.map((call) => [call.event_id, call.subscription_id, call.attempt, call.outcome].join(' '));
    expect(calls.toSorted()).toEqual(
      [
        `${older.id} ${v1.id} 1 failed`,
        `${older.id} ${v1.id} 2 delivered`,
        `${older.id} ${v2.id} 1 delivered`,
        `${newer.id} ${v1.id} 1 delivered`,
        `${newer.id} ${v2.id} 1 delivered`,
      ].sort(),
    );
    const ofV1 = body.data.filter((call) => call.subscription_id === v1.id).map((call) => call.event_id);
    expect(ofV1).toEqual([newer.id, older.id, older.id]);
  });

  it('has the detail of each call: the very bytes of the request, headers with masked secrets, and the answer', async () => {
    const { organization, v1, v2, publish } = await twoVersions();
    // Without Retry-After: with it the endpoint would be throttled, and the delivery held until then.
    clinic.receiver.answer(v1.path, (n) => (n === 1 ? { status: 503, body: 'come back' } : 200));
    const { id } = await publish('visit.ended', VISIT);
    const log = [...(await clinic.settledLog(v1.id, 1)), ...(await clinic.settledLog(v2.id, 1))];
    const key = await clinic.organizationKey(organization);

    const details = await Promise.all(
      log.map(async (line) => (await clinic.posthorn.call('GET', `/v1/attempts/${line.id}`, undefined, key)).body),
    );

    const received = [...clinic.receiver.requests(v1.path), ...clinic.receiver.requests(v2.path)];
    expect(details).toHaveLength(3);
    details.forEach((detail, n) => {
      const { headers, body } = detail.request as { headers: Record<string, string>; body: string };
      expect(body).toBe(received[n]!.body);
      expect(headers).toMatchObject({
        'webhook-id': id,
        'webhook-timestamp': received[n]!.headers['webhook-timestamp'],
        'user-agent': received[n]!.headers['user-agent'],
        'webhook-signature': `${String(received[n]!.headers['webhook-signature']).slice(0, 9)}***`,
      });
      expect(detail.timings_ms).toMatchObject({ total: expect.any(Number) as number });
    });
    expect(details[0]).toMatchObject({
      outcome: 'failed',
      attempt: 1,
      status: 503,
      url: clinic.receiver.url(v1.path),
      response: { body: 'come back' },
      next_attempt_at: expect.any(String) as string,
    });
    expect(details[1]).toMatchObject({ outcome: 'delivered', attempt: 2, status: 200, response: { body: 'ok' } });
  });

  it('shows a call of another clinic exactly like one that never was', async () => {
    const { v2, publish } = await twoVersions();
    await publish('visit.ended', VISIT);
    const [line] = await clinic.settledLog(v2.id, 1);
    const key = await clinic.organizationKey(clinic.organization());
    const foreign = await clinic.posthorn.call('GET', `/v1/attempts/${line!.id}`, undefined, key);
    const missing = await clinic.posthorn.call('GET', `/v1/attempts/${line!.id.slice(0, -1)}0`, undefined, key);
    expect(foreign.status).toBe(404);
    expect(foreign.body).toEqual(missing.body);
  });
});

describe.concurrent('once the operator has set the day on which version 1.0 ends', () => {
  let ending: Yardstick;
  beforeAll(async () => void (ending = await startYardstick('sunset', await connectAtOnce())));
  afterAll(() => ending?.close());

  it('every call of version 1.0 says so in Deprecation and Sunset, and none of version 2.0', async () => {
    const { v1, v2, publish } = await twoVersions(ending);

    await publish('visit.ended', VISIT);

    const [first] = await ending.received(v1.path, 1);
    const [second] = await ending.received(v2.path, 1);
    expect(first!.headers.sunset).toBe('Wed, 30 Jun 2027 00:00:00 GMT');
    const [, deprecatedAt] = /^@(\d+)$/.exec(first!.headers.deprecation as string) ?? [];
    expect(Number(deprecatedAt) * 1000).toBeLessThanOrEqual(Date.UTC(2027, 5, 30));
    expect(second!.headers).not.toHaveProperty('deprecation');
    expect(second!.headers).not.toHaveProperty('sunset');
  });

  it('the catalogue marks the format as deprecated', async () => {
    const { body } = await ending.posthorn.call<{ formats: { name: string; deprecated?: boolean }[] }>(
      'GET',
      '/v1/event-types',
    );
    expect(body.formats.filter(({ deprecated }) => deprecated).map(({ name }) => name)).toEqual(['clinic-v1']);
  });
});
