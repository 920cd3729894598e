import { GetCommand, PutCommand, type DynamoDBDocumentClient, type UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCircuitStore } from '../../lambdas/stores/dynamodb/endpoint-health/circuits.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import { createReplayStore } from '../../lambdas/stores/dynamodb/replays.ts';
import { aReplayAt } from '../support/replay.ts';
import type { CircuitStore } from '../../lambdas/stores/circuits.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import { startTables, type Tables } from '../support/tables.ts';

// DynamoDB makes a change, and its answer is lost: the SDK makes the same call again.

const NOW = 1_700_000_000_000;

let tables: Tables;
beforeAll(async () => void (tables = await startTables()));
afterAll(() => tables.close());

/** The answer to each first write is lost. */
function losingAnswers(): DynamoDBDocumentClient {
  const { dynamoDb } = tables;
  const send = async (command: UpdateCommand | PutCommand | GetCommand): Promise<unknown> => {
    if (!(command instanceof GetCommand)) await dynamoDb.send(command as UpdateCommand);
    return dynamoDb.send(command as UpdateCommand);
  };
  return Object.create(dynamoDb, { send: { value: send } }) as DynamoDBDocumentClient;
}

describe('whoever begins a release knows that it has begun, though the answer was lost', () => {
  type Begin = (
    stores: Pick<EndpointHealthStore, 'letOut' | 'resume' | 'renew'> & Pick<CircuitStore, 'endThrottle'>,
    key: { organization: string; subscription: string },
    nowMs: number,
  ) => Promise<number | undefined>;
  const ways: [string, string | undefined, Begin][] = [
    ['for a ceiling', undefined, ({ letOut }, key, nowMs) => letOut(key, nowMs)],
    ['behind a pause', 'paused', ({ resume }, key, nowMs) => resume(key, nowMs)],
    ['for another URL', 'open', ({ renew }, key, nowMs) => renew(key, nowMs)],
    ['behind a throttle', 'throttled', ({ endThrottle }, key, nowMs) => endThrottle(key.subscription, NOW, nowMs)],
  ];

  it.each(ways)('%s', async (name, circuit, begin) => {
    // Arrange
    const table = tables.table('EndpointHealth');
    const key = { organization: 'acme', subscription: `sub_${name.replaceAll(' ', '_')}` };
    const row = { ...key, failures: 0, circuit, throttled_until_ms: NOW };
    if (circuit !== undefined) await tables.dynamoDb.send(new PutCommand({ TableName: table, Item: row }));
    const { letOut, resume, renew } = createEndpointHealthStore(losingAnswers(), table);
    const { endThrottle, get } = createCircuitStore(losingAnswers(), table);

    // Act
    const run = await begin({ letOut, resume, renew, endThrottle }, key, NOW + 5);

    // Assert
    expect(run).toBe(NOW + 5);
    expect(await get(key.subscription)).toMatchObject({ circuit: 'releasing', release_ms: NOW + 5 });
  });
});

it('a replay that is made is no error, and stays as it is when it is made again later', async () => {
  // Arrange
  const replays = createReplayStore(losingAnswers(), tables.table('Replays'), () => NOW);
  const replay = aReplayAt(NOW, { id: 'rpl_lost', organization: 'acme' });

  // Act
  await replays.create(replay);
  await replays.advance(replay.id, { step: 0, nowMs: NOW + 1, queued: 2, cursor: 'evt_2' });
  await replays.create(replay);

  // Assert
  expect(await replays.get(replay.id)).toMatchObject({ step: 0, queued: 2 });
});
