import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ulid } from 'ulid';
import { printTable } from '../support/report.ts';
import prices from '../prices.json' with { type: 'json' };
import { measureHealing } from './healing.ts';
import { printOneKey } from './one-key.ts';
import { startPipeline, type Pipeline, type Usage } from './pipeline.ts';

/**
 * Events in each case, after some that fill the caches: API key and secrets. Of single messages it is what one of the four shards
 * that a new table has gathers in POSTHORN_STATISTICS_SECONDS (90) at one event a second.
 */
const EVENTS = 20;

/**
 * What the emulators cannot say. Durations are what Lambda would bill for a request or batch: the bundled handlers' CPU
 * (npm run bench) at the share of a processor that the memory buys (1,769 MB buy one), plus 5 to 8 ms for each call of AWS
 * that is waited for, and in the sender for endpoints that take 300 ms. Ingest: 0.5 ms of CPU, one call; fan-out: 3 ms
 * for ten events, three calls one after another; sender: 2.5 ms for ten deliveries, two calls; statistics: 15 ms, and for each
 * line 0.06 ms of CPU and for each row 1 ms, those included that it writes when an hour is over.
 */
const ASSUMED = {
  ingest: { milliseconds: 10, gigabytes: 0.5 },
  'fan-out': { milliseconds: 30, gigabytes: 1 },
  sender: { milliseconds: 330, gigabytes: 0.25 },
  statistics: { milliseconds: 15, gigabytes: 0.5 },
};
/** Milliseconds of statistics for each line of the log and each row written, at 0.29 of a processor. */
const COUNTED = { line: 0.2, row: 3.5 };
/** The largest of the yardsticks' sample events: 534 bytes of data. One of 800 to 1,800 bytes costs a write unit more. */
const { events } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../test/vectors/payload-formats.json'), 'utf8'),
) as { events: Record<'shift-updated', { type: string; data: object }> };
const POSTED = { type: events['shift-updated'].type, resource_id: '28540', data: events['shift-updated'].data };
/** A line of the API's access log, in the class for infrequent access. Bytes. */
const ACCESS_LOG_BYTES = 145;
/** Endpoints of an event that goes to many. */
const MANY = 100;
const CASES = [1, 5, MANY].flatMap((subscriptions) => [
  { subscriptions, batch: 10 },
  { subscriptions, batch: 1 },
]);

/** Batches of a shard in an hour, which share what it costs to add the hour to the counts. */
const BATCHES_IN_HOUR = 3600 / 90;
/** Lines that statistics counts at once, as lib/constructs/change-feed.ts has it. */
const COUNTED_AT_ONCE = 3000;

type Costs = Record<'API Gateway' | 'SQS' | 'DynamoDB writes' | 'DynamoDB reads' | 'Lambda' | 'Logs', number>;

/**
 * `npm run bench -- cost [--short]`: AWS requests, capacity units and dollars per million deliveries, counted at the local
 * emulators. The short form leaves out events to 100 endpoints, which take half an hour where calls are as slow as on AWS.
 */
export async function run(words: readonly string[] = []): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { short: { type: 'boolean' } } });
  const cases = CASES.filter(({ subscriptions }) => !values.short || subscriptions < MANY);
  printOneKey();
  const pipeline = await startPipeline({ POSTHORN_HEAL_SECONDS: '1' });
  try {
    const counts: string[][] = [];
    const dollars: string[][] = [];
    const counting: string[][] = [];
    const rests: Rest[] = [];
    const addCounting = (title: string, usage: Usage, rest: number, deliveries: number): void => {
      const dollars = (1e6 * sum(costOf(usage, deliveries))) / deliveries;
      const each = (n: number): string => (n / deliveries).toFixed(2);
      const share = `${((100 * dollars) / rest).toFixed(1)} %`;
      counting.push([title, each(usage.writeUnits), each(sum(usage.invocations)), dollars.toFixed(2), share]);
    };
    for (const { subscriptions, batch } of cases) {
      const { usage, ofCounting } = await measure(pipeline, subscriptions, batch);
      const deliveries = EVENTS * subscriptions;
      const title = `${subscriptions} endpoint${subscriptions > 1 ? 's' : ''}, ${batch === 1 ? 'single messages' : 'full batches'}`;
      const each = (n: number): string => (n / deliveries).toFixed(2);
      const sqsRequests = sum(usage.sqs);
      counts.push([
        title,
        each(sqsRequests),
        each(sum(usage.dynamoDb)),
        each(usage.writeUnits),
        each(usage.readUnits),
        each(sum(usage.invocations)),
        each(sum(usage.logBytes)),
      ]);
      const costs = costOf(usage, deliveries);
      const rest = (1e6 * (sum(costs) - sum(costOf(ofCounting, deliveries)))) / deliveries;
      addCounting(title, ofCounting, rest, deliveries);
      if (subscriptions < MANY) rests.push({ title, subscriptions, dollars: (1e6 * sum(costs)) / deliveries });
      if (batch === 1) {
        addCounting(
          `${title}, each endpoint once in a window`,
          await once(pipeline, subscriptions),
          rest,
          subscriptions,
        );
      }
      const perMillion = Object.values(costs).map((cost) => ((cost / deliveries) * 1e6).toFixed(2));
      dollars.push([title, ...perMillion, ((sum(costs) / deliveries) * 1e6).toFixed(2)]);
      if (subscriptions === 1 && batch === 10) console.log(JSON.stringify({ events: EVENTS, ...usage }, null, 1));
    }
    printTable(
      ['per delivery', 'SQS requests', 'DynamoDB calls', 'write units', 'read units', 'invocations', 'log bytes'],
      counts,
    );
    printTable(
      ['$ per million deliveries', 'API Gateway', 'SQS', 'DynamoDB writes', 'DynamoDB reads', 'Lambda', 'logs', 'all'],
      dollars,
    );
    printTable(
      ['recording an event', 'write units', '$ per million', ...rests.map(({ title }) => `of ${title}`)],
      await ofEvent(pipeline, rests),
    );
    printTable(['counting, per delivery', 'write units', 'invocations', '$ per million', 'of the rest'], counting);
    await measureHealing(pipeline);
  } finally {
    await pipeline.close();
  }
}

/** What a million deliveries cost, of events that go to so many subscriptions. */
interface Rest {
  title: string;
  subscriptions: number;
  dollars: number;
}

/** What recording an event costs, table and indexes, and how much of a delivery that is: of all that the delivery costs besides. */
async function ofEvent(pipeline: Pipeline, rests: readonly Rest[]): Promise<string[][]> {
  const enqueued_ms = Date.now();
  const event = { ...POSTED, organization: 'org_1', triggering_location: 'API' as const, enqueued_ms };
  const units = await pipeline.unitsOf({ ...event, id: `evt_${ulid(enqueued_ms)}`, data: JSON.stringify(POSTED.data) });
  return Object.entries(units).map(([name, n]) => {
    const price = n * prices.perMillion.dynamoDbWriteUnits;
    const shares = rests.map(({ subscriptions, dollars }) => {
      const each = price / subscriptions;
      return `${((100 * each) / (dollars - each)).toFixed(1)} %`;
    });
    return [name, n.toFixed(0), price.toFixed(2), ...shares];
  });
}

async function measure(
  pipeline: Pipeline,
  subscriptions: number,
  batch: number,
): Promise<{ usage: Usage; ofCounting: Usage }> {
  const organization = `org_${subscriptions}_${batch}`;
  const body = JSON.stringify({ ...POSTED, organization });
  await pipeline.subscribe(organization, subscriptions);
  await round(pipeline, body, 2, batch);
  await pipeline.count(COUNTED_AT_ONCE);
  await pipeline.addHours();
  pipeline.take();
  await round(pipeline, body, EVENTS, batch);
  const usage = pipeline.take();
  await pipeline.count(COUNTED_AT_ONCE);
  const counted = pipeline.take();
  const ofCounting = together(counted, await adding(pipeline, () => round(pipeline, body, EVENTS, batch)));
  // The empty receive that ended each drain is the bench's own.
  usage.sqs.ReceiveMessage = (usage.sqs.ReceiveMessage ?? 0) - 2;
  return { usage: together(usage, ofCounting), ofCounting };
}

/** What counting costs where one event comes in a window: with one endpoint, where each line is counted alone. */
async function once(pipeline: Pipeline, subscriptions: number): Promise<Usage> {
  const body = JSON.stringify({ ...POSTED, organization: `org_${subscriptions}_1` });
  await round(pipeline, body, 1, 1);
  pipeline.take();
  await pipeline.count(COUNTED_AT_ONCE);
  const counted = pipeline.take();
  return together(counted, await adding(pipeline, () => round(pipeline, body, 1, 1)));
}

/**
 * What it costs to add the lines of an hour to the counts, for one batch of it: what grows with the batches, and its share of what
 * does not. @param again makes another batch like the one that lies there.
 */
async function adding(pipeline: Pipeline, again: () => Promise<void>): Promise<Usage> {
  const add = async (batches: number): Promise<Usage> => {
    for (let n = 0; n < batches; n++) {
      await again();
      await pipeline.count(COUNTED_AT_ONCE);
    }
    pipeline.take();
    await pipeline.addHours();
    return pipeline.take();
  };
  const [one, two] = [await add(0), await add(2)];
  const share = (x = 0, y = 0): number => y - x + (x - (y - x)) / BATCHES_IN_HOUR;
  const names = Object.keys({ ...one.dynamoDb, ...two.dynamoDb });
  return {
    sqs: {},
    dynamoDb: Object.fromEntries(names.map((name) => [name, share(one.dynamoDb[name], two.dynamoDb[name])])),
    readUnits: share(one.readUnits, two.readUnits),
    writeUnits: share(one.writeUnits, two.writeUnits),
    invocations: {},
    logBytes: {},
  };
}

function together(a: Usage, b: Usage): Usage {
  const add = (x: Record<string, number>, y: Record<string, number>): Record<string, number> =>
    Object.fromEntries(
      [...new Set([...Object.keys(x), ...Object.keys(y)])].map((key) => [key, (x[key] ?? 0) + (y[key] ?? 0)]),
    );
  return {
    sqs: add(a.sqs, b.sqs),
    dynamoDb: add(a.dynamoDb, b.dynamoDb),
    readUnits: a.readUnits + b.readUnits,
    writeUnits: a.writeUnits + b.writeUnits,
    invocations: add(a.invocations, b.invocations),
    logBytes: add(a.logBytes, b.logBytes),
  };
}

async function round(pipeline: Pipeline, body: string, events: number, batch: number): Promise<void> {
  for (let n = 0; n < events; n++) await pipeline.publish(body);
  await pipeline.drain('Events', 'fan-out', batch);
  await pipeline.drain('Deliveries', 'sender', batch);
}

function costOf({ sqs, dynamoDb, readUnits, writeUnits, invocations, logBytes }: Usage, lines: number): Costs {
  const { perMillion, lambdaGbSecond, logsGbIngested, infrequentLogsGbIngested } = prices;
  const gbSeconds = Object.entries(ASSUMED).reduce(
    (all, [name, { milliseconds, gigabytes }]) => all + ((invocations[name] ?? 0) * milliseconds * gigabytes) / 1000,
    0,
  );
  const rows = ['UpdateItem', 'PutItem', 'BatchWriteItem', 'Query'].map((name) => dynamoDb[`dynamodb:${name}`] ?? 0);
  const counted = invocations.statistics ? COUNTED.line * lines + COUNTED.row * rows.reduce((a, b) => a + b, 0) : 0;
  const countedGbSeconds = (counted * ASSUMED.statistics.gigabytes) / 1000;
  const invoked = sum(invocations);
  const requests = invocations.ingest ?? 0;
  return {
    'API Gateway': (requests * perMillion.apiGatewayRequests) / 1e6,
    SQS: (sum(sqs) * perMillion.sqsRequests) / 1e6,
    'DynamoDB writes': (writeUnits * perMillion.dynamoDbWriteUnits) / 1e6,
    'DynamoDB reads': (readUnits * perMillion.dynamoDbReadUnits) / 1e6,
    Lambda: (invoked * perMillion.lambdaRequests) / 1e6 + (gbSeconds + countedGbSeconds) * lambdaGbSecond,
    Logs: (sum(logBytes) * logsGbIngested + requests * ACCESS_LOG_BYTES * infrequentLogsGbIngested) / 1e9,
  };
}

function sum(numbers: Record<string, number>): number {
  return Object.values(numbers).reduce((all, n) => all + n, 0);
}
