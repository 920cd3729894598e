import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHeldStore } from '../../lambdas/stores/dynamodb/held.ts';
import { startTables, type Tables } from '../support/tables.ts';

const NOW = 1_700_000_000_000;

let tables: Tables;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

describe('held deliveries', () => {
  const held = (event_id: string, message = 'm') => ({
    subscription: 'sub_held',
    event_id,
    organization: 'acme',
    held_ms: NOW,
    message,
  });
  const readHeld = async (event_id: string) => {
    const Key = { subscription: 'sub_held', event_id };
    return (await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('HeldDeliveries'), Key }))).Item;
  };

  it('are kept whole, more than one call takes', async () => {
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    expect(await store.put(Array.from({ length: 30 }, (_, i) => held(`evt_${i}`)))).toEqual([]);
    expect(await readHeld('evt_29')).toMatchObject(held('evt_29'));
  });

  it('are kept once when a batch holds two copies', async () => {
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    expect(await store.put([held('evt_twice', 'old'), held('evt_twice', 'new')])).toEqual([]);
    expect(await readHeld('evt_twice')).toMatchObject(held('evt_twice', 'new'));
  });

  it('end with their events, however late they are held', async () => {
    const options = { retentionDays: 30, now: () => NOW };
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'), options);
    const eventMs = NOW - 29 * 86_400_000;
    const old = `evt_${ulid(eventMs)}`;
    await store.put([held(old)]);
    expect((await readHeld(old))!.expires_at).toBe(Math.floor(eventMs / 1000) + 30 * 86_400);
  });

  it('are deleted as they were read only: one that was held again meanwhile stays', async () => {
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    const read = [held('evt_queued'), held('evt_again')];
    await store.put(read);
    const again = { ...held('evt_again', 'new'), held_ms: NOW + 1 };
    await store.put([again]);

    await store.removeRead([...read, held('evt_gone')]);

    expect(await readHeld('evt_queued')).toBeUndefined();
    expect(await readHeld('evt_again')).toMatchObject(again);
  });

  it('that could not be kept come back, with every copy', async () => {
    const tooLarge = JSON.stringify({ event: { data: 'x'.repeat(500_000) } });
    const store = createHeldStore(tables.dynamoDb, tables.table('HeldDeliveries'));
    const all = [held('evt_large', tooLarge), held('evt_small'), held('evt_large', tooLarge)];
    expect(await store.put(all)).toEqual([all[0], all[2]]);
  });
});
