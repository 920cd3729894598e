import { setTimeout as pause } from 'node:timers/promises';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { formatSecret } from '../../../lambdas/domain/secrets/signature.ts';
import { AWS } from '../../../local/like-aws/numbers.ts';
import { startPosthorn, type OwnPosthorn } from '../../../test/support/posthorn.ts';
import { startHelper } from '../../support/processes.ts';
import { publishBatch } from '../../support/publish.ts';
import type { Arrival, Run } from './figures.ts';
import { expectedOf, MEAN_MS, type Load } from './loads.ts';

const SAMPLE_MS = 500;
const LOOK_MS = 2000;
const LONGEST_MS = 600_000;
/** Rows of one BatchWriteItem, and events of one request. */
const ROWS_AT_ONCE = 25;
const EVENTS_AT_ONCE = 100;

/** The same load on the local engines, as bad as AWS: with the numbers that the model has. */
export async function onLocal(load: Load): Promise<Run> {
  const endpoints = await startHelper('../scale/check/endpoints.ts', [String(MEAN_MS)]);
  try {
    const posthorn = await startPosthorn({ settings: settingsOf(load), likeAws: AWS });
    try {
      const base = `http://127.0.0.1:${endpoints.ready.port}`;
      await subscribe(posthorn, load, base);
      return await observe(posthorn, load, async () => (await (await fetch(`${base}/arrivals`)).json()) as Arrival[]);
    } finally {
      await posthorn.close();
    }
  } finally {
    await endpoints.close();
  }
}

function settingsOf({ concurrency }: Load): Record<string, string> {
  return {
    POSTHORN_SENDER_CONCURRENCY: String(concurrency.senders),
    POSTHORN_SLOW_SENDER_CONCURRENCY: String(concurrency.slowSenders),
    POSTHORN_FAN_OUT_CONCURRENCY: String(concurrency.fanOut),
  };
}

/** Straight into the tables: a thousand subscriptions by the API would take longer than the load. */
async function subscribe(posthorn: OwnPosthorn, load: Load, base: string): Promise<void> {
  const all = [...load.organizations].flatMap(([organization, subscriptions]) =>
    subscriptions.map((id) => ({ organization, id })),
  );
  const created_at = new Date().toISOString();
  const secrets = [{ key: formatSecret(new Uint8Array(32)), created_ms: 1 }];
  await write(
    posthorn,
    'SigningSecretsTableName',
    all.map(({ organization, id }) => ({ subscription: id, organization, secrets })),
  );
  await write(
    posthorn,
    'SubscriptionsTableName',
    all.map((key) => ({ ...key, url: `${base}/${key.id}`, timeout_seconds: load.timeoutSeconds, created_at })),
  );
  // The guard has looked at them.
  while (posthorn.platform.running() > 0) await pause(SAMPLE_MS);
}

async function write(posthorn: OwnPosthorn, output: string, rows: readonly object[]): Promise<void> {
  const table = posthorn.output(output);
  for (let n = 0; n < rows.length; n += ROWS_AT_ONCE) {
    const puts = rows.slice(n, n + ROWS_AT_ONCE).map((Item) => ({ PutRequest: { Item: { ...Item } } }));
    for (let left: typeof puts | undefined = puts; left !== undefined && left.length > 0;) {
      const { UnprocessedItems = {} } = await posthorn.dynamoDb.send(
        new BatchWriteCommand({ RequestItems: { [table]: left } }),
      );
      left = UnprocessedItems[table] as typeof puts | undefined;
    }
  }
}

/** Posts the load, counts functions meanwhile, and waits until all deliveries have come. */
async function observe(posthorn: OwnPosthorn, load: Load, arrivalsOf: () => Promise<Arrival[]>): Promise<Run> {
  const { platform } = posthorn;
  const samples: Run['samples'] = [];
  const timer = setInterval(
    () =>
      samples.push({
        atMs: Date.now(),
        sending: platform.running('sender'),
        fanningOut: platform.running('fan-out'),
      }),
    SAMPLE_MS,
  );
  try {
    await postAll(posthorn, load);
    const expected = expectedOf(load);
    const deadlineMs = Date.now() + LONGEST_MS;
    for (;;) {
      const arrivals = await arrivalsOf();
      if (arrivals.length >= expected || Date.now() > deadlineMs) return { arrivals, samples };
      await pause(LOOK_MS);
    }
  } finally {
    clearInterval(timer);
  }
}

/** Events of one moment and organization in batches, as a producer with many has them. */
async function postAll(posthorn: OwnPosthorn, { posts }: Load): Promise<void> {
  const startedMs = Date.now();
  const open: Promise<unknown>[] = [];
  for (const [key, events] of Map.groupBy(posts, ({ atMs, organization }) => `${atMs} ${organization}`)) {
    const atMs = startedMs + Number(key.split(' ')[0]);
    await pause(Math.max(atMs - Date.now(), 0));
    for (let n = 0; n < events.length; n += EVENTS_AT_ONCE) {
      const some = events.slice(n, n + EVENTS_AT_ONCE).map(({ organization }) => ({
        organization,
        type: 'visit.ended',
        data: { id: 'vis_1' },
      }));
      open.push(publishBatch(posthorn, { events: some }));
    }
  }
  await Promise.all(open);
}
