import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchRoute, parseRoute } from '../../local/gateway/routes.ts';
import { operationsOf, type Operation } from '../support/open-api.ts';
import { synthesize } from '../support/stacks.ts';
import { startTenants, type Tenants } from '../support/tenants.ts';

// Who may call what, asked of every route in the API's own description with every kind of key.

type Caller = 'admin' | 'support' | 'organization' | 'events:write';
const EVERYBODY: Caller[] = ['admin', 'support', 'organization', 'events:write'];

/** The rule by path (docs/design.md §13), said again apart from the routes: what a new route's author forgets must fail here. */
function mayCall({ method, path }: Operation): Caller[] | 'public' {
  if (path === '/openapi.json' || path.endsWith('/jwks.json') || path === '/v1/portal-sessions') return 'public';
  if (/^\/v1\/sign-in\b/.test(path)) return 'public';
  if (method === 'POST' && /^\/v1\/events(\/batch)?$/.test(path)) return ['admin', 'events:write'];
  if (/^\/v1\/(event-types|me|source-ips|sign-out)$/.test(path)) return EVERYBODY;
  if (path === '/v1/status') return ['admin', 'support'];
  if (/^\/v1\/(api-keys|audit|portal-links|purges)\b/.test(path)) return ['admin'];
  // Deletes for good.
  if (method === 'DELETE' && /^\/v1\/(organizations\/|events$)/.test(path)) return ['admin'];
  // Signing secrets: whoever has them can speak in Posthorn's name.
  if (/secret|\/verify$/.test(path)) return ['admin', 'organization'];
  // Ends deliveries in their customer's name.
  if (path.endsWith('/feed/ack')) return ['admin', 'organization'];
  return ['admin', 'support', 'organization'];
}

/** What a key that may only look may call, of what its scope covers: nothing that changes anything. */
function changesNothing({ method, path }: Operation): boolean {
  return method === 'GET' || /\/(filter-test|verify)$/.test(path);
}

/** What a key of one account may call, of what `organization` covers: all that can keep to what is the account's. */
function keepsToAccount({ path }: Operation): boolean {
  return !path.startsWith('/v1/organizations');
}

let tenants: Tenants;
let operations: Operation[];
let keys: Record<Caller, string>;
let useless: Record<string, string | undefined>;

beforeAll(async () => {
  tenants = await startTenants();
  operations = await operationsOf(tenants);
  keys = {
    admin: await tenants.key(['admin']),
    support: await tenants.key(['support']),
    organization: await tenants.key(['organization'], 'org_1'),
    'events:write': await tenants.key(['events:write']),
  };
  useless = {
    'no key': undefined,
    'an unknown key': `phk_${'A'.repeat(43)}`,
    'a revoked admin key': await tenants.key(['admin'], undefined, { revoked_at: '2026-01-31T09:15:00.123Z' }),
    'an expired admin key': await tenants.key(['admin'], undefined, { expires_at: '2026-01-31T09:15:00.123Z' }),
    'a key whose end is no time': await tenants.key(['admin'], undefined, { expires_at: 'never' }),
    'a key of another kind': 'Bearer',
  };
});
afterAll(() => tenants.close());

/** Without a body and with an id that is none: whoever may call it gets as far as a 404, 415 or 422. */
const ask = ({ method, path }: Operation, key: string | undefined) =>
  tenants.call({ method, path: path.replaceAll(/\{\w+\}/g, 'nothing'), ...(key === undefined ? {} : { key }) });

describe('every route', () => {
  it('is described with the scopes that the rule gives it', () => {
    expect(operations.length).toBeGreaterThan(15);
    for (const operation of operations) {
      const who = mayCall(operation);
      expect(operation.isPublic, operation.name).toBe(who === 'public');
      const described = operation.scopes?.concat(operation.scopes.includes('admin') ? [] : ['admin']).sort();
      const ruled = who === 'public' || who === EVERYBODY ? undefined : [...who].sort();
      expect(described, operation.name).toEqual(ruled);
    }
  });

  it('answers 401, and nothing else, without a valid key', async () => {
    for (const operation of operations.filter((one) => !one.isPublic)) {
      const answers = await Promise.all(Object.values(useless).map((key) => ask(operation, key)));
      for (const answer of answers) {
        expect(answer.status, operation.name).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer');
        expect(answer).toEqual(answers[0]);
      }
    }
  });

  it('answers 403 to every key without the scope, before it looks at anything else', async () => {
    for (const operation of operations) {
      const who = mayCall(operation);
      for (const caller of EVERYBODY) {
        const { status } = await ask(operation, keys[caller]);
        const allowed = who === 'public' || who.includes(caller);
        if (allowed) expect([401, 403], `${operation.name} with ${caller}`).not.toContain(status);
        else expect(status, `${operation.name} with ${caller}`).toBe(403);
        expect(status).toBeLessThan(500);
      }
    }
  });

  it('lets a key that may only look do so, and answers 403 to whatever would change something', async () => {
    const key = await tenants.key(['organization'], 'org_1', { read_only: true });
    for (const operation of operations) {
      const who = mayCall(operation);
      const allowed = who === 'public' || (who.includes('organization') && changesNothing(operation));
      const { status } = await ask(operation, key);
      expect(operation.changesNothing, operation.name).toBe(changesNothing(operation));
      if (allowed) expect([401, 403], operation.name).not.toContain(status);
      else expect(status, operation.name).toBe(403);
    }
  });

  it('serves a key of one account only where it keeps to what is the account’s', async () => {
    const key = await tenants.key(['organization'], 'org_1', { account: 'acc_1' });
    for (const operation of operations) {
      const who = mayCall(operation);
      const isOpen = who === 'public' || who === EVERYBODY;
      const allowed = isOpen || (who.includes('organization') && keepsToAccount(operation));
      const { status } = await ask(operation, key);
      const what = `${operation.name}: forAccounts, if it shows only what is the account's own; else its path in keepsToAccount`;
      if (!isOpen) expect(operation.forAccounts, what).toBe(allowed);
      if (allowed) expect([401, 403], operation.name).not.toContain(status);
      else expect(status, operation.name).toBe(403);
    }
  });

  it('opens nothing more to support that may see payloads', async () => {
    const key = await tenants.key(['support', 'payloads:read']);
    for (const operation of operations) {
      const [plain, more] = await Promise.all([ask(operation, keys.support), ask(operation, key)]);
      expect(more.status, operation.name).toBe(plain.status);
    }
  });

  it('lets a key with no scope at all read the catalogue, and nothing more', async () => {
    const key = await tenants.key([]);
    for (const operation of operations.filter((one) => !one.isPublic)) {
      const who = mayCall(operation);
      expect((await ask(operation, key)).status, operation.name).toBe(
        who !== EVERYBODY ? 403 : operation.name === 'signOut' ? 204 : 200,
      );
    }
  });
});

describe("the template's routes", () => {
  const { posthorn } = synthesize();
  const integrations = posthorn.findResources('AWS::ApiGatewayV2::Integration');
  const found = Object.values(posthorn.findResources('AWS::ApiGatewayV2::Route')) as {
    Properties: { RouteKey: string; Target: { 'Fn::Join': [string, [string, { Ref: string }]] } };
  }[];
  const routes = found.map(({ Properties: { RouteKey, Target } }) => {
    const [, [, { Ref }]] = Target['Fn::Join'];
    const uri = JSON.stringify((integrations[Ref] as { Properties: { IntegrationUri: unknown } }).Properties);
    return parseRoute(RouteKey, /"(Ingest|Api)(?:Live)?[0-9A-F]{8}"/.exec(uri)?.[1]);
  });

  it('lead every described operation to the function that serves it', () => {
    for (const { name, method, path, scopes } of operations) {
      const match = matchRoute(routes, method, path.replaceAll(/\{\w+\}/g, 'x'));
      expect(match?.route.target, name).toBe(scopes?.join() === 'events:write' ? 'Ingest' : 'Api');
    }
  });

  it('are all described, but for the console, the documents and the rest of /v1, which the api function answers with 404', () => {
    const described = new Set(operations.map(({ method, path }) => `${method} ${path}`));
    const others = routes.map(({ key }) => key).filter((key) => !described.has(key));
    expect(others.sort()).toEqual([
      'ANY /v1/{proxy+}',
      'GET /',
      'GET /console',
      'GET /console/{proxy+}',
      'GET /docs',
      'GET /docs/{proxy+}',
    ]);
  });
});

describe('a path that is no route', () => {
  it.each([
    ['GET', '/v1/nothing'],
    ['PUT', '/v1/subscriptions'],
    ['DELETE', '/v1/subscriptions'],
    ['GET', '/v1/subscriptions/a/b/c'],
    ['POST', '/v1/events/'],
    ['POST', '//v1/events'],
    ['GET', '/v1/__proto__'],
    ['GET', '/v1/constructor'],
  ])('%s %s is answered by 404, whoever asks', async (method, path) => {
    const stranger = await tenants.call({ method, path: `http://api${path}` });
    const admin = await tenants.call({ method, path: `http://api${path}`, key: keys.admin });
    expect(stranger.status).toBe(404);
    expect(admin).toEqual(stranger);
  });
});
