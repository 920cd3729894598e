import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTenants, type Tenants } from '../support/tenants.ts';

// What a key may be made for, and who sees payloads (docs/design.md §13).

const DAY_MS = 86_400_000;
const PATIENT = 'Erika Mustermann';
let tenants: Tenants;
let admin: string;
let event: string;
let attempt: string;

beforeAll(async () => {
  tenants = await startTenants();
  admin = await tenants.key(['admin']);
  const delivered = await tenants.delivered('org_1', ['sub_1'], JSON.stringify({ note: PATIENT }), '28540');
  event = delivered.event;
  attempt = delivered.attempts[0]!;
});
afterAll(() => tenants.close());

const make = (body: object) => tenants.call({ method: 'POST', path: '/v1/api-keys', key: admin, body });
const get = async (key: string, path: string) => {
  const { status, text } = await tenants.call({ method: 'GET', path, key });
  return { status, text, body: JSON.parse(text) as Record<string, unknown> };
};
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

describe('a new key', () => {
  it.each<[string, object, string[]]>([
    ['support of one organization', { scopes: ['support'], organization: 'org_1' }, ['/organization']],
    ['payloads:read alone', { scopes: ['payloads:read'] }, ['/scopes']],
    ['payloads:read of a customer', { scopes: ['organization', 'payloads:read'], organization: 'o' }, ['/scopes']],
    ['support and administrator', { scopes: ['support', 'admin'] }, ['/scopes']],
    ['support that publishes', { scopes: ['support', 'events:write'] }, ['/scopes']],
    ['an administrator that may only look', { scopes: ['admin'], read_only: true }, ['/read_only']],
    ['a producer that may only look', { scopes: ['events:write'], read_only: true }, ['/read_only']],
    ['support without payloads, said twice', { scopes: ['support'], payloads: false }, ['/payloads']],
    [
      'a customer that publishes and may only look',
      { scopes: ['organization', 'events:write'], organization: 'o', read_only: true },
      ['/read_only'],
    ],
    ['an account of no organization', { scopes: ['support'], account: 'acc_1' }, ['/account']],
    ['a producer of one account', { scopes: ['events:write'], organization: 'o', account: 'acc_1' }, ['/account']],
    ['an account that is none', { scopes: ['organization'], organization: 'o', account: 'a b' }, ['/account']],
    ['two faults', { scopes: ['organization'], expires_at: 'soon' }, ['/organization', '/expires_at']],
    ['read_only as text', { scopes: ['organization'], organization: 'o', read_only: 'yes' }, ['/read_only']],
    ['payloads as text', { scopes: ['organization'], organization: 'o', payloads: 'no' }, ['/payloads']],
    ['an end that has passed', { scopes: ['support'], expires_at: '2026-01-31T09:15:00.000Z' }, ['/expires_at']],
    ['an end in more than a year', { scopes: ['support'], expires_at: inDays(367) }, ['/expires_at']],
    ['an end with an offset', { scopes: ['support'], expires_at: '2027-01-31T09:15:00+01:00' }, ['/expires_at']],
    ['an end without a zone', { scopes: ['support'], expires_at: '2027-01-31T09:15:00' }, ['/expires_at']],
    ['a date as an end', { scopes: ['support'], expires_at: '2027-01-31' }, ['/expires_at']],
    ['a day that there is not', { scopes: ['support'], expires_at: '2027-02-30T09:15:00Z' }, ['/expires_at']],
    ['a number as an end', { scopes: ['support'], expires_at: 1 }, ['/expires_at']],
    ['an empty end', { scopes: ['support'], expires_at: '' }, ['/expires_at']],
  ])('is refused as %s', async (_what, body, pointers) => {
    const { status, text } = await make(body);
    const { errors } = JSON.parse(text) as { errors: { pointer: string }[] };

    expect(status).toBe(422);
    expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });

  it('says itself what it may do, and is listed with it', async () => {
    const expires_at = inDays(366);
    const { status, text } = await make({
      scopes: ['organization'],
      organization: 'org_1',
      account: 'acc_1',
      read_only: true,
      payloads: false,
      expires_at,
    });
    const made = JSON.parse(text) as { id: string; key: string };
    const rights = {
      scopes: ['organization'],
      organization: 'org_1',
      account: 'acc_1',
      read_only: true,
      payloads: false,
      expires_at,
    };

    expect(status).toBe(201);
    expect((await get(made.key, '/v1/me')).body).toEqual({ id: made.id, ...rights });
    const { data } = (await get(admin, '/v1/api-keys?limit=100')).body as { data: { id: string }[] };
    expect(data.find(({ id }) => id === made.id)).toMatchObject(rights);
  });
});

describe('a row typed by hand', () => {
  it.each<[string, Parameters<Tenants['key']>]>([
    ['support of one organization', [['support'], 'org_1']],
    ['payloads:read alone', [['payloads:read']]],
    ['support and producer', [['support', 'events:write'], undefined]],
    ['an administrator of one account', [['admin'], undefined, { account: 'acc_1' }]],
    ['support of one account', [['support'], undefined, { account: 'acc_1' }]],
  ])('into %s has none of the rights that do not go together', async (_what, [scopes, organization, change]) => {
    const key = await tenants.key(scopes, organization, change);

    expect((await get(key, `/v1/events/${event}`)).status).toBe(403);
  });

  it.each([['yes'], [1], ['false'], [null]])('with read_only %j may only look', async (read_only) => {
    const key = await tenants.key(['organization'], 'org_1', { read_only } as never);

    expect((await tenants.call({ method: 'POST', path: '/v1/subscriptions', key, body: {} })).status).toBe(403);
  });

  it.each([['yes'], [0], ['true'], [null]])('with payloads %j sees none', async (payloads) => {
    const key = await tenants.key(['organization'], 'org_1', { payloads } as never);

    expect((await get(key, `/v1/events/${event}`)).body).toMatchObject({ redacted: true });
  });
});

describe('payloads', () => {
  const blind: [string, Parameters<Tenants['key']>][] = [
    ['support', [['support']]],
    ['a customer made without', [['organization'], 'org_1', { payloads: false }]],
  ];
  const seeing: [string, Parameters<Tenants['key']>][] = [
    ['an administrator', [['admin']]],
    ['support with payloads:read', [['support', 'payloads:read']]],
    ['a customer', [['organization'], 'org_1']],
  ];

  it.each(blind)('are in no answer to %s, which says so', async (_who, given) => {
    const key = await tenants.key(...given);
    const shown = await get(key, `/v1/events/${event}`);
    const call = await get(key, `/v1/attempts/${attempt}`);

    expect(shown.body).toMatchObject({ id: event, redacted: true });
    expect(shown.body).not.toHaveProperty('data');
    expect(call.body).toMatchObject({ id: attempt, redacted: true, request: { headers: { 'webhook-id': event } } });
    for (const path of ['/v1/events', '/v1/attempts', '/v1/attempts?subscription=sub_1']) {
      expect((await get(key, path)).text).not.toContain(PATIENT);
    }
    expect(shown.text + call.text).not.toContain(PATIENT);
  });

  it.each(seeing)('are in the detail of what is asked for by %s', async (_who, given) => {
    const key = await tenants.key(...given);
    const shown = await get(key, `/v1/events/${event}`);
    const call = await get(key, `/v1/attempts/${attempt}`);

    expect(shown.body).toMatchObject({ data: { note: PATIENT } });
    expect((call.body.response as { body: string }).body).toContain(PATIENT);
    expect((call.body.request as { body: string }).body).toContain(PATIENT);
    expect({ ...shown.body, ...call.body }).not.toHaveProperty('redacted');
  });

  it('are in no list, whoever asks', async () => {
    for (const path of ['/v1/events', '/v1/attempts', '/v1/attempts?subscription=sub_1']) {
      expect((await get(admin, path)).text).not.toContain(PATIENT);
    }
  });
});
