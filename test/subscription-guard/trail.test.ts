import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { ulidOf } from '../../lambdas/domain/ulid-time.ts';
import { auditRecord, rowHash } from '../../lambdas/stores/audit-record.ts';
import { createAuditStore } from '../../lambdas/stores/dynamodb/audit.ts';
import {
  deactivate,
  edit,
  guard,
  keyOf,
  nextNumber,
  now,
  putInto,
  remove,
  typed,
  useGuard,
} from './hand-typed-rows.ts';

useGuard();

describe('the audit trail', () => {
  it('has one record of each edit by hand, with old and new, and no value that may be a secret', async () => {
    const row = await typed({ headers: { 'X-Token': 'geheim' } });
    const other = 'https://other.example.com/';
    await edit(row, { url: `${other}?key=geheim`, headers: { 'X-Token': 'geheimer' }, passwort: 'geheim' });
    await guard.settle();
    await remove(row);
    await guard.settle();

    const trail = await guard.trail(row.id);
    expect(trail.map(({ actor, action, changed }) => ({ actor, action, changed }))).toEqual([
      { actor: 'table', action: 'subscription.created', changed: ['headers', 'id', 'organization', 'url'] },
      { actor: 'table', action: 'subscription.changed', changed: ['headers', 'passwort', 'url'] },
      { actor: 'table', action: 'subscription.deleted', changed: ['headers', 'id', 'organization', 'passwort', 'url'] },
    ]);
    expect(trail[1]!.changes!.url).toMatchObject({ new: expect.stringContaining(other) as string });
    expect(trail[1]!.before_sha256).toBe(trail[0]!.after_sha256);
    expect(trail[2]!.before_sha256).toBe(trail[1]!.after_sha256);
    expect(JSON.stringify(trail)).not.toContain('geheim');
  });

  it('names the platform when it switched a subscription off by itself', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await guard.settle();
    await edit(row, { active: true });
    await guard.settle();
    await deactivate(row, '2026-02-01T09:15:00.123Z');
    await guard.settle();

    // Not in order: the stream tells whole seconds, so within one of them an edit by hand may list first.
    const records = await guard.trail(row.id);
    expect(records.map(({ actor, changed }) => `${actor}: ${changed.join()}`).sort()).toEqual([
      'posthorn: active',
      'posthorn: active',
      'table: active',
      'table: id,organization,url',
    ]);
  });

  /** An edit by hand that names a record of the very same change. @returns who made it, as the trail says. */
  async function editNaming(record: { actor: string; ageMs: number }): Promise<string[]> {
    const row = await typed();
    const before = (await now(row))!;
    const after = { ...before, description: 'x' };
    const id = `aud_${ulidOf(Date.now() - record.ageMs, BigInt(nextNumber()))}`;
    const store = createAuditStore(guard.tables.dynamoDb, guard.tables.table('AuditTrail'), { retentionDays: 2192 });
    const about = { object_type: 'subscription', object_id: row.id, organization: row.organization } as const;
    const action = 'subscription.changed' as const;
    await store.append(auditRecord({ id, actor: record.actor, action, ...about, before, after }));
    await edit(row, { description: 'x', changed_by: `key_1 ${id}` });
    await guard.settle();
    const changes = (await guard.trail(row.id)).filter(({ changed }) => changed.join() === 'description');
    return changes.map(({ actor }) => actor).sort();
  }

  it('believes a record that was made just before, and adds none', async () => {
    expect(await editNaming({ actor: 'key_1', ageMs: 50_000 })).toEqual(['key_1']);
  });

  it.each([
    ['made more than a minute before', { actor: 'key_1', ageMs: 62_000 }],
    ['made more than a minute later', { actor: 'key_1', ageMs: -62_000 }],
    ['of an edit by hand', { actor: 'table', ageMs: 0 }],
  ])('does not believe a record that was %s', async (_what, record) => {
    expect(await editNaming(record)).toEqual([record.actor, 'table'].sort());
  });

  it('does not take another change for the recorded one, although both began at the same row', async () => {
    const row = await typed();
    const record = {
      id: `aud_${'0'.repeat(25)}7`,
      actor: 'key_1',
      action: 'subscription.changed',
      object_type: 'subscription',
      object_id: row.id,
      organization: row.organization,
      before_sha256: rowHash(row),
      after_sha256: rowHash({ ...row, description: 'recorded' }),
      changed: ['description'],
      month: '1970-01',
      expires_at: Date.now(),
    };
    await putInto('AuditTrail', record);
    await edit(row, { url: 'https://evil.example.com/', changed_by: `key_1 ${record.id}` });
    await guard.settle();

    expect((await guard.trail(row.id)).filter(({ changed }) => changed.join() === 'url')).toHaveLength(1);
  });

  it('is not deceived by a person who writes another’s name into changed_by', async () => {
    const row = await typed();
    const record = (await guard.trail(row.id))[0]!;
    await guard.tables.dynamoDb.send(
      new UpdateCommand({
        TableName: guard.tables.table('Subscriptions'),
        Key: keyOf(row),
        UpdateExpression: 'SET #url = :url, changed_by = :by',
        ExpressionAttributeNames: { '#url': 'url' },
        ExpressionAttributeValues: { ':url': 'https://evil.example.com/', ':by': `key_1 ${record.id}` },
      }),
    );
    await guard.settle();
    await edit(row, { url: 'https://worse.example.com/', changed_by: 'posthorn', updated_at: 'x' });
    await guard.settle();

    expect((await guard.trail(row.id)).map(({ actor, changed }) => `${actor}: ${changed.join()}`).slice(1)).toEqual([
      'table: url',
      'table: url',
    ]);
  });
});
