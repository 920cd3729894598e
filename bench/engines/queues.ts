import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startSqs } from '../../local/sqs/server.ts';
import { startElasticMq } from './java.ts';
import { BEHAVIOURS, Queues, type Behaviour } from './queue-behaviours.ts';

const PLACE = { region: 'us-east-1', account: '000000000000' };

/** Where ElasticMQ does otherwise than AWS's documents say: what it does. Anything else that differs breaks the proof. */
export const ELASTICMQ_DIFFERS: Record<string, string> = {
  'a batch of more than 1 MiB': 'InvalidAttributeValue',
  'a message of 1 MiB and one byte': 'InvalidAttributeValue',
  'U+0001 in a message': 'InvalidAttributeValue',
  'visibility of more than 12 hours': 'taken',
  'a delete with an older receipt handle': 'ReceiptHandleIsInvalid',
  // It never answers.
  'a redrive to a queue that named its dead letters later': 'AbortError: nothing',
  'dead letters to a queue that is not there': 'QueueDoesNotExist',
  'a retention that is set': 'none',
  'a purge right after a purge': 'taken',
};

/** What an engine does otherwise than documented, by behaviour. */
export async function differences(endpoint: string): Promise<Map<string, string>> {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
  const client = new SQSClient({ endpoint, region: PLACE.region, credentials, maxAttempts: 1 });
  const queues = new Queues(client);
  try {
    // All at once: each has queues of its own, and most of the time is waiting.
    const found = await Promise.all(BEHAVIOURS.map(async (one) => [one, await asked(one, queues)] as const));
    return new Map(found.filter(([{ aws }, came]) => came !== aws).map(([{ name }, came]) => [name, came]));
  } finally {
    client.destroy();
  }
}

async function asked({ ask }: Behaviour, queues: Queues): Promise<string> {
  return ask(queues).catch((error: unknown) => `${(error as Error).name}: ${(error as Error).message}`);
}

/** Asks our SQS and ElasticMQ the same. @throws where ours does otherwise than AWS's documents, or ElasticMQ otherwise than is known. */
export async function queuesOnElasticMq(): Promise<{ queues: string }> {
  const ours = await startSqs({ file: ':memory:', port: 0, region: PLACE.region, accountId: PLACE.account });
  try {
    const wrong = await differences(ours.endpoint);
    if (wrong.size > 0) throw new Error(`Our SQS does otherwise than AWS's: ${JSON.stringify([...wrong])}`);
  } finally {
    await ours.close();
  }
  const work = mkdtempSync(join(tmpdir(), 'posthorn-queues-'));
  try {
    const elasticMq = await startElasticMq(work, PLACE);
    try {
      const found = Object.fromEntries(await differences(elasticMq.endpoint));
      const unknown = [...Object.keys(found), ...Object.keys(ELASTICMQ_DIFFERS)].filter(
        (name) => found[name] !== ELASTICMQ_DIFFERS[name],
      );
      if (unknown.length > 0) {
        throw new Error(
          `ElasticMQ does otherwise than is known: ${unknown.map((n) => `${n}: ${found[n]}`).join('; ')}`,
        );
      }
      const agree = BEHAVIOURS.length - Object.keys(found).length;
      return { queues: `ours ${BEHAVIOURS.length} of ${BEHAVIOURS.length} as documented, ElasticMQ ${agree}` };
    } finally {
      await elasticMq.close();
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
