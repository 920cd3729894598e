import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startGuard, type Guard, type RawRow } from '../support/guard.ts';
import { inSetOrder } from '../support/sets.ts';
import { BROKEN, GOOD_URL, UNDERSTOOD, type Variant } from './hand-edit-variants.ts';

// Rows go straight into the table, as a person's tools put them there; the guard's real handler reads its real stream.

const ORGANIZATION = 'org_variants';
const VARIANTS = [...UNDERSTOOD, ...BROKEN];
let guard: Guard;
let lines = '';

const idOf = (variant: Variant): string => `sub_${VARIANTS.indexOf(variant)}`;
const rowOf = (variant: Variant): RawRow => {
  const row = { organization: { S: ORGANIZATION }, id: { S: idOf(variant) }, url: { S: GOOD_URL }, ...variant[1] };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
};
const named = (what: string): Variant => VARIANTS.find(([name]) => name === what)!;
const problemOf = async (variant: Variant): Promise<string | undefined> =>
  (await guard.row(ORGANIZATION, idOf(variant)))?.problem?.S;

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines += String(text);
    return true;
  });
  guard = await startGuard();
  for (const variant of VARIANTS) await guard.put(rowOf(variant));
  await guard.settle();
});
afterAll(async () => {
  vi.restoreAllMocks();
  await guard.close();
});

describe('more than sixty edits by hand', () => {
  it('are tried', () => {
    expect(VARIANTS.length).toBeGreaterThan(60);
  });

  it.each(UNDERSTOOD)('%s: is understood', async (what) => {
    expect(await problemOf(named(what))).toBeUndefined();
  });

  it.each(BROKEN)('%s: is explained in the row itself', async (what, _attributes, says) => {
    const problem = await problemOf(named(what));
    expect(problem).toMatch(/^Nothing is sent until this row is mended: /);
    expect(problem).toMatch(says!);
  });

  it('leave everything that people typed as it is', async () => {
    for (const variant of VARIANTS) {
      const {
        created_at,
        updated_at,
        changed_by,
        inactive_since: _since,
        problem: _problem,
        ...rest
      } = (await guard.row(ORGANIZATION, idOf(variant)))!;
      expect(inSetOrder(rest), variant[0]).toEqual(inSetOrder(rowOf(variant)));
      expect([created_at?.S, updated_at?.S].every((time) => !Number.isNaN(Date.parse(time!)))).toBe(true);
      expect(changed_by).toEqual({ S: 'table' });
    }
  });

  it('get a private key when they ask for signatures with it', async () => {
    const { createSecretStore } = await import('../../lambdas/stores/dynamodb/secrets.ts');
    const store = createSecretStore(guard.tables.dynamoDb, guard.tables.table('SigningSecrets'));
    const id = 'sub_signing';
    const secret = { key: `whsec_${Buffer.alloc(32, 1).toString('base64')}`, created_ms: 1 };
    await store.create(id, ORGANIZATION, secret);
    await guard.put({ organization: { S: ORGANIZATION }, id: { S: id }, url: { S: GOOD_URL }, signing: { S: 'Both' } });

    await guard.settle();

    const { secrets } = (await store.get(id))!;
    expect(secrets).toEqual([{ ...secret, private_key: expect.stringMatching(/^whsk_/) as string }]);
    expect(lines).not.toContain('whsk_');
    await guard.tables.dynamoDb.send(
      new DeleteCommand({ TableName: guard.tables.table('Subscriptions'), Key: { organization: ORGANIZATION, id } }),
    );
    await guard.settle();
  });

  it('each get a signing secret of their own', async () => {
    const { createSecretStore } = await import('../../lambdas/stores/dynamodb/secrets.ts');
    const store = createSecretStore(guard.tables.dynamoDb, guard.tables.table('SigningSecrets'));
    const all = await Promise.all(VARIANTS.map(async (variant) => store.get(idOf(variant))));

    expect(all.every((entry) => entry?.organization === ORGANIZATION)).toBe(true);
    expect(new Set(all.map((entry) => entry?.secrets[0]?.key)).size).toBe(VARIANTS.length);
  });

  it('never disturb the query of the whole organization, not even with numbers that JavaScript cannot hold', async () => {
    const { createSubscriptionStore } = await import('../../lambdas/stores/dynamodb/subscriptions.ts');
    const store = createSubscriptionStore(guard.tables.dynamoDb, guard.tables.table('Subscriptions'));
    const rows: unknown[] = [];
    for await (const page of store.pages(ORGANIZATION)) rows.push(...page);

    expect(rows).toHaveLength(VARIANTS.length);
  });

  it('leave nothing of their values in the log', () => {
    expect(lines).toContain('"decision":"explained"');
    expect(lines).not.toContain('geheim');
    expect(lines).not.toContain('whsec_');
    expect(lines).not.toContain('hooks.example.com');
  });

  it('are counted while they are broken', () => {
    const counted = lines
      .split('\n')
      .filter((line) => line.includes('"_aws"'))
      .map((line) => (JSON.parse(line) as { BrokenSubscriptions?: number }).BrokenSubscriptions ?? 0);
    expect(counted.reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(BROKEN.length);
  });

  it('clear the problem when they are mended, and the guard then falls silent', async () => {
    for (const variant of BROKEN) {
      const row = (await guard.row(ORGANIZATION, idOf(variant)))!;
      const { problem, created_at, updated_at, changed_by } = row;
      await guard.put({
        ...rowOf([variant[0], {}]),
        id: { S: idOf(variant) },
        ...Object.fromEntries(Object.entries({ problem, created_at, updated_at, changed_by }).filter(([, v]) => v)),
      });
    }

    const batches = await guard.settle();

    for (const variant of BROKEN) expect(await problemOf(variant), variant[0]).toBeUndefined();
    expect(batches).toBeLessThanOrEqual(2);
  });
});
