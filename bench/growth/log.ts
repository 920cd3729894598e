import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { toItem } from '../../lambdas/stores/dynamodb/attempt-item.ts';
import { startTables } from '../../test/support/tables.ts';
import { printTable } from '../support/report.ts';
import { ulid } from '../support/sample.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const SUBSCRIPTION = 'sub_growth';
/** BatchWriteItem takes no more. */
const CHUNK = 25;

/** What an answer says of its price. */
interface Consumed {
  ConsumedCapacity?: { CapacityUnits?: number };
}

/** Requests and read units of the two reads that the console makes most, at the local DynamoDB. */
export async function growthOfLog(): Promise<void> {
  const { dynamoDb, table, close } = await startTables();
  const counted = { requests: 0, units: 0 };
  const send = dynamoDb.send.bind(dynamoDb) as (command: { input: object }) => Promise<Consumed>;
  const count = async (command: { input: object }): Promise<Consumed> => {
    Object.assign(command.input, { ReturnConsumedCapacity: 'TOTAL' });
    const output = await send(command);
    counted.requests += 1;
    counted.units += output.ConsumedCapacity?.CapacityUnits ?? 0;
    return output;
  };
  dynamoDb.send = count as typeof dynamoDb.send;
  const store = createAttemptStore(dynamoDb, table('Attempts'), { retentionDays: 90 });
  const measure = async (read: () => Promise<unknown>): Promise<string> => {
    Object.assign(counted, { requests: 0, units: 0 });
    await read();
    return `${counted.requests} / ${counted.units.toFixed(1)}`;
  };
  try {
    const rows: string[][] = [];
    let written = 0;
    for (const size of SIZES) {
      for (; written < size; written += CHUNK) {
        const puts = Array.from({ length: CHUNK }, (_, n) => ({
          PutRequest: { Item: toItem(attempt(written + n), 90) },
        }));
        await dynamoDb.send(new BatchWriteCommand({ RequestItems: { [table('Attempts')]: puts } }));
      }
      rows.push([
        `${size} attempts`,
        await measure(() => store.list({ subscription: SUBSCRIPTION }, { limit: 50 })),
        await measure(() => store.ofDelivery(SUBSCRIPTION, `evt_${ulid(size / 2)}`)),
      ]);
    }
    printTable(['requests / read units', 'newest 50 of a subscription', 'all attempts of a delivery'], rows);
  } finally {
    await close();
  }
}

function attempt(n: number): Attempt {
  const event = `evt_${ulid(n)}`;
  return {
    id: `att_${ulid(n)}.${event}.${SUBSCRIPTION}`,
    event_id: event,
    subscription_id: SUBSCRIPTION,
    organization: 'org_bench',
    type: 'visit.ended',
    attempt: 1,
    attempted_ms: Date.now(),
    outcome: 'delivered',
    url: 'https://c1.receivers.example/webhooks/posthorn',
    format: 'standard',
    status: 200,
    response_body: '{"status":"ok"}',
  };
}
