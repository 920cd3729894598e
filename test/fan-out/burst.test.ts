import { marshall } from '@aws-sdk/util-dynamodb';
import { ulid } from '../support/ulid.ts';
import { describe, expect, it } from 'vitest';
import { Throughput } from '../../local/dynamodb/throughput.ts';
import type { Item, TableDescription } from '../../local/dynamodb/types.ts';
import { dynamoDbLikeAws } from '../../local/like-aws/engines.ts';
import { seeded } from '../../local/like-aws/latency.ts';
import { AWS } from '../../local/like-aws/numbers.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import type { FanOutDeps } from '../../lambdas/fan-out/ports.ts';
import { createComeBack } from '../../lambdas/queues/come-back.ts';
import { EVENT_RECEIVES, FAN_OUT_SECONDS, VISIBILITY_TIMES } from '../../lambdas/domain/limits.ts';
import { toItems } from '../../lambdas/stores/dynamodb/event-item.ts';
import type { Match } from '../../lambdas/stores/events.ts';
import { takeInHand, handedOut } from '../support/in-hand.ts';
import { event, NOW, received, row, world } from './support.ts';

// All events of one organization have one partition key, and so the write units of one. Throttled as DynamoDB throttles, by the local
// engine's own rules; its retries by the SDK are left out, as if they had none left.

const TABLE: TableDescription = {
  TableName: 'Events',
  TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Events',
  TableStatus: 'ACTIVE',
  AttributeDefinitions: [],
  KeySchema: keys('organization', 'id'),
  GlobalSecondaryIndexes: [
    { IndexName: 'by-time', KeySchema: keys('bucket', 'id'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    {
      IndexName: 'by-resource',
      KeySchema: keys('resource', 'resource_place'),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

function keys(hash: string, range: string): TableDescription['KeySchema'] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
}

/** Time that passes when nobody can do anything before. */
class Timeline {
  nowMs = NOW;
  readonly #sleepers: { atMs: number; wake: () => void }[] = [];

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ atMs: this.nowMs + ms, wake }));
  }

  /** Lets time pass until a condition holds. @throws when nothing more happens. */
  async until(isDone: () => boolean): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone()) return;
      const nextMs = Math.min(...this.#sleepers.map(({ atMs }) => atMs));
      if (nextMs === Infinity) throw new Error('Nothing more happens, and it is not done.');
      this.nowMs = Math.max(this.nowMs, nextMs);
      const due = this.#sleepers.filter(({ atMs }) => atMs <= this.nowMs);
      this.#sleepers.splice(0, Infinity, ...this.#sleepers.filter((one) => !due.includes(one)));
      for (const { wake } of due) wake();
    }
  }
}

interface Waiting {
  message: { messageId: string; body: string };
  receives: number;
  visibleMs: number;
}

/** Fans out so many events of one organization at once. */
async function burst(count: number, concurrency: number) {
  const timeline = new Timeline();
  const throughput = new Throughput(dynamoDbLikeAws(AWS).throughput!, { now: () => timeline.nowMs });
  const recorded = new Map<string, readonly Match[]>();
  const dead: string[] = [];
  let cameBack = 0;
  const random = seeded(1);
  const record: FanOutDeps['events']['record'] = async (one, matches) => {
    await timeline.sleep(AWS.dynamoDbMedianMs);
    const before = recorded.get(one.id);
    if (before) return { matches: before, first: false };
    const { main } = toItems(one, matches, { expiresAt: 1, run: '' });
    const item = marshall(main, { removeUndefinedValues: true }) as Item;
    throughput.takeWrite({ table: TABLE, key: one.id, old: undefined, item });
    recorded.set(one.id, matches);
    return { matches, first: true };
  };
  const queue: Waiting[] = Array.from({ length: count }, (_, n) => ({
    // 2 KB beside the ids: three units.
    message: received(
      event({ id: `evt_${ulid(NOW + n)}`, resource_id: `visit-${n}`, data: `{"note":"${'x'.repeat(2000)}"}` }),
    ),
    receives: 0,
    visibleMs: NOW,
  }));
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { sent, deps } = world([row('sub_1')], {
    events: { record },
    take: takeInHand(),
    now: () => timeline.nowMs,
    sleep: (ms) => timeline.sleep(ms),
    random,
    logger: silent,
    comeBack: createComeBack({
      send: async (entries) => {
        for (const { body, delaySeconds = 0 } of entries) {
          const message = { messageId: `again-${cameBack++}`, body };
          queue.push({ message, receives: 0, visibleMs: timeline.nowMs + delaySeconds * 1000 });
        }
        return new Set();
      },
      toDeadLetters: async (letters) => {
        dead.push(...letters.map(({ body }) => body));
        return new Set();
      },
      logger: silent,
      now: () => timeline.nowMs,
      random,
    }),
  });
  const fanOut = createFanOut(deps);

  /** One of the function's environments: batch after batch. */
  const work = async (): Promise<void> => {
    while (queue.length > 0 || recorded.size + dead.length < count) {
      const batch = takeBatch();
      if (batch.length === 0) {
        await timeline.sleep(100);
        continue;
      }
      const began = timeline.nowMs;
      const stay = await fanOut(
        batch.map(({ message }) => handedOut(message)),
        () => timeline.nowMs - began > (FAN_OUT_SECONDS - 10) * 1000,
      );
      for (const one of batch.filter(({ message }) => stay.includes(message.messageId))) {
        one.visibleMs = began + VISIBILITY_TIMES * FAN_OUT_SECONDS * 1000;
        queue.push(one);
      }
    }
  };
  const takeBatch = (): Waiting[] => {
    const batch = queue.filter(({ visibleMs }) => visibleMs <= timeline.nowMs).slice(0, 10);
    for (const one of batch) queue.splice(queue.indexOf(one), 1);
    const kept = batch.filter((one) => one.receives++ < EVENT_RECEIVES);
    dead.push(...batch.filter((one) => !kept.includes(one)).map(({ message }) => message.body));
    return kept;
  };
  let running = concurrency;
  for (let n = 0; n < concurrency; n++) void work().finally(() => (running -= 1));
  await timeline.until(() => running === 0);
  const deliveries = new Set(sent().map((one) => one.event.id)).size;
  const seconds = (timeline.nowMs - NOW) / 1000;
  return { dead, recorded: recorded.size, deliveries, throttled: throughput.throttled, cameBack, seconds };
}

describe('a burst of 3,000 events of one organization', () => {
  it.each([
    // As many as there are by default regulate themselves: hardly anything has to come back.
    { concurrency: 10, comeBack: 30 },
    { concurrency: 100, comeBack: 600 },
  ])('is delivered with no dead letter by $concurrency fan-outs at a time', async ({ concurrency, comeBack }) => {
    const { dead, recorded, deliveries, throttled, seconds, cameBack } = await burst(3000, concurrency);

    expect(dead).toEqual([]);
    expect(recorded).toBe(3000);
    expect(deliveries).toBe(3000);
    expect(cameBack).toBeLessThanOrEqual(comeBack);
    // Else it shows nothing.
    expect(throttled.get('Events Write')).toBeGreaterThan(0);
    // 9,000 units of 1,000 a second.
    expect(seconds).toBeGreaterThan(8);
  });
});
