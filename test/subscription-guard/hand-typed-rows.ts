import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { becauseGone } from '../../lambdas/domain/subscription/deactivation.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import type { SecretStore } from '../../lambdas/stores/secrets.ts';
import { deactivation } from '../support/deactivation.ts';
import { startGuard, type Guard } from '../support/guard.ts';
import type { TableName } from '../support/tables.ts';

export const URL = 'https://hooks.example.com/in';
/** Made by {@link useGuard} before the first test. */
export let guard: Guard;
export let secrets: SecretStore;
let numbers = 0;

/** A number that nothing else of the file has. */
export const nextNumber = (): number => (numbers += 1);

/** One guard for all tests of a file; what it prints is kept from the screen. */
export function useGuard(): void {
  beforeAll(async () => {
    guard = await startGuard();
    secrets = createSecretStore(guard.tables.dynamoDb, guard.tables.table('SigningSecrets'));
  });
  afterAll(() => guard.close());
  beforeEach(() => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    return () => {
      vi.restoreAllMocks();
    };
  });
}

export type Row = Record<string, unknown>;

export const putInto = (table: TableName, Item: Row) =>
  guard.tables.dynamoDb.send(new PutCommand({ TableName: guard.tables.table(table), Item }));
export const rowIn = async (table: TableName, Key: Row): Promise<Row | undefined> =>
  (await guard.tables.dynamoDb.send(new GetCommand({ TableName: guard.tables.table(table), Key }))).Item;
export const keyOf = ({ organization, id }: Row): Row => ({ organization, id });
export const now = (row: Row): Promise<Row | undefined> => rowIn('Subscriptions', keyOf(row));

/** A row typed by hand, seen by the guard. */
export async function typed(fields: Row = {}): Promise<Row & { organization: string; id: string }> {
  const number = nextNumber();
  const row = { organization: `org_${number}`, id: `sub_guard_${number}`, url: URL, ...fields };
  await putInto('Subscriptions', row);
  await guard.settle();
  return row;
}

/** Sets attributes of a row by hand; undefined removes. */
export async function edit(row: Row, fields: Row): Promise<void> {
  const next = { ...(await now(row)), ...fields };
  await putInto('Subscriptions', next);
}

export async function remove(row: Row): Promise<void> {
  await guard.tables.dynamoDb.send(
    new DeleteCommand({ TableName: guard.tables.table('Subscriptions'), Key: keyOf(row) }),
  );
}

/** Deactivates as the sender does after a 410. */
export const deactivate = ({ organization, id }: { organization: string; id: string }, at: string) =>
  deactivation(guard.tables)({ organization, subscription: id }, URL, becauseGone('2026-01-31T09:15:00.123Z'), at);
