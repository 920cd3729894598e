import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startYardstick, type Yardstick } from '../yardsticks/set-up.ts';

interface View extends Record<string, unknown> {
  id: string;
  organization: string;
}
interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}
interface Secrets {
  secret: string;
  secrets: { secret: string; created_at: string; expires_at?: string }[];
}

const SECRET = /whsec_[A-Za-z0-9+/]{43}=/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

let world: Yardstick;
beforeAll(async () => void (world = await startYardstick('manage')));
afterAll(() => world.close());

const call = <T = View & ProblemBody>(method: string, path: string, body?: unknown, key?: string) =>
  world.posthorn.call<T>(method, path, body, key);

const input = (organization: string, more: object = {}): Record<string, unknown> => ({
  organization,
  url: 'https://hooks.example.com/webhooks',
  ...more,
});

async function created(more: object = {}): Promise<View> {
  const { status, body } = await call('POST', '/v1/subscriptions', input(world.organization(), more));
  expect(status).toBe(201);
  return body;
}

async function listed(path: string): Promise<{ data: View[]; next_cursor: string | null }> {
  return (await call<{ data: View[]; next_cursor: string | null }>('GET', path)).body;
}

async function rowsOf(organization: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await world.posthorn.dynamoDb.send(
    new QueryCommand({
      TableName: world.posthorn.output('SubscriptionsTableName'),
      KeyConditionExpression: 'organization = :organization',
      ExpressionAttributeValues: { ':organization': organization },
      ConsistentRead: true,
    }),
  );
  return Items;
}

describe('creating a subscription', () => {
  it('needs a URL only, answers it bare with its defaults, and shows no secret', async () => {
    const organization = world.organization();

    const { status, body, headers } = await call('POST', '/v1/subscriptions', input(organization));

    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toMatchObject({
      organization,
      id: expect.stringMatching(/^sub_/) as string,
      url: 'https://hooks.example.com/webhooks',
      active: true,
      events: ['*'],
      format: 'standard',
      success: '2xx',
      timeout_seconds: 10,
      created_at: expect.stringMatching(TIME) as string,
      updated_at: body.created_at,
    });
    expect(JSON.stringify(body)).not.toMatch(/whsec_/);
  });

  it('keeps everything that can be chosen', async () => {
    const chosen = {
      url: 'https://hooks.example.com/x?y=1',
      active: false,
      events: ['visit.*', 'shift.created'],
      format: 'resource',
      success: '200',
      description: "Zoë's clinic",
      account: 'acc_1',
      signature_header: 'Axle-Signature',
      headers: { 'X-Team': 'blue' },
      timeout_seconds: 30,
    };
    const { id } = await created(chosen);
    expect((await call('GET', `/v1/subscriptions/${id}`)).body).toMatchObject(chosen);
  });

  it.each<[string, object, string]>([
    ['a private address', { url: 'https://10.0.0.1/' }, '/url'],
    ['plain http', { url: 'http://hooks.example.com/' }, '/url'],
    ['no URL at all', { url: 'hooks' }, '/url'],
    ['a URL of another type', { url: 5 }, '/url'],
    ['an unknown member', { urll: 'x' }, '/urll'],
    ['a server-set member', { id: 'sub_1' }, '/id'],
    ['an unknown type', { events: ['visit.ended', 'visit.endet'] }, '/events/1'],
    ['no events', { events: [] }, '/events'],
    ['an unknown format', { format: 'xml' }, '/format'],
    ['a status nobody answers', { success: '3xx' }, '/success'],
    ['a timeout beyond 30 s', { timeout_seconds: 31 }, '/timeout_seconds'],
    ['half a second', { timeout_seconds: 0.5 }, '/timeout_seconds'],
    ['a reserved header', { headers: { 'webhook-id': 'x' } }, '/headers/webhook-id'],
    ['a reserved signature header', { signature_header: 'Host' }, '/signature_header'],
    ['an account with a blank', { account: 'acc 1' }, '/account'],
    ['an organization with a dot', { organization: 'o.1' }, '/organization'],
    ['a word for active', { active: 'yes' }, '/active'],
  ])('refuses %s, and says where', async (_what, wrong, pointer) => {
    const organization = world.organization();

    const { status, body, headers } = await call('POST', '/v1/subscriptions', { ...input(organization), ...wrong });

    expect(status).toBe(422);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'urn:posthorn:problem:invalid-request', status: 422 });
    expect(body.title).not.toBe('');
    expect(body.errors!.map((error) => error.pointer)).toContain(pointer);
    expect(await rowsOf(organization)).toEqual([]);
  });

  it('names all that is wrong at once', async () => {
    const wrong = { url: 'https://hooks.example.com/', format: 'xml', timeout_seconds: 0, more: 1 };
    const { body } = await call('POST', '/v1/subscriptions', { ...input(world.organization()), ...wrong });
    expect(body.errors!.map(({ pointer }) => pointer).sort()).toEqual(['/format', '/more', '/timeout_seconds']);
  });
});

describe('an exact duplicate', () => {
  it('is refused with 409 and the id of what is there', async () => {
    const first = await created({ events: ['visit.*', 'shift.*'], account: 'acc_1' });
    const { organization } = first;
    const same = input(organization, { events: ['shift.*', 'visit.*', 'visit.*'], account: 'acc_1' });

    const { status, body } = await call('POST', '/v1/subscriptions', same);

    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'urn:posthorn:problem:conflict', status: 409 });
    expect(body.detail).toContain(first.id);
    expect(await rowsOf(organization)).toHaveLength(1);
  });

  it.each([{ url: 'https://hooks.example.com/other' }, { account: 'acc_1' }, { format: 'thin' }, { events: 'visit' }])(
    'is one that differs in nothing: %j differs',
    async (difference) => {
      const { organization } = await created();
      const { status } = await call('POST', '/v1/subscriptions', input(organization, difference));
      expect(status).toBe(201);
    },
  );

  it('of another organization is nobody’s business', async () => {
    await created();
    expect((await call('POST', '/v1/subscriptions', input(world.organization()))).status).toBe(201);
  });

  it('is not made by ten requests at the same moment', async () => {
    const organization = world.organization();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('POST', '/v1/subscriptions', input(organization))),
    );

    const statuses = answers.map(({ status }) => status).sort();
    expect(new Set(statuses).size).toBeLessThanOrEqual(2);
    expect(statuses.filter((status) => status === 201)).toHaveLength((await rowsOf(organization)).length);
    expect(await rowsOf(organization)).toHaveLength(1);
  });

  it('is not made by a change either', async () => {
    const first = await created();
    const { body: second } = await call('POST', '/v1/subscriptions', input(first.organization, { format: 'thin' }));
    const { status } = await call('PATCH', `/v1/subscriptions/${second.id}`, { format: 'standard' });
    expect(status).toBe(409);
  });

  it('that was typed by hand can still be described and deactivated', async () => {
    const { id, organization } = await created();
    const TableName = world.posthorn.output('SubscriptionsTableName');
    const Item = { organization, id: 'by_hand', url: 'https://hooks.example.com/webhooks' };
    await world.posthorn.dynamoDb.send(new PutCommand({ TableName, Item }));
    const { status, body } = await call('PATCH', `/v1/subscriptions/${id}`, { active: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ active: false });
  });
});

describe('listing subscriptions', () => {
  it('pages through those of one organization, each once', async () => {
    const organization = world.organization();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push(
        (await call('POST', '/v1/subscriptions', input(organization, { description: `${n}`, account: `a${n}` }))).body
          .id,
      );
    }

    const found: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/v1/subscriptions?organization=${organization}&limit=2${from}`;
      const page = await listed(path);
      found.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
      pages += 1;
    } while (cursor !== null && pages < 10);

    expect(found.toSorted()).toEqual(ids.toSorted());
  });

  it.each(['limit=0', 'limit=101', 'cursor=abc', 'organization=a.b', 'colour=red'])('refuses %s', async (query) => {
    const { status, body } = await call('GET', `/v1/subscriptions?${query}`);
    expect(status).toBe(422);
    expect(body.errors![0]!.pointer).toBe(`?${query.split('=')[0]!}`);
  });

  it('of an organization key is of its own alone', async () => {
    const mine = await created();
    const other = await created();
    const key = await world.organizationKey(mine.organization);
    const own = await call<{ data: View[] }>('GET', '/v1/subscriptions', undefined, key);
    expect(own.body.data.map(({ id }) => id)).toEqual([mine.id]);
    const path = `/v1/subscriptions?organization=${other.organization}`;
    expect((await call<{ data: View[] }>('GET', path, undefined, key)).body.data).toEqual([]);
  });
});

describe('changing a subscription', () => {
  it('sets what is given, leaves the rest, and says when', async () => {
    const before = await created({ description: 'old', events: 'visit' });

    const { status, body } = await call('PATCH', `/v1/subscriptions/${before.id}`, {
      description: 'new',
      active: false,
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ id: before.id, description: 'new', active: false, events: ['visit'] });
    expect(Date.parse(body.updated_at as string)).toBeGreaterThanOrEqual(Date.parse(before.updated_at as string));
    expect(body.created_at).toBe(before.created_at);
    expect((await call('GET', `/v1/subscriptions/${before.id}`)).body).toEqual(body);
  });

  it('removes what is null', async () => {
    const { id } = await created({ description: 'old', account: 'acc_1', headers: { 'X-A': 'b' } });
    const { body } = await call('PATCH', `/v1/subscriptions/${id}`, {
      description: null,
      account: null,
      headers: null,
    });
    for (const name of ['description', 'account', 'headers']) expect(body).not.toHaveProperty(name);
  });

  it.each<[object, string]>([
    [{ url: 'https://127.0.0.1/' }, '/url'],
    [{ url: null }, '/url'],
    [{ organization: 'org_other' }, '/organization'],
    [{ events: ['nothing.known'] }, '/events/0'],
    [{ problem: 'none' }, '/problem'],
  ])('refuses %j and changes nothing', async (wrong, pointer) => {
    const before = await created();
    const { status, body } = await call('PATCH', `/v1/subscriptions/${before.id}`, { description: 'x', ...wrong });
    expect(status).toBe(422);
    expect(body.errors!.map((error) => error.pointer)).toContain(pointer);
    expect((await call('GET', `/v1/subscriptions/${before.id}`)).body).toEqual(before);
  });
});

describe('deleting a subscription', () => {
  it('takes it and its secret away, once', async () => {
    const { id, organization } = await created();
    expect((await call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(204);
    for (const path of [`/v1/subscriptions/${id}`, `/v1/subscriptions/${id}/secret`]) {
      expect((await call('GET', path)).status).toBe(404);
    }
    expect((await call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(404);
    expect(await rowsOf(organization)).toEqual([]);
  });
});

describe('a signing secret', () => {
  it('is shown by its own route alone', async () => {
    const { id, organization } = await created();

    const secret = await call<Secrets>('GET', `/v1/subscriptions/${id}/secret`);

    expect(secret.status).toBe(200);
    expect(secret.body.secret).toMatch(SECRET);
    expect(secret.body.secrets.map((one) => one.secret)).toEqual([secret.body.secret]);
    const others = [`/v1/subscriptions/${id}`, `/v1/subscriptions?organization=${organization}`];
    for (const path of others) expect(JSON.stringify((await call('GET', path)).body)).not.toMatch(SECRET);
    expect(JSON.stringify(await rowsOf(organization))).not.toMatch(SECRET);
  });

  it('rotated goes first, and the older one stays valid for the hours asked for', async () => {
    const { id } = await created();
    const { body: before } = await call<Secrets>('GET', `/v1/subscriptions/${id}/secret`);

    const { status, body } = await call<Secrets>('POST', `/v1/subscriptions/${id}/rotate-secret`, {
      overlap_hours: 48,
    });

    expect(status).toBe(200);
    expect(body.secrets.map((one) => one.secret)).toEqual([body.secret, before.secret]);
    expect(body.secret).not.toBe(before.secret);
    const [newest, older] = body.secrets;
    expect(newest).not.toHaveProperty('expires_at');
    expect(Date.parse(older!.expires_at!) - Date.parse(newest!.created_at)).toBe(48 * 3_600_000);
    expect((await call<Secrets>('GET', `/v1/subscriptions/${id}/secret`)).body).toEqual(body);
  });

  it('rotated without a body overlaps by a day, and with 0 hours not at all', async () => {
    const { id } = await created();
    const day = await call<Secrets>('POST', `/v1/subscriptions/${id}/rotate-secret`);
    expect(Date.parse(day.body.secrets[1]!.expires_at!) - Date.parse(day.body.secrets[0]!.created_at)).toBe(86_400_000);
    const atOnce = await call<Secrets>('POST', `/v1/subscriptions/${id}/rotate-secret`, { overlap_hours: 0 });
    expect(atOnce.body.secrets.map((one) => one.secret)).toEqual([atOnce.body.secret]);
  });

  it.each([{ overlap_hours: -1 }, { overlap_hours: 169 }, { overlap_hours: 1.5 }, { overlap_hours: '24' }])(
    'is not rotated by %j',
    async (wrong) => {
      const { id } = await created();
      const { body: before } = await call<Secrets>('GET', `/v1/subscriptions/${id}/secret`);
      const { status, body } = await call('POST', `/v1/subscriptions/${id}/rotate-secret`, wrong);
      expect(status).toBe(422);
      expect(body.errors![0]!.pointer).toBe('/overlap_hours');
      expect((await call<Secrets>('GET', `/v1/subscriptions/${id}/secret`)).body).toEqual(before);
    },
  );
});

describe('somebody else’s subscription', () => {
  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['GET', '/secret'],
    ['POST', '/rotate-secret'],
    ['POST', '/ping'],
  ])('answers %s %s like one that never was', async (method, suffix) => {
    const foreign = await created();
    const key = await world.organizationKey(world.organization());
    const body = method === 'PATCH' ? { active: false } : undefined;

    const asked = await call(method, `/v1/subscriptions/${foreign.id}${suffix}`, body, key);
    const missing = await call(method, `/v1/subscriptions/sub_01AAAAAAAAAAAAAAAAAAAAAAAA${suffix}`, body, key);

    expect(asked.status).toBe(404);
    expect(asked.body).toEqual(missing.body);
    expect((await call('GET', `/v1/subscriptions/${foreign.id}`)).body).toEqual(foreign);
  });
});
