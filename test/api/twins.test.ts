import { describe, expect, it } from 'vitest';
import { createSubscriptions } from '../../lambdas/api/subscriptions.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription.ts';

// Two requests for equal subscriptions at the same moment, step by step: whatever the order of their writes and looks,
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
  const request = (id: string) => {
    const subscriptions = createSubscriptions({
      subscriptions: {
        async *pages() {
          if (rows.has(id)) await gates.get(`look ${id}`);
          yield [...rows.values()].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
        },
        create: async (row: SubscriptionRow) => {
          await gates.get(`write ${id}`);
          rows.set(id, row);
          return true;
        },
        update: async () => ({}),
        delete: async (_organization: string, gone: string) => void rows.delete(gone),
      } as never,
      secrets: { create: async () => true, delete: async () => true } as never,
      health: { forget: async () => undefined },
      rules: { checkUrl: (url: string) => ({ ok: true, url }), knownTypes: new Set() } as never,
      record: async () => 'key_1',
      newId: () => id,
      newSecret: () => ({ key: 'none', created_ms: 0 }),
      now: () => 0,
      sleep: (ms: number) => new Promise<void>((end) => void waits.push({ ms, end })),
    });
    return subscriptions.create(PRINCIPAL, INPUT).then(
      () => 201,
      (error: { status: number }) => error.status,
    );
  };
  return { rows, waits, gates, request };
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
