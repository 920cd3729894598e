import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTargetStore } from '../../lambdas/stores/dynamodb/delivery-targets.ts';
import { targetName } from '../../lambdas/stores/delivery-targets.ts';
import type { TargetStore } from '../../lambdas/stores/delivery-targets.ts';
import { startTables, type TableName, type Tables } from '../support/tables.ts';

const NAMES = { subscriptions: 'Subscriptions', signingSecrets: 'SigningSecrets', endpointHealth: 'EndpointHealth' };
const URL = 'https://hooks.example.com/';

let tables: Tables;
let store: Pick<TargetStore, 'load'>;
let clock: number;
/** Keys asked of each table, call by call. */
let calls: Record<string, number>[];

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  clock = 1_700_000_000_000;
  calls = [];
  store = createTargetStore(watched(), NAMES, () => clock);
});

interface BatchGet {
  input: { RequestItems: Record<string, { Keys: unknown[] }> };
}

/** The client, counting the keys of each BatchGet; `intervene` may answer in its place. */
function watched(intervene?: (command: BatchGet) => unknown): DynamoDBDocumentClient {
  return {
    send: async (command: BatchGet) => {
      const requests = Object.entries(command.input.RequestItems ?? {});
      if (requests.length > 0) calls.push(Object.fromEntries(requests.map(([name, { Keys }]) => [name, Keys.length])));
      return intervene?.(command) ?? tables.dynamoDb.send(command as never);
    },
  } as unknown as DynamoDBDocumentClient;
}

let made = 0;
const put = (table: TableName, Item: Record<string, unknown>) =>
  tables.dynamoDb.send(new PutCommand({ TableName: tables.table(table), Item }));

/** A subscription with a secret. @returns its key. */
async function subscribed(row: Record<string, unknown> = {}): Promise<{ organization: string; subscription: string }> {
  const subscription = `sub_${(made += 1)}`;
  await put('Subscriptions', { organization: 'acme', id: subscription, url: URL, ...row });
  await put('SigningSecrets', { subscription, organization: 'acme', secrets: [{ key: 'whsec_x', created_ms: 1 }] });
  return { organization: 'acme', subscription };
}

describe('load', () => {
  it('reads rows, secrets and health of a whole batch in one call', async () => {
    const keys = [await subscribed(), await subscribed()];
    const health = { subscription: keys[1]!.subscription, organization: 'acme', failures: 3 };
    await put('EndpointHealth', health);
    const targets = await store.load([...keys, keys[0]!]);
    expect(calls).toEqual([{ Subscriptions: 2, EndpointHealth: 2, SigningSecrets: 2 }]);
    expect(targets.get(targetName(keys[0]!))).toEqual({
      row: { organization: 'acme', id: keys[0]!.subscription, url: URL },
      owner: 'acme',
      secrets: [{ key: 'whsec_x', created_ms: 1 }],
    });
    expect(targets.get(targetName(keys[1]!))?.health).toEqual(health);
  });

  it('says which subscriptions do not exist', async () => {
    const key = { organization: 'acme', subscription: 'sub_none' };
    expect((await store.load([key])).get(targetName(key))).toEqual({ secrets: [] });
  });

  it('gives an organization neither the row nor the secrets nor the health of another, and says whose the id is', async () => {
    const { subscription } = await subscribed();
    await put('EndpointHealth', { subscription, organization: 'acme', failures: 20, circuit: 'open' });
    const foreign = { organization: 'other', subscription };
    expect((await store.load([foreign])).get(targetName(foreign))).toEqual({ secrets: [], owner: 'acme' });
  });

  it('notices at once that an id has become another organization’s', async () => {
    const key = await subscribed();
    await store.load([key]);
    const { subscription } = key;
    await put('SigningSecrets', { subscription, organization: 'other', secrets: [{ key: 'whsec_y', created_ms: 2 }] });
    const heir = { organization: 'other', subscription };
    expect((await store.load([heir])).get(targetName(heir))).toMatchObject({
      owner: 'other',
      secrets: [{ key: 'whsec_y' }],
    });
  });

  it('reads any batch as it reads each of its keys alone: equal ids, the same twice, ones that no table can hold', async () => {
    const organizations = ['acme', 'other', 'third'];
    const ids = ['1', 'main', 'default', 'nobody', '', 'x'.repeat(2049)];
    for (const id of ids.slice(0, 3)) {
      for (const organization of organizations)
        await put('Subscriptions', { organization, id, url: `${URL}/${organization}` });
      await put('SigningSecrets', {
        subscription: id,
        organization: 'other',
        secrets: [{ key: 'whsec_z', created_ms: 1 }],
      });
      await put('EndpointHealth', { subscription: id, organization: 'other', failures: 2 });
    }
    const fresh = () => createTargetStore(tables.dynamoDb, NAMES, () => clock);
    const aKey = fc.record({ organization: fc.constantFrom(...organizations), subscription: fc.constantFrom(...ids) });
    await fc.assert(
      fc.asyncProperty(fc.array(aKey, { minLength: 1, maxLength: 12 }), async (keys) => {
        const alone = await Promise.all(keys.map((key) => fresh().load([key])));

        expect(await fresh().load(keys)).toEqual(new Map(alone.flatMap((one) => [...one])));
      }),
      { numRuns: 40 },
    );
  });

  it('reads subscriptions anew each time, secrets at most every 60 s', async () => {
    const key = await subscribed();
    await store.load([key]);
    await put('Subscriptions', { organization: 'acme', id: key.subscription, url: URL, active: false });
    await put('SigningSecrets', {
      subscription: key.subscription,
      organization: 'acme',
      secrets: [{ key: 'whsec_new', created_ms: 2 }],
    });
    clock += 59_999;
    const soon = (await store.load([key])).get(targetName(key))!;
    expect(soon.row?.active).toBe(false);
    expect(soon.secrets.map((secret) => secret.key)).toEqual(['whsec_x']);
    clock += 1;
    const later = (await store.load([key])).get(targetName(key))!;
    expect(later.secrets.map((secret) => secret.key)).toEqual(['whsec_new']);
    expect(calls.map((call) => call.SigningSecrets)).toEqual([1, undefined, 1]);
  });

  it('does not remember that there were no secrets', async () => {
    const key = { organization: 'acme', subscription: `sub_${(made += 1)}` };
    await put('Subscriptions', { organization: 'acme', id: key.subscription, url: URL });
    expect((await store.load([key])).get(targetName(key))!.secrets).toEqual([]);
    await put('SigningSecrets', {
      subscription: key.subscription,
      organization: 'acme',
      secrets: [{ key: 'whsec_x', created_ms: 1 }],
    });
    expect((await store.load([key])).get(targetName(key))!.secrets).toHaveLength(1);
  });

  it('takes more than the 100 keys that one call may hold', async () => {
    const keys = await Promise.all(Array.from({ length: 40 }, () => subscribed()));
    const targets = await store.load(keys);
    expect([...targets.values()].filter(({ row, secrets }) => row && secrets.length === 1)).toHaveLength(40);
    expect(calls).toHaveLength(2);
  });

  it('asks again for what DynamoDB left unprocessed', async () => {
    const key = await subscribed();
    let times = 0;
    const flaky = watched(({ input }) =>
      (times += 1) < 3 ? { Responses: {}, UnprocessedKeys: input.RequestItems } : undefined,
    );
    const targets = await createTargetStore(flaky, NAMES).load([key]);
    expect(targets.get(targetName(key))?.row).toBeDefined();
    expect(times).toBe(3);
  });

  it('leaves out a subscription that it could not read, instead of calling it deleted', async () => {
    const [good, stuck] = [await subscribed(), await subscribed()];
    const flaky = watched(({ input }) => {
      const keys = input.RequestItems.Subscriptions?.Keys as { id: string }[] | undefined;
      if (keys?.some(({ id }) => id === stuck.subscription)) {
        const Keys = [{ organization: 'acme', id: stuck.subscription }];
        return {
          Responses: { Subscriptions: [{ organization: 'acme', id: good.subscription }] },
          UnprocessedKeys: { Subscriptions: { Keys } },
        };
      }
      return undefined;
    });
    const targets = await createTargetStore(flaky, NAMES).load([good, stuck]);
    expect([...targets.keys()]).toEqual([targetName(good)]);
  });
});

describe('credentials', () => {
  const REF = 'crd_01KGA0B7FVZ6Q2M4N8P0R2T4V6';
  const origin = 'https://hooks.example.com';
  const auth = { type: 'bearer', ref: REF, origin, set_at: '2026-01-31T09:15:00.000Z' };
  const credentials = { [REF]: { type: 'bearer', token: 'abc', origin } };
  const secrets = [{ key: 'whsec_x', created_ms: 1 }];

  it('that a row names are there at once, whatever was kept', async () => {
    const key = await subscribed();
    await store.load([key]);
    await put('SigningSecrets', { subscription: key.subscription, organization: 'acme', secrets, credentials });
    await put('Subscriptions', { organization: 'acme', id: key.subscription, url: URL, auth });

    const target = (await store.load([key])).get(targetName(key));

    expect(target?.credentials).toEqual(credentials);
    calls = [];
    expect((await store.load([key])).get(targetName(key))?.credentials).toEqual(credentials);
    expect(calls).toEqual([{ Subscriptions: 1, EndpointHealth: 1 }]);
  });

  it('of another organization are nobody else’s', async () => {
    const key = await subscribed({ auth });
    await put('SigningSecrets', { subscription: key.subscription, organization: 'other', secrets, credentials });

    expect((await store.load([key])).get(targetName(key))).toMatchObject({ owner: 'other', credentials: undefined });
  });

  it('that cannot be read anew are no target, rather than none', async () => {
    const key = await subscribed();
    let refused = false;
    store = createTargetStore(
      watched(({ input }) => {
        if (!refused) return undefined;
        const { SigningSecrets, ...rest } = input.RequestItems;
        if (!SigningSecrets) return undefined;
        expect(rest).toEqual({});
        return { Responses: {}, UnprocessedKeys: { SigningSecrets } };
      }),
      NAMES,
      () => clock,
    );
    await store.load([key]);
    await put('Subscriptions', { organization: 'acme', id: key.subscription, url: URL, auth });
    refused = true;

    expect((await store.load([key])).has(targetName(key))).toBe(false);
  });
});
