import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { EndpointHealth } from '../../../domain/endpoint/health.ts';
import { targetName, type TargetKey } from '../../delivery-targets.ts';
import type { EndpointHealthStore } from '../../endpoint-health.ts';
import { readEvery } from '../batch-get.ts';
import { applyChange } from './apply-change.ts';
import { letOutHeld, openCircuit, pauseCircuit, resumeCircuit, throttleCircuit } from './circuit-changes.ts';
import { renewRecord } from './renew.ts';
import { createRowChanges } from './rows.ts';
import { deleteClosed, type HealthTable } from './table.ts';
import { claimTurns } from './turns.ts';

/** The table `EndpointHealth` (subscription). */
export function createEndpointHealthStore(dynamoDb: DynamoDBDocumentClient, table: string): EndpointHealthStore {
  const at: HealthTable = { dynamoDb, table, rows: createRowChanges(dynamoDb, table) };
  return {
    apply: (key, change, nowMs) => applyChange(at, key, change, nowMs),
    open: (key, by, nowMs) => openCircuit(at, key, by, nowMs),
    throttle: (key, untilMs, nowMs) => throttleCircuit(at, key, untilMs, nowMs),
    pause: (key, nowMs) => pauseCircuit(at, key, nowMs),
    resume: (key, nowMs) => resumeCircuit(at, key, nowMs),
    letOut: (key, nowMs) => letOutHeld(at, key, nowMs),
    takeTurns: (key, wanted, nowMs) => claimTurns(at, key, wanted, nowMs),
    load: (keys) => loadRows(at, keys),
    renew: (key, nowMs) => renewRecord(at, key, nowMs),
    forget: (key) => deleteClosed(at, key),
  };
}

async function loadRows(
  { dynamoDb, table }: HealthTable,
  keys: readonly TargetKey[],
): Promise<Map<string, EndpointHealth>> {
  const names = new Set(keys.map(targetName));
  const read = await readEvery(dynamoDb, table, { keys: keys.map(({ subscription }) => ({ subscription })) });
  const found = new Map<string, EndpointHealth>();
  for (const health of read as unknown as EndpointHealth[]) {
    const name = targetName(health);
    if (names.has(name)) found.set(name, health);
  }
  return found;
}
