import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startManagement, type Management, type Page } from './set-up.ts';

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

let api: Management;
beforeAll(async () => void (api = await startManagement('manage')));
afterAll(() => api.close());

describe('creating a subscription', () => {
  it('needs a URL only, answers it bare with its defaults, and shows no secret', async () => {
    const organization = api.organization();

    const { status, body, headers } = await api.call('POST', '/v1/subscriptions', api.input(organization));

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
    const { id } = await api.created(chosen);
    expect((await api.call('GET', `/v1/subscriptions/${id}`)).body).toMatchObject(chosen);
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
    const organization = api.organization();

    const { status, body, headers } = await api.call('POST', '/v1/subscriptions', {
      ...api.input(organization),
      ...wrong,
    });

    expect(status).toBe(422);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toMatchObject({ type: 'urn:posthorn:problem:invalid-request', status: 422 });
    expect(body.title).not.toBe('');
    expect(body.errors!.map((error) => error.pointer)).toContain(pointer);
    expect(await api.rowsOf(organization)).toEqual([]);
  });

  it('names all that is wrong at once', async () => {
    const wrong = { url: 'https://hooks.example.com/', format: 'xml', timeout_seconds: 0, more: 1 };
    const { body } = await api.call('POST', '/v1/subscriptions', { ...api.input(api.organization()), ...wrong });
    expect(body.errors!.map(({ pointer }) => pointer).sort()).toEqual(['/format', '/more', '/timeout_seconds']);
  });
});

describe('listing subscriptions', () => {
  it('pages through those of one organization, each once', async () => {
    const organization = api.organization();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push(
        (
          await api.call(
            'POST',
            '/v1/subscriptions',
            api.input(organization, { description: `${n}`, account: `a${n}` }),
          )
        ).body.id,
      );
    }

    const found: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const path = `/v1/subscriptions?organization=${organization}&limit=2${from}`;
      const page: Page = (await api.call<Page>('GET', path)).body;
      found.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
      pages += 1;
    } while (cursor !== null && pages < 10);

    expect(found.toSorted()).toEqual(ids.toSorted());
  });

  it.each(['limit=0', 'limit=101', 'cursor=abc', 'organization=a.b', 'colour=red'])('refuses %s', async (query) => {
    const { status, body } = await api.call('GET', `/v1/subscriptions?${query}`);
    expect(status).toBe(422);
    expect(body.errors![0]!.pointer).toBe(`?${query.split('=')[0]!}`);
  });

  it('of an organization key is of its own alone', async () => {
    const mine = await api.created();
    const other = await api.created();
    const key = await api.organizationKey(mine.organization);
    const own = await api.call<Page>('GET', '/v1/subscriptions', undefined, key);
    expect(own.body.data.map(({ id }) => id)).toEqual([mine.id]);
    const path = `/v1/subscriptions?organization=${other.organization}`;
    expect((await api.call<Page>('GET', path, undefined, key)).body.data).toEqual([]);
  });
});

describe('changing a subscription', () => {
  it('sets what is given, leaves the rest, and says when', async () => {
    const before = await api.created({ description: 'old', events: 'visit' });

    const { status, body } = await api.call('PATCH', `/v1/subscriptions/${before.id}`, {
      description: 'new',
      active: false,
    });

    expect(status).toBe(200);
    expect(body).toMatchObject({ id: before.id, description: 'new', active: false, events: ['visit'] });
    expect(Date.parse(body.updated_at as string)).toBeGreaterThanOrEqual(Date.parse(before.updated_at as string));
    expect(body.created_at).toBe(before.created_at);
    expect((await api.call('GET', `/v1/subscriptions/${before.id}`)).body).toEqual(body);
  });

  it('removes what is null', async () => {
    const { id } = await api.created({ description: 'old', account: 'acc_1', headers: { 'X-A': 'b' } });
    const { body } = await api.call('PATCH', `/v1/subscriptions/${id}`, {
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
    const before = await api.created();
    const { status, body } = await api.call('PATCH', `/v1/subscriptions/${before.id}`, { description: 'x', ...wrong });
    expect(status).toBe(422);
    expect(body.errors!.map((error) => error.pointer)).toContain(pointer);
    expect((await api.call('GET', `/v1/subscriptions/${before.id}`)).body).toEqual(before);
  });
});

describe('deleting a subscription', () => {
  it('takes it and its secret away, once', async () => {
    const { id, organization } = await api.created();
    expect((await api.call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(204);
    for (const path of [`/v1/subscriptions/${id}`, `/v1/subscriptions/${id}/secret`]) {
      expect((await api.call('GET', path)).status).toBe(404);
    }
    expect((await api.call('DELETE', `/v1/subscriptions/${id}`)).status).toBe(404);
    expect(await api.rowsOf(organization)).toEqual([]);
  });
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
    const foreign = await api.created();
    const key = await api.organizationKey(api.organization());
    const body = method === 'PATCH' ? { active: false } : undefined;

    const asked = await api.call(method, `/v1/subscriptions/${foreign.id}${suffix}`, body, key);
    const missing = await api.call(method, `/v1/subscriptions/sub_01AAAAAAAAAAAAAAAAAAAAAAAA${suffix}`, body, key);

    expect(asked.status).toBe(404);
    expect(asked.body).toEqual(missing.body);
    expect((await api.call('GET', `/v1/subscriptions/${foreign.id}`)).body).toEqual(foreign);
  });
});
