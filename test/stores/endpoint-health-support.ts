import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import { startTables, type Tables } from '../support/tables.ts';

export const NOW = 1_700_000_000_000;

export let tables: Tables;
export let store: EndpointHealthStore;
let made = 0;

/** One table for all tests of a file. */
export function startHealthTable(): void {
  beforeAll(async () => {
    tables = await startTables();
    store = createEndpointHealthStore(tables.dynamoDb, tables.table('EndpointHealth'));
  });
  afterAll(() => tables.close());
}

export const aKey = () => ({ organization: 'acme', subscription: `sub_${(made += 1)}` });
export const read = async (subscription: string) =>
  (await tables.dynamoDb.send(new GetCommand({ TableName: tables.table('EndpointHealth'), Key: { subscription } })))
    .Item;
