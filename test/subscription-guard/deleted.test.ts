import { describe, expect, it } from 'vitest';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { guard, now, putInto, remove, type Row, rowIn, secrets, typed, URL, useGuard } from './hand-typed-rows.ts';

useGuard();

describe('a deleted row', () => {
  it('takes its secrets, its health and what is held for it along', async () => {
    const row = await typed();
    const held = createHeldStore(guard.tables.dynamoDb, guard.tables.table('HeldDeliveries'));
    await putInto('EndpointHealth', { subscription: row.id, organization: row.organization, failures: 3 });
    for (let n = 0; n < 60; n++) {
      await putInto('HeldDeliveries', { subscription: row.id, event_id: `evt_${n}`, organization: row.organization });
    }

    await remove(row);
    await guard.settle();

    expect(await secrets.get(row.id)).toBeUndefined();
    expect(await rowIn('EndpointHealth', { subscription: row.id })).toBeUndefined();
    expect(await held.forget(row.id, row.organization)).toBe(0);
  });

  it.each(['open', 'releasing', 'closing'])(
    'leaves a circuit that is %s, and what is held, to recovery, however often it is told',
    async (circuit) => {
      const row = await typed();
      const health = { subscription: row.id, organization: row.organization, failures: 20, circuit };
      const held = { subscription: row.id, event_id: 'evt_1', organization: row.organization };
      await putInto('EndpointHealth', health);
      await putInto('HeldDeliveries', held);

      await remove(row);
      const changes = await guard.changes();
      await guard.handle(changes);
      await guard.handle(changes);

      expect(await secrets.get(row.id)).toBeUndefined();
      expect(await rowIn('EndpointHealth', { subscription: row.id })).toEqual(health);
      expect(await rowIn('HeldDeliveries', { subscription: row.id, event_id: 'evt_1' })).toEqual(held);
    },
  );

  it('with the id of another organization takes along what is held for it, and leaves the open circuit of the owner', async () => {
    const owner = await typed();
    const health = { subscription: owner.id, organization: owner.organization, failures: 20, circuit: 'open' };
    await putInto('EndpointHealth', health);
    const thief = await typed({ id: owner.id });
    for (const { organization } of [owner, thief]) {
      await putInto('HeldDeliveries', { subscription: owner.id, event_id: `evt_${organization}`, organization });
    }

    await remove(thief);
    await guard.settle();

    const heldOf = ({ organization }: Row) =>
      rowIn('HeldDeliveries', { subscription: owner.id, event_id: `evt_${String(organization)}` });
    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toEqual(health);
    expect(await heldOf(owner)).toBeDefined();
    expect(await heldOf(thief)).toBeUndefined();
  });

  it('leaves the owner of its id alone when it never was its own', async () => {
    const owner = await typed();
    await putInto('EndpointHealth', { subscription: owner.id, organization: owner.organization, failures: 3 });
    await putInto('HeldDeliveries', { subscription: owner.id, event_id: 'evt_1', organization: owner.organization });
    const thief = await typed({ id: owner.id });

    await remove(thief);
    await guard.settle();

    expect((await secrets.get(owner.id))?.organization).toBe(owner.organization);
    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toBeDefined();
    expect(await rowIn('HeldDeliveries', { subscription: owner.id, event_id: 'evt_1' })).toBeDefined();
  });

  it('that was typed again at once keeps its secret', async () => {
    const row = await typed();
    const before = await secrets.get(row.id);
    await remove(row);
    await putInto('Subscriptions', row);
    await guard.settle();

    expect(await secrets.get(row.id)).toEqual(before);
  });
});

describe('a deletion that is undone', () => {
  it('brings back the secret that the customer verifies with', async () => {
    const row = await typed();
    const before = await secrets.get(row.id);
    const whole = (await now(row))!;
    await remove(row);
    await guard.settle();

    await putInto('Subscriptions', whole);
    await guard.settle();

    expect(await secrets.get(row.id)).toEqual(before);
    expect(await now(row)).not.toHaveProperty('problem');
  });

  it('in another organization gets neither that secret nor a new one, and says why', async () => {
    const row = await typed();
    const before = await secrets.get(row.id);
    await remove(row);
    await guard.settle();

    const copy = await typed({ id: row.id });

    expect((await now(copy))!.problem).toMatch(
      /id: expected one that no other organization uses or has used in the last 7/,
    );
    expect(await secrets.get(row.id)).toBeUndefined();
    await putInto('Subscriptions', row);
    await guard.settle();
    expect(await secrets.get(row.id)).toEqual(before);
  });

  it('of many rows at once brings back the secret of each', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => ({ organization: 'org_many', id: `sub_many_${n}`, url: URL }));
    const keys = () => Promise.all(rows.map(async ({ id }) => (await secrets.get(id))?.secrets[0]?.key));
    for (const row of rows) await putInto('Subscriptions', row);
    await guard.settle();
    const before = await keys();
    for (const row of rows) await remove(row);
    await guard.settle();
    const meanwhile = await keys();
    for (const row of rows) await putInto('Subscriptions', row);
    await guard.settle();

    expect(new Set(before).size).toBe(rows.length);
    expect(meanwhile.filter((key) => key !== undefined)).toEqual([]);
    expect(await keys()).toEqual(before);
  });
});
