import type { Engine } from './engine.ts';
import { SqsError } from './errors.ts';
import type { Input } from './input.ts';
import { readTaskHandle, type MoveTasks } from './move-tasks.ts';
import * as queueActions from './queue-actions.ts';
import { queueNameOf } from './queue-store.ts';
import { receiveMessage } from './receive.ts';
import { sendMessage, sendMessageBatch } from './send.ts';
import * as settle from './settle.ts';

/** What an operation gets besides its input. */
export interface CallContext {
  /** Who calls, as `SenderId` shows it. */
  caller: string;
  /** This server's own address, in which queue URLs are given. */
  endpoint: string;
  /** A signal that is aborted when the caller hangs up; asked for by a call that waits. */
  signal: () => AbortSignal;
}

type Operation = (input: Input, context: CallContext) => object | Promise<object>;

/** Every operation that is served, by its name. Each is one transaction; receiveMessage makes its own, one per attempt. */
export function operationsOf(engine: Engine, moves: MoveTasks): Map<string, Operation> {
  const inTransaction =
    (operation: (engine: Engine, input: Input) => object): Operation =>
    (input) =>
      engine.run(() => operation(engine, input));
  const withEndpoint =
    (operation: (engine: Engine, input: Input, endpoint: string) => object): Operation =>
    (input, { endpoint }) =>
      engine.run(() => operation(engine, input, endpoint));
  const withCaller =
    (operation: (engine: Engine, input: Input, caller: string) => object): Operation =>
    (input, { caller }) =>
      engine.run(() => operation(engine, input, caller));
  return new Map<string, Operation>([
    ['CreateQueue', withEndpoint(queueActions.createQueue)],
    ['DeleteQueue', inTransaction(queueActions.deleteQueue)],
    ['GetQueueUrl', withEndpoint(queueActions.getQueueUrl)],
    ['ListQueues', withEndpoint(queueActions.listQueues)],
    ['ListDeadLetterSourceQueues', withEndpoint(queueActions.listDeadLetterSourceQueues)],
    ['GetQueueAttributes', inTransaction(queueActions.getQueueAttributes)],
    ['SetQueueAttributes', inTransaction(queueActions.setQueueAttributes)],
    ['PurgeQueue', inTransaction(queueActions.purgeQueue)],
    ['ListQueueTags', inTransaction(queueActions.listQueueTags)],
    ['TagQueue', inTransaction(queueActions.tagQueue)],
    ['UntagQueue', inTransaction(queueActions.untagQueue)],
    ['SendMessage', withCaller(sendMessage)],
    ['SendMessageBatch', withCaller(sendMessageBatch)],
    ['ReceiveMessage', (input, { signal }) => receiveMessage(engine, input, signal)],
    ['DeleteMessage', inTransaction(settle.deleteMessage)],
    ['DeleteMessageBatch', inTransaction(settle.deleteMessageBatch)],
    ['ChangeMessageVisibility', inTransaction(settle.changeMessageVisibility)],
    ['ChangeMessageVisibilityBatch', inTransaction(settle.changeMessageVisibilityBatch)],
    ['StartMessageMoveTask', (input) => engine.run(() => moves.start(input))],
    ['CancelMessageMoveTask', (input) => engine.run(() => moves.cancel(input))],
    ['ListMessageMoveTasks', (input) => engine.run(() => moves.list(input))],
  ]);
}

/** IAM knows no batch actions: a batch needs the permission of the single call (service authorization reference, Amazon SQS). */
export const iamActionOf = (operation: string): string => `sqs:${operation.replace(/Batch$/, '')}`;

/** ARN of the queue that a call is about, existing or not; `*` when it names none. */
export function resourceOf(input: Input, region: string, accountId: string): string {
  const { QueueUrl, QueueName, SourceArn, TaskHandle } = input;
  if (typeof SourceArn === 'string') return SourceArn;
  if (typeof TaskHandle === 'string') {
    try {
      return readTaskHandle(TaskHandle).sourceArn;
    } catch (error) {
      if (error instanceof SqsError) return '*';
      throw error;
    }
  }
  const name = typeof QueueUrl === 'string' ? queueNameOf(QueueUrl) : QueueName;
  return typeof name === 'string' ? `arn:aws:sqs:${region}:${accountId}:${name}` : '*';
}
