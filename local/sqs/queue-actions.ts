import { assertKnownAttribute, readAttributes, sameValue, withDefaults, type Attributes } from './attributes.ts';
import type { Engine } from './engine.ts';
import {
  invalidAttributeName,
  invalidParameter,
  invalidValue,
  purgeQueueInProgress,
  queueDoesNotExist,
  queueNameExists,
  unsupportedOperation,
} from './errors.ts';
import {
  optionalInteger,
  optionalObject,
  optionalString,
  optionalStrings,
  requiredString,
  type Input,
} from './input.ts';
import type { Queue } from './queue-store.ts';

const NAME = /^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/;
const PURGE_INTERVAL_MS = 60_000;
/** Attributes that are counted or fixed, and never set. */
const READ_ONLY = [
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** Where a queue is reached: `endpoint` is this server's own address. */
export const queueUrl = (engine: Engine, endpoint: string, name: string): string =>
  `${endpoint}/${engine.accountId}/${name}`;

/** Making a queue again with the same values gives the same queue; values that were not given are not compared. */
export function createQueue(engine: Engine, input: Input, endpoint: string): Input {
  const name = requiredString(input, 'QueueName');
  if (!NAME.test(name)) {
    throw invalidValue(
      'QueueName',
      name,
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    );
  }
  const attributes = readAttributes(optionalObject(input, 'Attributes'));
  const existing = engine.queues.find(name);
  if (existing === undefined) {
    assertKind(name, attributes);
    assertRedriveTarget(engine, name, attributes);
    engine.queues.create(name, attributes, readTags(input, 'tags'), engine.clock.now());
  } else {
    const current = withDefaults(existing.attributes);
    const different = Object.keys(attributes).find((key) => !sameValue(current[key] ?? '', attributes[key]!));
    if (different !== undefined) throw queueNameExists(different);
  }
  return { QueueUrl: queueUrl(engine, endpoint, name) };
}

export function deleteQueue(engine: Engine, input: Input): Input {
  const queue = engine.queues.ofRequest(input);
  engine.messages.deleteAll(queue);
  engine.queues.remove(queue);
  return {};
}

export function getQueueUrl(engine: Engine, input: Input, endpoint: string): Input {
  const name = requiredString(input, 'QueueName');
  if (engine.queues.find(name) === undefined) throw queueDoesNotExist(name);
  return { QueueUrl: queueUrl(engine, endpoint, name) };
}

export function listQueues(engine: Engine, input: Input, endpoint: string): Input {
  const prefix = optionalString(input, 'QueueNamePrefix') ?? '';
  const names = engine.queues.all().map((queue) => queue.name);
  const { items, NextToken } = page(
    names.filter((name) => name.startsWith(prefix)),
    input,
  );
  return { QueueUrls: items.map((name) => queueUrl(engine, endpoint, name)), NextToken };
}

export function listDeadLetterSourceQueues(engine: Engine, input: Input, endpoint: string): Input {
  const names = engine.queues.sourcesOf(engine.queues.ofRequest(input).arn).map((queue) => queue.name);
  const { items, NextToken } = page(names, input);
  return { queueUrls: items.map((name) => queueUrl(engine, endpoint, name)), NextToken };
}

export function getQueueAttributes(engine: Engine, input: Input): Input {
  const queue = engine.queues.ofRequest(input);
  const names = optionalStrings(input, 'AttributeNames');
  const all = { ...withDefaults(queue.attributes), ...countedAttributes(engine, queue) };
  if (names.includes('All')) return { Attributes: all };
  for (const name of names) if (!Object.hasOwn(all, name)) assertKnownAttribute(name);
  const asked = Object.entries(all).filter(([name]) => names.includes(name));
  return asked.length > 0 ? { Attributes: Object.fromEntries(asked) } : {};
}

export function setQueueAttributes(engine: Engine, input: Input): Input {
  const queue = engine.queues.ofRequest(input);
  const given = optionalObject(input, 'Attributes');
  const fixed = Object.keys(given).find((name) => (READ_ONLY as readonly string[]).includes(name));
  if (fixed !== undefined) throw invalidAttributeName(fixed);
  const attributes = readAttributes(given);
  if ('FifoQueue' in attributes && (attributes.FifoQueue === 'true') !== queue.fifo) {
    throw invalidAttributeName('FifoQueue');
  }
  assertRedriveTarget(engine, queue.name, attributes);
  const merged = Object.entries({ ...queue.attributes, ...attributes }).filter(([, value]) => value !== '');
  engine.queues.setAttributes(queue, Object.fromEntries(merged), engine.clock.now());
  return {};
}

export function purgeQueue(engine: Engine, input: Input): Input {
  const queue = engine.queues.ofRequest(input);
  const now = engine.clock.now();
  if (queue.purgedAt !== null && now < queue.purgedAt + PURGE_INTERVAL_MS) throw purgeQueueInProgress(queue.name);
  engine.messages.deleteAll(queue);
  engine.queues.setPurged(queue, now);
  return {};
}

export function listQueueTags(engine: Engine, input: Input): Input {
  const { tags } = engine.queues.ofRequest(input);
  return Object.keys(tags).length > 0 ? { Tags: tags } : {};
}

export function tagQueue(engine: Engine, input: Input): Input {
  const queue = engine.queues.ofRequest(input);
  const tags = { ...queue.tags, ...readTags(input, 'Tags') };
  if (Object.keys(tags).length > 50) throw unsupportedOperation('A queue can have at most 50 tags.');
  engine.queues.setTags(queue, tags);
  return {};
}

export function untagQueue(engine: Engine, input: Input): Input {
  const queue = engine.queues.ofRequest(input);
  const gone = optionalStrings(input, 'TagKeys');
  engine.queues.setTags(queue, Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !gone.includes(key))));
  return {};
}

function countedAttributes(engine: Engine, queue: Queue): Attributes {
  engine.messages.refresh(queue, engine.clock.now());
  const { ready, inFlight, delayed } = engine.messages.counts(queue);
  const seconds = (ms: number): string => String(Math.floor(ms / 1000));
  const counted: Record<(typeof READ_ONLY)[number], string> = {
    QueueArn: queue.arn,
    CreatedTimestamp: seconds(queue.createdAt),
    LastModifiedTimestamp: seconds(queue.modifiedAt),
    ApproximateNumberOfMessages: String(ready),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
  return counted;
}

function assertKind(name: string, attributes: Attributes): void {
  if (name.endsWith('.fifo') !== (attributes.FifoQueue === 'true')) {
    throw invalidParameter(
      'The name of a FIFO queue ends in .fifo and its attribute FifoQueue is true, of no other queue.',
    );
  }
}

function assertRedriveTarget(engine: Engine, name: string, attributes: Attributes): void {
  if (!attributes.RedrivePolicy) return;
  const { deadLetterTargetArn } = JSON.parse(attributes.RedrivePolicy) as { deadLetterTargetArn: string };
  const target = engine.queues.byArn(deadLetterTargetArn);
  if (target === undefined) {
    throw invalidValue('RedrivePolicy', attributes.RedrivePolicy, 'Dead letter target does not exist.');
  }
  if (target.fifo !== name.endsWith('.fifo')) {
    throw invalidValue(
      'RedrivePolicy',
      attributes.RedrivePolicy,
      'Dead-letter queue must be same type of queue as the source.',
    );
  }
}

function readTags(input: Input, parameter: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(optionalObject(input, parameter)).map(([key, value]) => [key, String(value as string)]),
  );
}

function page(names: string[], input: Input): { items: string[]; NextToken: string | undefined } {
  const limit = optionalInteger(input, 'MaxResults', 1, 1000);
  const token = optionalString(input, 'NextToken');
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const rest = names.filter((name) => name > after);
  const items = rest.slice(0, limit ?? 1000);
  // Without MaxResults, SQS gives up to 1,000 and no token.
  const more = limit !== undefined && rest.length > items.length;
  return { items, NextToken: more ? Buffer.from(items.at(-1)!).toString('base64') : undefined };
}
