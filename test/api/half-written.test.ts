import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// Each call of a store fails once, before it took effect and after: what an operation with credentials leaves behind must be
// whole, or not there, and asking again must work.

const AUTH = { type: 'bearer', token: 'geheim-4711' };
const OWN = (n: number): string => `whsec_${Buffer.alloc(32, `own secret ${n}`).toString('base64')}`;
/** More calls than any operation makes. */
const MOST = 30;

let api: TestApi;
let made = 0;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

type When = 'before' | 'after';

/** Has the n-th call of a store fail from now on. @returns whether it came to that, and takes the fault away. */
function failAt(n: number, when: When): () => boolean {
  const { audit, secrets, subscriptions, health } = api.deps;
  let calls = 0;
  const failing = <T extends object>(store: T): T =>
    new Proxy(store, {
      get: (target, name) => {
        const real: unknown = Reflect.get(target, name);
        if (typeof real !== 'function' || name === 'pages') return real;
        return async (...of: unknown[]) => {
          calls += 1;
          if (calls !== n) return (real as (...all: unknown[]) => unknown).apply(target, of);
          if (when === 'after') await (real as (...all: unknown[]) => unknown).apply(target, of);
          throw new Error('throttled');
        };
      },
    });
  Object.assign(api.deps, {
    audit: failing(audit),
    secrets: failing(secrets),
    subscriptions: failing(subscriptions),
    health: failing(health),
  });
  return () => {
    Object.assign(api.deps, { audit, secrets, subscriptions, health });
    return calls >= n;
  };
}

interface View {
  id: string;
  auth?: { type: string };
}
interface Secrets {
  secrets?: { key: string }[];
  credentials?: Record<string, unknown>;
}

const secretsOf = async (subscription: string): Promise<Secrets> => {
  const TableName = api.tables.table('SigningSecrets');
  const { Item } = await api.tables.dynamoDb.send(
    new GetCommand({ TableName, Key: { subscription }, ConsistentRead: true }),
  );
  return (Item ?? {}) as Secrets;
};

/** Every row of an organization has a secret, and the very credentials that it names. */
async function expectWhole(organization: string): Promise<number> {
  let rows = 0;
  for await (const page of api.deps.subscriptions.pages(organization)) {
    for (const { id, auth } of page) {
      rows += 1;
      const { secrets, credentials } = await secretsOf(String(id));
      expect(secrets?.length, 'a secret').toBeGreaterThan(0);
      if (auth !== undefined) expect(Object.keys(credentials ?? {})).toContain((auth as { ref: string }).ref);
    }
  }
  return rows;
}

/** Does something with a fault at its first, second, … call, until it makes no further one. @returns how many it makes. */
async function atEveryCall(
  when: When,
  prepare: () => Promise<{ organization: string; act: () => Promise<{ status: number }> }>,
): Promise<number> {
  for (let n = 1; n <= MOST; n++) {
    const { organization, act } = await prepare();
    const end = failAt(n, when);
    const { status } = await act();
    if (!end()) return n - 1;
    expect([503, 200, 201], `call ${n}`).toContain(status);
    await expectWhole(organization);
    // 409: the first try has done it, only its answer was lost.
    expect([200, 201, 409], `again after call ${n}`).toContain((await act()).status);
    expect(await expectWhole(organization), `after call ${n}`).toBe(1);
  }
  throw new Error(`Expected fewer than ${MOST} calls.`);
}

const fresh = (): { organization: string; url: string } => {
  made += 1;
  return { organization: `half_${made}`, url: `https://hooks-${made}.example.com/in` };
};

async function existing() {
  const { organization, url } = fresh();
  const { body } = await api.call<View>('POST', '/v1/subscriptions', { body: { organization, url, auth: AUTH } });
  return { organization, id: body.id };
}

describe.each<When>(['before', 'after'])('a call of a store that fails %s it took effect', (when) => {
  it('leaves no half of a new subscription with auth and a secret of its own', async () => {
    const calls = await atEveryCall(when, async () => {
      const { organization, url } = fresh();
      const body = { organization, url, auth: AUTH, secret: OWN(made) };
      return { organization, act: () => api.call('POST', '/v1/subscriptions', { body }) };
    });

    expect(calls).toBeGreaterThanOrEqual(3);
  });

  it('leaves no half of a change of URL and auth', async () => {
    const calls = await atEveryCall(when, async () => {
      const { organization, id } = await existing();
      const body = { url: `https://other-${made}.example.com/in`, auth: { ...AUTH, token: 'another' } };
      return { organization, act: () => api.call('PATCH', `/v1/subscriptions/${id}`, { body }) };
    });

    expect(calls).toBeGreaterThanOrEqual(4);
  });

  it('leaves no half of a rotation: the old secret or the new one before it', async () => {
    const calls = await atEveryCall(when, async () => {
      const { organization, id } = await existing();
      return { organization, act: () => api.call('POST', `/v1/subscriptions/${id}/rotate-secret`) };
    });

    expect(calls).toBeGreaterThanOrEqual(3);
  });
});
