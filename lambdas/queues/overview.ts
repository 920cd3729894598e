import type { SQSClient } from '#aws-sdk/client-sqs';
import { depthOf, kindsOf, type Depth } from './depths.ts';

/** A queue by its short name. */
export interface NamedQueue {
  name: string;
  url: string;
}

export interface QueueOverview {
  queues(): Promise<(NamedDepth & { oldestSeconds: number | undefined })[]>;
  deadLetters(): Promise<DeadLetters[]>;
}

type NamedDepth = Depth & { name: string };

interface DeadLetters {
  name: string;
  count: number;
  looked?: { ours: number; of: number };
}

interface OverviewOptions {
  queues: readonly NamedQueue[];
  /** Whose dead letters are the platform's own. */
  deadLetters: readonly NamedQueue[];
  /** Whose dead letters are the customers' as well, so that they are looked at. */
  mixed: NamedQueue;
  /** Seconds that the oldest message has waited, by the queue's name in AWS. */
  ages(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** What lies in all queues. */
export function createQueueOverview(
  sqs: SQSClient,
  { queues, deadLetters, mixed, ages }: OverviewOptions,
): QueueOverview {
  return {
    async queues() {
      const [depths, old] = await Promise.all([
        Promise.all(queues.map(async ({ name, url }) => ({ name, ...(await depthOf(sqs, url)) }))),
        ages(queues.map(({ url }) => nameInAws(url))),
      ]);
      return depths.map((depth, n) => ({ ...depth, oldestSeconds: old.get(nameInAws(queues[n]!.url)) }));
    },

    async deadLetters() {
      const own = deadLetters.map(async ({ name, url }) => ({ name, count: sumOf(await depthOf(sqs, url)) }));
      return Promise.all([lookAt(sqs, mixed), ...own]);
    },
  };
}

async function lookAt(sqs: SQSClient, { name, url }: NamedQueue): Promise<DeadLetters> {
  const count = sumOf(await depthOf(sqs, url));
  const { poison, platform, customer } = await kindsOf(sqs, url, count);
  const ours = poison + platform;
  return { name, count, looked: { ours, of: ours + customer } };
}

/** Those that somebody looks at just now are in flight for some seconds. */
function sumOf({ waiting, in_flight, delayed }: Depth): number {
  return waiting + in_flight + delayed;
}

function nameInAws(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
