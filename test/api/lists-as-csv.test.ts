import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsv } from '../support/read-csv.ts';
import { startTenants, type TenantAnswer, type Tenants } from '../support/tenants.ts';

// Every list that the API's own description gives as CSV, asked both ways: they say the same.

interface Described {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: Schema }>; headers?: object }>;
}
interface Schema {
  description?: string;
  properties?: { data?: { items?: { properties?: object } } };
}
interface List {
  name: string;
  path: string;
  /** Members of its items, in the order of the schema. */
  columns: string[];
  description: string;
}
interface Page {
  data: Record<string, unknown>[];
  next_cursor: string | null;
}

/** Said again apart from the routes: a list that gets lost must fail here. */
const LISTS = [
  'getStatistics',
  'listApiKeys',
  'listAttempts',
  'listAuditRecords',
  'listDeliveries',
  'listEventTypes',
  'listEvents',
  'listOrganizations',
  'listReplays',
  'listSubscriptions',
];
const FORMULA = '=HYPERLINK("https://evil.example","x")';
const DATA = '{"note":"only-in-the-body-5d1c"}';
const HEADER_VALUE = 'credential-77ab';

let tenants: Tenants;
let admin: string;
let lists: List[];

beforeAll(async () => {
  tenants = await startTenants();
  admin = await tenants.key(['admin']);
  const body = {
    organization: 'org_1',
    url: 'https://hooks.example.com/in',
    description: FORMULA,
    auth: { type: 'bearer', token: HEADER_VALUE },
    active: true,
  };
  const made = await tenants.call({ method: 'POST', path: '/v1/subscriptions', key: admin, body });
  const { id } = JSON.parse(made.text) as { id: string };
  for (const resource of ['1', '2', '3']) await tenants.delivered('org_1', [id], DATA, resource);
  await tenants.call({ method: 'POST', path: `/v1/subscriptions/${id}/replay`, key: admin, body: {} });
  lists = await describedLists();
});
afterAll(() => tenants.close());

async function describedLists(): Promise<List[]> {
  const { text } = await tenants.call({ method: 'GET', path: '/openapi.json' });
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).flatMap(({ operationId, responses }) => {
      const { content = {}, headers } = responses['200'] ?? {};
      if (!content['text/csv']) return [];
      expect(headers).toHaveProperty('link');
      const columns = Object.keys(content['application/json']!.schema.properties!.data!.items!.properties!);
      return [{ name: operationId, path, columns, description: content['text/csv'].schema.description! }];
    }),
  );
}

const ask = (path: string, accept?: string, key = admin): Promise<TenantAnswer> =>
  tenants.call({ method: 'GET', path, key, headers: { host: 'api.example.com', ...(accept && { accept }) } });

const typeOf = ({ headers }: TenantAnswer): string => headers['content-type']!;

/** What a cell must say of a member of the JSON. */
function expected(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.startsWith('=') ? `'${value}` : value;
}

describe('as CSV', () => {
  it('each list is described, with its columns', () => {
    expect(lists.map(({ name }) => name).sort()).toEqual(LISTS);
    for (const { columns, description } of lists) expect(description).toContain(columns.join(', '));
  });

  it('each list says cell by cell what it says as JSON', async () => {
    for (const { name, path, columns } of lists) {
      const { data } = JSON.parse((await ask(path)).text) as Page;

      const answer = await ask(path, 'text/csv');

      expect(answer.status, name).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${path.split('/').at(-1)}.csv"`,
        'cache-control': 'no-store',
      });
      const rows = data.map((item) => columns.map((column) => expected(item[column])));
      expect(readCsv(answer.text), name).toEqual([columns, ...rows]);
      // Nothing is counted here: the function that counts follows a stream.
      if (name !== 'getStatistics') expect(rows.length, name).toBeGreaterThan(0);
    }
  });

  it('a list shows no body, no credential and no hash of a key', async () => {
    for (const { path } of lists) {
      const { text } = await ask(path, 'text/csv');
      expect(text).not.toContain('only-in-the-body');
      expect(text).not.toContain(HEADER_VALUE);
      expect(text).not.toMatch(/phk_|whsec_/);
    }
  });

  it('a text that a spreadsheet would compute is defused', async () => {
    const { text } = await ask('/v1/subscriptions', 'text/csv');

    expect(text).toContain(`"'${FORMULA.replaceAll('"', '""')}"`);
  });

  it('pages follow each other by the header link, with the same filters, until nothing follows', async () => {
    const ids: string[] = [];
    let next: string | undefined = '/v1/events?organization=org_1&type=visit.ended&limit=2';
    let pages = 0;
    for (; next !== undefined; pages++) {
      const answer = await ask(next, 'text/csv');
      expect(answer.status).toBe(200);
      ids.push(
        ...readCsv(answer.text)
          .slice(1)
          .map(([id]) => id!),
      );
      const link = answer.headers.link;
      if (link) expect(link).toMatch(/^<https:\/\/api\.example\.com\/v1\/events\?[^>]*limit=2[^>]*>; rel="next"$/);
      next = link?.slice('<https://api.example.com'.length, link.indexOf('>'));
    }

    const { data } = JSON.parse((await ask('/v1/events?organization=org_1')).text) as Page;
    expect(pages).toBeGreaterThan(1);
    expect(ids).toEqual(data.map(({ id }) => id));
  });

  it('a key sees what is its organization’s', async () => {
    const other = await tenants.key(['organization'], 'org_2');

    for (const path of ['/v1/events', '/v1/subscriptions', '/v1/deliveries', '/v1/attempts', '/v1/replays']) {
      const answer = await ask(path, 'text/csv', other);
      expect(readCsv(answer.text).length, path).toBe(1);
    }
  });

  it('what is wrong is said as a problem', async () => {
    const answers = await Promise.all([
      ask('/v1/events?colour=red', 'text/csv'),
      ask('/v1/events', 'text/csv', 'phk_wrong'),
      ask('/v1/audit', 'text/csv', await tenants.key(['organization'], 'org_1')),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([422, 401, 403]);
    for (const answer of answers) expect(typeOf(answer)).toBe('application/problem+json');
  });

  it('an object that is no list stays JSON', async () => {
    expect(typeOf(await ask('/v1/me', 'text/csv'))).toBe('application/json');
  });
});

describe('a list', () => {
  it.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'application/json, text/csv',
    'text/csv, application/json',
    'text/csv;q=0.5, application/json;q=0.9',
    'text/csv;q=0.5, */*',
    'text/csv;q=0',
    'text/csv;q=much',
    'text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8',
    'text/csvx',
  ])('comes as JSON for %j', async (accept) => {
    expect(typeOf(await ask('/v1/events?organization=org_1', accept))).toBe('application/json');
  });

  it.each([
    'text/csv',
    'Text/CSV',
    'text/csv; charset=utf-8',
    'text/*',
    'text/csv, application/json;q=0.9',
    'text/csv, */*;q=.1',
    'application/json;q=0, */*',
  ])('comes as CSV for %j', async (accept) => {
    expect(typeOf(await ask('/v1/events?organization=org_1', accept))).toBe('text/csv; charset=utf-8');
  });
});
