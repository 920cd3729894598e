import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// Every wrong value that a person would send, in a new subscription and in a change of one: refused with the place that is
// wrong, and nothing is stored. Credentials and imported secrets: auth.test.ts. Rights of keys: rights.test.ts.

let api: TestApi;
let id: string;
beforeAll(async () => {
  api = await startApi();
  const made = await api.call<{ id: string }>('POST', '/v1/subscriptions', {
    body: { organization: 'acme', url: 'https://hooks.example.com/' },
  });
  id = made.body.id;
});
afterAll(() => api.close());

/** All that a refused request could have left: rows, secrets, records. */
async function everything(): Promise<unknown[]> {
  const tables = ['Subscriptions', 'SigningSecrets', 'EndpointHealth', 'AuditTrail', 'ApiKeys'].map((table) =>
    api.tables.dynamoDb.send(new ScanCommand({ TableName: api.tables.table(table as never), ConsistentRead: true })),
  );
  return (await Promise.all(tables)).map(({ Items }) => Items);
}

interface Refused {
  errors: { pointer: string }[];
}
const pointersOf = ({ body }: { body: Refused }): string[] => body.errors.map(({ pointer }) => pointer);

const NO_NUMBERS: unknown[] = ['5', '', '5s', 'five', true, false, [5], [], {}, { N: '5' }, 1.5, -1, 1e21];
const NO_WORDS: unknown[] = [5, 0, true, false, [], {}, '', ' ', { S: 'v1' }];

/** What is wrong both in a new one and in a change; `at` is the place when it is not the member itself. */
const WRONG: Record<string, unknown[]> = {
  signing: [...NO_WORDS, 'V1', ' v1', 'v2', 'v1,v1a', 'hmac', 'ed25519', 'none', 'null', ['v1']],
  account: [...NO_WORDS, 'a b', ' north', 'north ', 'nörth', 'a/b', '*', 'a,b', ['north'], 'x'.repeat(65)],
  heal_hours: [...NO_NUMBERS, 121, '24 h', 'P1D'],
  rate_per_second: [...NO_NUMBERS, 0, 1001, '5/s', 'unlimited'],
  delivery: [...NO_WORDS, null, 'PULL', 'Push', ' pull', 'poll', 'both', 'none', ['pull']],
  filter: [
    ...['', 'null', '{"type":["visit.ended"]}', 5, true, [], [{ type: ['visit.ended'] }], {}],
    { at: '/filter/state', value: { state: ['running'] } },
    { at: '/filter/data/state', value: { data: { state: 'running' } } },
    { at: '/filter/data/state', value: { data: { state: [] } } },
    { at: '/filter/data/state/0', value: { data: { state: [{ like: 'x' }] } } },
    { at: '/filter/data/n/0/numeric', value: { data: { n: [{ numeric: ['>', '5'] }] } } },
  ],
  // Not set by a change of the row: pause and resume have routes of their own.
  paused: [true, false, null, 'yes', 'true', 1, [], {}],
};
const TABLE = Object.entries(WRONG).flatMap(([member, values]) =>
  values.map((one): [member: string, value: unknown, pointer: string] => {
    const isPlaced = typeof one === 'object' && one !== null && 'at' in one && 'value' in one;
    return isPlaced ? [member, one.value, one.at as string] : [member, one, `/${member}`];
  }),
);

describe('all that is wrong', () => {
  it('is said at once: unknown members, values and URLs', async () => {
    const body = {
      ...{ organization: 'acme', url: 'ftp://hooks.example.com/', timout_seconds: 3, active: 'yes' },
      auth: { type: 'oauth2', token_url: 'nowhere', client_id: 'a', client_secret: 'b' },
    };
    const { organization: _, ...change } = body;

    const created = await api.call<Refused>('POST', '/v1/subscriptions', { body });
    const changed = await api.call<Refused>('PATCH', `/v1/subscriptions/${id}`, { body: change });

    const wrong = ['/active', '/auth/token_url', '/timout_seconds', '/url'];
    expect([created.status, pointersOf(created).sort()]).toEqual([422, wrong]);
    expect([changed.status, pointersOf(changed).sort()]).toEqual([422, wrong]);
  });
});

describe('a wrong value', () => {
  it.each(TABLE)('of %s, %j, is refused at %s, and nothing is stored', async (member, value, pointer) => {
    const before = await everything();

    const created = await api.call<Refused>('POST', '/v1/subscriptions', {
      body: { organization: 'acme', url: 'https://new.example.com/', [member]: value },
    });
    const changed = await api.call<Refused>('PATCH', `/v1/subscriptions/${id}`, { body: { [member]: value } });

    expect([created.status, changed.status]).toEqual([422, 422]);
    expect(pointersOf(created)[0]).toMatch(new RegExp(`^${pointer}`));
    expect(pointersOf(changed)[0]).toMatch(new RegExp(`^${pointer}`));
    expect(await everything()).toEqual(before);
  });

  it.each(['signing', 'account', 'heal_hours', 'rate_per_second', 'filter', 'auth'])(
    'of a new subscription is null for %s: there is nothing to take away',
    async (member) => {
      const before = await everything();

      const created = await api.call<Refused>('POST', '/v1/subscriptions', {
        body: { organization: 'acme', url: 'https://new.example.com/', [member]: null },
      });

      expect(created.status).toBe(422);
      expect(pointersOf(created)).toEqual([`/${member}`]);
      expect(await everything()).toEqual(before);
    },
  );
});

const KEY_OF_ACME = { scopes: ['organization'], organization: 'acme' };
const KEYS: [member: string, values: unknown[]][] = [
  ['read_only', ['yes', 'true', 'false', '', 1, 0, null, [], {}, [true], { BOOL: true }]],
  ['payloads', ['no', 'true', 'false', '', 1, 0, null, [], {}, [false], { BOOL: false }]],
  ['account', ['', ' ', 'a b', ' north', '*', 5, true, null, [], ['north'], {}, 'x'.repeat(65)]],
  [
    'expires_at',
    [
      ...['', ' ', 'soon', 'never', 'null', '1y', '2027', '2027-01', '2027-01-31', '31.01.2027', '01/31/2027'],
      ...['2027-01-31 09:15:00Z', '2027-01-31T09:15Z', '2027-01-31T25:00:00Z', '2027-02-30T09:15:00Z'],
      ...['2027-01-31T09:15:00', '2027-01-31T09:15:00+01:00', ' 2027-01-31T09:15:00Z', '20270131T091500Z'],
      ...['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 1801386900, 1801386900000, true, null, [], {}],
    ],
  ],
];

describe('a wrong right of a new key', () => {
  it.each(KEYS.flatMap(([member, values]) => values.map((value): [string, unknown] => [member, value])))(
    '%s as %j is refused, and no key is made',
    async (member, value) => {
      const before = await everything();

      const made = await api.call<Refused>('POST', '/v1/api-keys', { body: { ...KEY_OF_ACME, [member]: value } });

      expect(made.status).toBe(422);
      expect(pointersOf(made)).toEqual([`/${member}`]);
      expect(await everything()).toEqual(before);
    },
  );
});
