import { setTimeout as pause } from 'node:timers/promises';
import { printTable } from '../support/report.ts';
import type { Pipeline, Usage } from './pipeline.ts';

/** Exhausted deliveries of one endpoint, in one batch. */
const EXHAUSTED = 10;
/** The first try is due after the one second that the bench sets. */
const DUE_MS = 1500;

/**
 * What exhausted deliveries cost beyond their four tries: remembering them, a try of the oldest that fails, the success that
 * asks for all of them, and their automatic replay. Beside them a success of an endpoint that has nothing to heal.
 */
export async function measureHealing(pipeline: Pipeline): Promise<void> {
  const organization = 'org_healing';
  await pipeline.subscribe(organization, 1);
  const publish = async (count: number): Promise<void> => {
    const body = JSON.stringify({ type: 'visit.updated', organization, data: {} });
    for (let n = 0; n < count; n++) await pipeline.publish(body);
    await pipeline.drain('Events', 'fan-out', 10);
    pipeline.take();
  };
  const rows: string[][] = [];
  const measure = async (title: string, run: () => Promise<unknown>): Promise<void> => {
    await run();
    rows.push(rowOf(title, pipeline.take()));
  };

  await publish(1);
  await measure('a success with nothing to heal', () => pipeline.drain('Deliveries', 'sender', 10));
  pipeline.answer(500);
  await publish(EXHAUSTED);
  await measure(`the 4th failure of ${EXHAUSTED} deliveries`, () =>
    pipeline.drain('Deliveries', 'sender', 10, { receive: 4 }),
  );
  await pause(DUE_MS);
  await measure('a look and a try that fails', async () => {
    await pipeline.lookAfter();
    await pipeline.drain('SlowDeliveries', 'sender', 10);
  });
  pipeline.answer(200);
  await publish(1);
  await measure('the success that asks for them', () => pipeline.drain('Deliveries', 'sender', 10));
  await measure(`the automatic replay of ${EXHAUSTED}`, async () => {
    await pipeline.drain('Recovery', 'recovery-function', 10);
    await pipeline.drain('Deliveries', 'sender', 10);
  });
  printTable(['healing', 'SQS requests', 'DynamoDB calls', 'write units', 'read units', 'invocations'], rows);
}

function rowOf(title: string, { sqs, dynamoDb, writeUnits, readUnits, invocations }: Usage): string[] {
  const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, n) => all + n, 0);
  // The empty receive that ended each drain is the bench's own, and is counted with it.
  return [title, ...[sum(sqs), sum(dynamoDb), writeUnits, readUnits, sum(invocations)].map(String)];
}
