import { Validator, type Schema } from '@cfworker/json-schema';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { JsonAnswer } from '../../support/posthorn.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startYardstick, type Yardstick } from '../yardsticks/set-up.ts';

// Every route that /openapi.json describes, called on the running API: it answers as described, for calls that are right
// and for calls that are wrong.

interface Content {
  content?: Record<string, { schema: Schema }>;
}
interface Described {
  operationId: string;
  security: unknown[];
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Content>;
}
interface Operation extends Described {
  method: string;
  path: string;
}
interface Call {
  /** Values of the path's parameters. */
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  key?: string;
}

const document = (await (await fetch(`${apiUrl()}/openapi.json`)).json()) as {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: { Problem: Schema } };
};
const operations: Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ ...described, method: method.toUpperCase(), path })),
);
const withKey = operations.filter(({ security }) => security.length > 0);

let world: Yardstick;
let producer: string;
/** Ids of things that exist. */
let known: {
  organization: string;
  subscription: string;
  event: string;
  attempt: string;
  replay: string;
  apiKey: string;
};

beforeAll(async () => {
  world = await startYardstick('openapi');
  const { posthorn, receiver } = world;
  producer = posthorn.outputs.local!.ProducerApiKey!;
  const organization = world.organization();
  const { id: subscription } = await posthorn.subscribe({ organization, url: receiver.url(`/${organization}`) });
  const published = await posthorn.publish({ organization, type: 'visit.ended', data: { n: 1 }, resource_id: '1' });
  const [line] = await world.settledLog(subscription, 1);
  const replay = await posthorn.call<{ id: string }>('POST', `/v1/subscriptions/${subscription}/replay`, {});
  const apiKey = await posthorn.call<{ id: string }>('POST', '/v1/api-keys', { scopes: ['events:write'] });
  known = {
    organization,
    subscription,
    event: published.body.id,
    attempt: line!.id,
    replay: replay.body.id,
    apiKey: apiKey.body.id,
  };
});
afterAll(() => world.close());

/** Valid calls of each operation; one that is missing here fails the test below. */
const CALLS: Record<string, () => Call[] | Promise<Call[]>> = {
  publishEvent: () => [{ body: anEvent(), key: producer }],
  publishEvents: () => [{ body: { events: [anEvent(), { ...anEvent(), type: 'no.such' }] }, key: producer }],
  createSubscription: () => [{ body: aSubscription() }],
  listSubscriptions: () => [
    {},
    { query: `?organization=${known.organization}&limit=1` },
    { query: `?search=127.0.0.1&state=healthy,problem&organization=${known.organization}` },
  ],
  listOrganizations: () => [{}, { query: `?search=${known.organization}` }],
  getSubscription: () => [{ params: { id: known.subscription } }],
  changeSubscription: () => [
    { params: { id: known.subscription }, body: { description: 'changed', active: false } },
    { params: { id: known.subscription }, body: { active: true } },
  ],
  pauseSubscription: async () => {
    const { body } = await world.posthorn.call<{ id: string }>('POST', '/v1/subscriptions', aSubscription());
    return [{ params: { id: body.id } }, { params: { id: body.id } }];
  },
  resumeSubscription: () => [{ params: { id: known.subscription } }],
  deleteSubscription: async () => {
    const { body } = await world.posthorn.call<{ id: string }>('POST', '/v1/subscriptions', aSubscription());
    return [{ params: { id: body.id } }];
  },
  getSecret: () => [{ params: { id: known.subscription } }],
  rotateSecret: () => [
    { params: { id: known.subscription } },
    { params: { id: known.subscription }, body: { overlap_hours: 1 } },
  ],
  pingSubscription: () => [
    { params: { id: known.subscription } },
    { params: { id: known.subscription }, query: '?wait=10' },
  ],
  getPublicKeys: async () => {
    const input = { ...aSubscription(), signing: 'v1a' };
    const { body } = await world.posthorn.call<{ id: string }>('POST', '/v1/subscriptions', input);
    return [{ params: { id: body.id } }];
  },
  sendSample: () => [{ params: { id: known.subscription }, query: '?wait=10', body: { type: 'visit.ended' } }],
  readFeed: async () => {
    const id = await aFeed();
    return [{ params: { id } }, { params: { id }, query: '?limit=1&wait=1' }];
  },
  acknowledgeFeed: async () => {
    const id = await aFeed();
    await world.posthorn.publish(anEvent());
    const { data, page } = await waitFor('a delivery in the feed', async () => {
      const { body } = await world.posthorn.call<Feed>('GET', `/v1/subscriptions/${id}/feed`);
      return body.data.length > 0 && body;
    });
    const body = { through: data[0]!.id, page };
    return [
      { params: { id }, body },
      { params: { id }, body },
    ];
  },
  verifySignature: () => [{ params: { id: known.subscription }, body: { headers: {}, body: '{}' } }],
  testFilter: () => [
    { params: { id: known.subscription }, body: { event_id: known.event } },
    {
      params: { id: known.subscription },
      body: { event: { type: 'visit.ended', data: { n: 1 } }, filter: { data: { n: [1] } } },
    },
  ],
  tryFilter: () => [
    { body: { organization: known.organization, events: 'visit.*', filter: { data: { n: [1] } } } },
    { body: { organization: known.organization, limit: 1 } },
  ],
  replaySubscription: () => [
    { params: { id: known.subscription }, body: {} },
    { params: { id: known.subscription }, query: '?dry_run=true', body: { outcomes: ['exhausted', 'missed'] } },
  ],
  getStatistics: () => [
    { query: `?organization=${known.organization}` },
    { query: `?subscription=${known.subscription}` },
  ],
  redeliverMany: () => [
    { query: '?dry_run=true', body: { deliveries: [{ event: known.event, subscription: known.subscription }] } },
    { body: { deliveries: [{ event: known.event, subscription: known.subscription }] } },
    {
      query: '?dry_run=true',
      body: { filter: { organization: known.organization, outcome: ['delivered'], status: ['2xx'], resource_id: '1' } },
    },
  ],
  getStatus: () => [{}],
  listDeliveries: () => [{}, { query: `?organization=${known.organization}&limit=1` }],
  createPortalLink: () => [{ body: { organization: known.organization, minutes: 5 } }],
  openPortalLink: async () => {
    const link = await world.posthorn.call<{ url: string }>('POST', '/v1/portal-links', {
      organization: known.organization,
      minutes: 5,
    });
    return [{ body: { token: new URL(link.body.url).hash.slice(1) } }];
  },
  listReplays: () => [{ query: `?subscription=${known.subscription}` }],
  getReplay: () => [{ params: { id: known.replay } }],
  cancelReplay: () => [{ params: { id: known.replay } }],
  redeliver: () => [{ params: { event: known.event, subscription: known.subscription } }],
  purgeOrganization: () => [
    { params: { organization: `${known.organization}-gone` }, query: '?dry_run=true' },
    { params: { organization: `${known.organization}-gone` } },
  ],
  purgeResource: () => [
    { query: `?organization=${known.organization}&resource_id=nobody&dry_run=true` },
    { query: `?organization=${known.organization}&resource_id=nobody` },
  ],
  getPurge: async () => {
    const path = `/v1/organizations/${known.organization}-gone`;
    const { body } = await world.posthorn.call<{ id: string }>('DELETE', path);
    return [{ params: { id: body.id } }];
  },
  listEvents: () => [
    {},
    { query: `?organization=${known.organization}` },
    { query: `?subscription=${known.subscription}&outcome=delivered` },
    { query: `?organization=${known.organization}&outcome=failed,exhausted` },
    { query: `?organization=${known.organization}&resource_id=1&outcome=delivered&status=2xx` },
  ],
  getEvent: () => [{ params: { id: known.event } }],
  listAttempts: () => [
    {},
    { query: `?subscription=${known.subscription}&outcome=delivered` },
    { query: `?organization=${known.organization}&resource_id=1` },
  ],
  getAttempt: () => [{ params: { id: known.attempt } }],
  listEventTypes: () => [{}],
  getSourceIps: () => [{}, { key: producer }],
  getMe: () => [{}, { key: producer }],
  getSignInMethods: () => [{}],
  signOut: () => [{}],
  listAuditRecords: () => [{}],
  createApiKey: () => [{ body: { scopes: ['organization'], organization: known.organization, description: 'a test' } }],
  listApiKeys: () => [{}, { query: '?limit=2' }],
  revokeApiKey: () => [{ params: { id: known.apiKey } }],
  webhookEvents: () => [
    { body: { ...aSubscription(), active: true, events: 'visit' } },
    { body: { webhook: known.subscription, event: 'ping' } },
  ],
  getOpenApi: () => [{}],
};

/** Ways of an OpenID Connect provider, of which this run has none; with one: test/api/sign-in.test.ts. */
const WITHOUT_PROVIDER = ['signIn', 'finishSignIn'];

interface Feed {
  data: { id: string }[];
  page: string;
}

async function aFeed(): Promise<string> {
  const input = { organization: known.organization, delivery: 'pull', description: `feed ${++made}` };
  return (await world.posthorn.call<{ id: string }>('POST', '/v1/subscriptions', input)).body.id;
}

let made = 0;
const aSubscription = () => ({ organization: known.organization, url: `https://hooks.example.com/${++made}` });
const anEvent = () => ({ organization: known.organization, account: 'acc_1', type: 'visit.ended', data: { n: 2 } });

function apiUrl(): string {
  const { local: _local, ...stacks } = inject('outputs');
  return (Object.assign({}, ...Object.values(stacks)) as { ApiUrl: string }).ApiUrl;
}

function send({ method, path }: Operation, { params = {}, query = '', body, key }: Call): Promise<JsonAnswer<unknown>> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'nothing');
  return world.posthorn.call(method, filled + query, body, key);
}

/** What is wrong with a value, in the validator's words. */
function breaches(schema: Schema, value: unknown): string[] {
  const { errors } = new Validator(schema, '2020-12', false).validate(value);
  return errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
}

/** Members of the answer's first level, and of the first item of a list, that the description does not know. */
function undescribed(schema: Schema, value: unknown): string[] {
  const { properties } = schema as { properties?: Record<string, Schema & { items?: Schema }> };
  if (!properties || typeof value !== 'object' || value === null) return [];
  const own = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  const { data } = value as { data?: unknown };
  const items = properties.data?.items;
  return Array.isArray(data) && items ? [...own, ...undescribed(items, data[0])] : own;
}

function expectProblem(answer: JsonAnswer<unknown>, status: number): { errors?: { pointer: string }[] } {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(breaches(document.components.schemas.Problem, answer.body)).toEqual([]);
  return answer.body as { errors?: { pointer: string }[] };
}

describe('the description', () => {
  it('names each operation once, and this file calls every one of them', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect([...Object.keys(CALLS), ...WITHOUT_PROVIDER].sort()).toEqual(names.toSorted());
  });
});

describe.each(
  operations
    .filter(({ operationId }) => WITHOUT_PROVIDER.includes(operationId))
    .map((operation) => [operation.operationId, operation] as const),
)('%s', (_name, operation) => {
  it('does not exist where staff sign in with keys alone', async () => {
    expectProblem(await send(operation, {}), 404);
  });
});

describe.each(
  operations
    .filter(({ operationId }) => !WITHOUT_PROVIDER.includes(operationId))
    .map((operation) => [operation.operationId, operation] as const),
)('%s', (name, operation) => {
  it('answers valid calls with a described status and a body that its schema accepts', async () => {
    const described = Object.entries(operation.responses).filter(([status]) => status !== 'default');
    const seen = new Set<string>();
    for (const call of (await CALLS[name]?.()) ?? []) {
      const answer = await send(operation, call);
      const [status, response] = described.find(([status]) => Number(status) === answer.status) ?? [];
      expect(status, `${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`).toBeDefined();
      seen.add(status!);
      const schema = response!.content?.['application/json']?.schema;
      if (answer.status === 204) expect(answer.body).toEqual({});
      if (!schema) continue;
      expect(breaches(schema, answer.body)).toEqual([]);
      expect(undescribed(schema, answer.body)).toEqual([]);
    }
    expect([...seen].sort()).toEqual(described.map(([status]) => status).sort());
  });
});

// Refused calls change nothing: they run side by side.
describe.concurrent.each(withKey.map((operation) => [operation.operationId, operation] as const))(
  '%s',
  (_name, operation) => {
    it('refuses whoever has no key', async () => {
      for (const key of ['', 'phk_wrong', `phk_${'A'.repeat(43)}`]) expectProblem(await send(operation, { key }), 401);
    });
  },
);

// Ingest takes no query, and what it does not look at cannot be wrong.
describe.concurrent.each(
  withKey
    .filter(({ operationId }) => !operationId.startsWith('publish'))
    .map((operation) => [operation.operationId, operation] as const),
)('the query of %s', (name, operation) => {
  it('with an unknown parameter is refused, and the answer says which', async () => {
    const [call] = await CALLS[name]!();
    const { errors } = expectProblem(
      await send(operation, { ...call, query: `${call?.query ? `${call.query}&` : '?'}colour=red` }),
      422,
    );
    expect(errors!.map(({ pointer }) => pointer)).toEqual(['?colour']);
  });
});

describe.concurrent.each(
  operations.filter(({ requestBody }) => requestBody).map((operation) => [operation.operationId, operation] as const),
)('the body of %s', (name, operation) => {
  it('with an unknown member is refused, and the answer says where', async () => {
    const [call] = await CALLS[name]!();
    const wrong = { ...call, body: { ...(call!.body as object), colour: 'red' } };
    const { errors } = expectProblem(await send(operation, wrong), 422);
    expect(errors!.map(({ pointer }) => pointer)).toEqual(['/colour']);
  });

  it.each([
    ['a list', '[]'],
    ['a word', '"x"'],
    ['null', 'null'],
    ['no JSON', '{'],
    ['nothing', ''],
  ])('that is %s is refused', async (_what, body) => {
    const [call] = await CALLS[name]!();
    const answer = await send(operation, { ...call, body });
    if (body === '' && name === 'rotateSecret') return expect(answer.status).toBe(200);
    expect([400, 422]).toContain(answer.status);
    expectProblem(answer, answer.status);
  });

  it('with members of another type is refused, and the answer says where', async () => {
    const [call] = await CALLS[name]!();
    const { properties, anyOf } = operation.requestBody!.content['application/json']!.schema as {
      properties?: Record<string, Schema>;
      anyOf?: { properties: Record<string, Schema> }[];
    };
    for (const member of Object.keys(properties ?? anyOf![0]!.properties)) {
      const body = { ...(call!.body as object), [member]: { not: ['this'] } };
      if (['data', 'headers'].includes(member)) body[member] = 5 as never;
      const { errors } = expectProblem(await send(operation, { ...call, body }), 422);
      expect(
        errors!.every(({ pointer }) => pointer.startsWith(`/${member}`)),
        JSON.stringify(errors),
      ).toBe(true);
    }
  });
});

describe('a ping that is waited for', () => {
  it('answers with the attempt', async () => {
    const { body } = await waitFor('an attempt in the answer', async () => {
      const path = `/v1/subscriptions/${known.subscription}/ping?wait=10`;
      const answer = await world.posthorn.call<{ attempt?: { outcome: string } }>('POST', path);
      return answer.body.attempt && answer;
    });
    expect(body.attempt).toMatchObject({ outcome: 'delivered', attempt: 1 });
  });
});
