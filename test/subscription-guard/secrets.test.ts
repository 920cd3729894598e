import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { becauseDown, becauseGone } from '../../lambdas/domain/subscription/deactivation.ts';
import { deactivate, edit, guard, now, putInto, secrets, typed, useGuard } from './hand-typed-rows.ts';

const GONE = becauseGone('2026-01-31T09:15:00.123Z').problem;
useGuard();

describe('a problem that is not the guard’s', () => {
  it('stays when a person edits something else', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await edit(row, { description: 'asked the customer' });
    await guard.settle();

    expect(await now(row)).toMatchObject({ active: false, problem: GONE });
  });

  it('clears when a person activates the row again', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await guard.settle();
    await edit(row, { active: true });
    await guard.settle();

    expect(await now(row)).toMatchObject({ active: true });
    expect(await now(row)).not.toHaveProperty('problem');
  });

  it('clears when a person removes the attribute active', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await guard.settle();
    await edit(row, { active: undefined });
    await guard.settle();

    expect(await now(row)).not.toHaveProperty('problem');
  });

  it('is kept in front of the guard’s own, and outlives it', async () => {
    const row = await typed();
    await deactivate(row, '2026-01-31T09:15:00.123Z');
    await edit(row, { format: 'xml' });
    await guard.settle();
    const both = (await now(row))!.problem;
    await edit(row, { format: 'thin' });
    await guard.settle();

    expect(both).toMatch(/^The endpoint answered 410 Gone.*Nothing is sent until this row is mended: format: /);
    expect((await now(row))!.problem).toBe(GONE);
  });

  it.each([
    ['a 410', becauseGone('2026-01-31T09:15:00.123Z')],
    ['days of outage', becauseDown('2026-01-31T09:15:00.123Z')],
  ])('is taken off an active row that was copied from one that %s switched off', async (_what, { problem }) => {
    const copy = await typed({ problem, active: true });

    expect(await now(copy)).toMatchObject({ active: true });
    expect(await now(copy)).not.toHaveProperty('problem');
  });

  it('stays on a copy that is off as well', async () => {
    const copy = await typed({ problem: GONE, active: false });

    expect(await now(copy)).toMatchObject({ problem: GONE });
  });

  it('stays on an active row: it is somebody’s note', async () => {
    const row = await typed({ problem: 'customer moves in May' });

    expect((await now(row))!.problem).toBe('customer moves in May');
  });
});

describe('signing secrets', () => {
  it('are made once, and not again by later edits', async () => {
    const row = await typed();
    const first = await secrets.get(row.id);
    await edit(row, { description: 'x' });
    await guard.settle();

    expect(first?.secrets[0]?.key).toMatch(/^whsec_/);
    expect(await secrets.get(row.id)).toEqual(first);
  });

  it('are made again for a row that lost them', async () => {
    const row = await typed();
    await guard.tables.dynamoDb.send(
      new DeleteCommand({ TableName: guard.tables.table('SigningSecrets'), Key: { subscription: row.id } }),
    );
    await edit(row, { description: 'x' });
    await guard.settle();

    expect((await secrets.get(row.id))?.secrets).toHaveLength(1);
  });

  it('of another organization are a problem of the row that has its id, and stay as they are', async () => {
    const owner = await typed();
    const theirs = await secrets.get(owner.id);
    const thief = await typed({ id: owner.id });

    expect((await now(thief))!.problem).toMatch(/id: expected one that no other organization uses/);
    expect(await now(owner)).not.toHaveProperty('problem');
    expect(await secrets.get(owner.id)).toEqual(theirs);
  });

  it('that cannot be used are a problem', async () => {
    const row = await typed();
    await putInto('SigningSecrets', {
      subscription: row.id,
      organization: row.organization,
      secrets: [{ key: 'typed by hand', created_ms: 1 }],
    });
    await edit(row, { description: 'x' });
    await guard.settle();

    expect((await now(row))!.problem).toMatch(/signing secret: expected a valid one/);
  });

  it('that are too short are a problem that says so, without showing them', async () => {
    const row = await typed();
    const key = `whsec_${Buffer.alloc(20, 7).toString('base64')}`;
    await putInto('SigningSecrets', {
      subscription: row.id,
      organization: row.organization,
      secrets: [{ key, created_ms: 1 }],
    });
    await edit(row, { description: 'x' });
    await guard.settle();

    const { problem } = (await now(row))!;
    expect(problem).toMatch(/signing secret: .*base64 of 24 to 64 bytes, got one of 20 bytes/);
    expect(problem).not.toContain(key.slice(6, 20));
  });

  it.each([
    ['a line break behind it', (key: string) => `${key}\n`],
    ['no prefix', (key: string) => key.slice(6)],
  ])('with %s are understood', async (_what, asTyped) => {
    const row = await typed();
    const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    await putInto('SigningSecrets', {
      subscription: row.id,
      organization: row.organization,
      secrets: [{ key: asTyped(key), created_ms: 1 }],
    });
    await edit(row, { description: 'x' });
    await guard.settle();

    expect(await now(row)).not.toHaveProperty('problem');
    expect((await secrets.get(row.id))?.secrets[0]?.key).toBe(key);
  });

  it('whose entry a person has broken are a problem, too', async () => {
    const row = await typed();
    await putInto('SigningSecrets', { subscription: row.id, organization: row.organization, secrets: 'whsec_' });
    await edit(row, { description: 'x' });
    await guard.settle();

    expect((await now(row))!.problem).toMatch(/signing secret: /);
  });

  it('are not made for keys that cannot be those of a subscription', async () => {
    const row = await typed({ organization: 'Acme & Sons', id: 'sub_blank' });

    expect((await now(row))!.problem).toMatch(/organization: expected 1 to 64 letters/);
    expect(await secrets.get('sub_blank')).toBeUndefined();
  });
});
