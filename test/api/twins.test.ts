import { describe, expect, it } from 'vitest';
import { createSubscriptions } from '../../lambdas/api/subscriptions/subscriptions.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';

// Two requests that make equal subscriptions at the same moment, step by step: whatever the order of their writes and looks,
// never do both stay. Doubled: the stores, by a Map; the wait, by the test.

const PRINCIPAL = { keyId: 'key_1', scopes: ['admin' as const] };
const INPUT = { organization: 'org_1', url: 'https://hooks.example.com/' };

/** A gate that a step waits at until the test opens it. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

function setUp() {
  const rows = new Map<string, SubscriptionRow>();
  const waits: { ms: number; end(): void }[] = [];
  /** Steps that a subscription waits at, by `write <id>` or `look <id>`. */
  const gates = new Map<string, Promise<void>>();
  let records = 0;
  const api = (id: string) =>
    createSubscriptions({
      refuseClosed: () => Promise.resolve(),
      subscriptions: {
        async *pages() {
          if (rows.get(id)?.url === INPUT.url) await gates.get(`look ${id}`);
          yield [...rows.values()].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
        },
        create: async (row: SubscriptionRow) => {
          await gates.get(`write ${id}`);
          rows.set(id, row);
          return true;
        },
        get: async (_organization: string, wanted: string) => rows.get(wanted),
        update: async (
          _organization: string,
          changed: string,
          { set, remove }: { set: SubscriptionRow; remove: string[] },
        ) => {
          await gates.get(`write ${id}`);
          const row = { ...rows.get(changed), ...set };
          for (const name of remove) delete row[name];
          rows.set(changed, row);
          return row;
        },
        delete: async (_organization: string, gone: string) => void rows.delete(gone),
      } as never,
      secrets: { create: async () => true, delete: async () => true } as never,
      health: {
        forget: async () => true,
        renew: async () => undefined,
        pause: async () => true,
        resume: async () => undefined,
      },
      release: () => Promise.resolve(),
      most: () => 10_000,
      rules: { checkUrl: (url: string) => ({ ok: true, url }), knownTypes: new Set() } as never,
      record: async () => `key_1 aud_${(records += 1)}`,
      newRef: () => 'crd_00000000000000000000000000',
      newId: () => id,
      newSecret: () => ({ key: 'none', created_ms: 0 }),
      now: () => 0,
      sleep: (ms: number) => new Promise<void>((end) => void waits.push({ ms, end })),
    });
  const status = (request: Promise<unknown>, good: number): Promise<number> =>
    request.then(
      () => good,
      (error: { status: number }) => error.status,
    );
  const request = (id: string) => status(api(id).create(PRINCIPAL, INPUT), 201);
  /** A subscription that differs from {@link INPUT} in its URL. */
  const other = (id: string) => rows.set(id, { ...INPUT, id, url: `https://${id.replace('_', '-')}.example.com/` });
  const change = (id: string, input: object = { url: INPUT.url }) =>
    status(api(id).change({ ...PRINCIPAL, organization: INPUT.organization }, id, input), 200);
  return { rows, waits, gates, request, other, change };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('two equal subscriptions at the same moment', () => {
  it('that see each other: the later id gives way, the earlier one waits for that and stays', async () => {
    const { rows, waits, gates, request } = setUp();
    const looks = gate();
    gates.set('look sub_1', looks.opened).set('look sub_2', looks.opened);
    const [first, second] = [request('sub_1'), request('sub_2')];
    await turn();
    expect([...rows.keys()]).toEqual(['sub_1', 'sub_2']);

    looks.open();
    expect(await second).toBe(409);
    expect(waits).toHaveLength(1);
    waits[0]!.end();

    expect(await first).toBe(201);
    expect([...rows.keys()]).toEqual(['sub_1']);
  });

  it('of which the later id is through before the earlier one is written: the earlier one gives way', async () => {
    const { rows, waits, gates, request } = setUp();
    const write = gate();
    gates.set('write sub_1', write.opened);
    const first = request('sub_1');
    await turn();
    expect(await request('sub_2')).toBe(201);

    write.open();
    await turn();
    waits[0]!.end();

    expect(await first).toBe(409);
    expect([...rows.keys()]).toEqual(['sub_2']);
  });
});

describe('two changes that make two subscriptions equal at the same moment', () => {
  it('that see each other: the later id is as it was before, the earlier one keeps its change', async () => {
    const { rows, waits, gates, other, change } = setUp();
    other('sub_1');
    other('sub_2');
    const before = { ...rows.get('sub_2') };
    const looks = gate();
    gates.set('look sub_1', looks.opened).set('look sub_2', looks.opened);
    const [first, second] = [change('sub_1'), change('sub_2', { url: INPUT.url, description: 'moved' })];
    await turn();
    expect([...rows.values()].map(({ url }) => url)).toEqual([INPUT.url, INPUT.url]);

    looks.open();
    expect(await second).toBe(409);
    await turn();
    waits[0]!.end();

    expect(await first).toBe(200);
    expect(rows.get('sub_1')).toMatchObject({ url: INPUT.url });
    expect(rows.get('sub_2')).toEqual({ ...before, changed_by: expect.any(String) as string });
  });

  it('of which one was changed once more meanwhile: that later change stays', async () => {
    const { rows, gates, other, change } = setUp();
    other('sub_1');
    other('sub_2');
    const looks = gate();
    gates.set('look sub_2', looks.opened);
    const second = change('sub_2');
    await turn();
    rows.set('sub_1', { ...rows.get('sub_1'), url: INPUT.url });
    rows.set('sub_2', { ...rows.get('sub_2'), url: 'https://third.example.com/', changed_by: 'key_2 aud_9' });

    looks.open();

    expect(await second).toBe(409);
    expect(rows.get('sub_2')).toMatchObject({ url: 'https://third.example.com/', changed_by: 'key_2 aud_9' });
  });

  it('of which nobody else is equal: waits for nobody', async () => {
    const { rows, waits, other, change } = setUp();
    other('sub_1');

    expect(await change('sub_1')).toBe(200);

    expect(waits).toEqual([]);
    expect(rows.get('sub_1')).toMatchObject({ url: INPUT.url });
  });
});
