import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../lambdas/runtime/logger.ts';
import { createQueue } from '../../lambdas/queues/send.ts';

const sqs = mockClient(SQSClient);
afterAll(() => sqs.restore());
const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
const queue = createQueue(new SQSClient({}), 'https://queue', silent);
const entries = (count: number, bytes = 10) =>
  Array.from({ length: count }, (_, n) => ({ body: `${n}`.padEnd(bytes, '.'), group: 'g' }));

/** Takes each entry unless `refuse` says no; `refuse` sees the entry's id and how often it came. */
function answer(refuse: (id: string, times: number) => boolean): void {
  const times = new Map<string, number>();
  sqs.on(SendMessageBatchCommand).callsFake((input: { Entries: { Id: string }[] }) => {
    const ids = input.Entries.map(({ Id }) => Id);
    ids.forEach((id) => times.set(id, (times.get(id) ?? 0) + 1));
    return {
      Successful: ids.filter((id) => !refuse(id, times.get(id)!)).map((Id) => ({ Id })),
      Failed: ids.filter((id) => refuse(id, times.get(id)!)).map((Id) => ({ Id, Code: 'InternalError' })),
    };
  });
}
const calls = () => sqs.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input.Entries!);

beforeEach(() => {
  sqs.reset();
  answer(() => false);
});

describe('createQueue', () => {
  it('sends 25 small messages in 3 calls, each once', async () => {
    expect(await queue.send(entries(25))).toEqual(new Set());
    expect(calls().map((call) => call.length)).toEqual([10, 10, 5]);
    expect(
      new Set(
        calls()
          .flat()
          .map((entry) => entry.MessageBody),
      ).size,
    ).toBe(25);
  });

  it('puts at most 1 MiB into one call', async () => {
    await queue.send(entries(5, 400_000));
    expect(calls().map((call) => call.length)).toEqual([2, 2, 1]);
    await queue.send([{ body: 'x'.repeat(1_048_576), group: 'g' }]);
    expect(calls().at(-1)).toHaveLength(1);
  });

  it('makes no call for no message', async () => {
    await queue.send([]);
    expect(calls()).toEqual([]);
  });

  it('sends group and delay along', async () => {
    await queue.send([{ body: 'b', group: 'org_1', delaySeconds: 3 }]);
    expect(calls()[0]).toEqual([{ Id: '0', MessageBody: 'b', MessageGroupId: 'org_1', DelaySeconds: 3 }]);
  });

  it('tries again only what SQS refused, once', async () => {
    answer((id, times) => id === '3' || (id === '12' && times === 1));
    expect(await queue.send(entries(15))).toEqual(new Set([3]));
    expect(
      calls()
        .map((call) => call.map((entry) => entry.Id))
        .slice(2),
    ).toEqual([['3', '12']]);
  });

  it('counts a call that throws as refused, and never throws itself', async () => {
    sqs.reset();
    sqs.on(SendMessageBatchCommand).rejects(new Error('no network'));
    expect(await queue.send(entries(2))).toEqual(new Set([0, 1]));
    expect(calls()).toHaveLength(2);
  });

  it('counts an entry that SQS does not mention as refused', async () => {
    sqs.reset();
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    expect(await queue.send(entries(1))).toEqual(new Set([0]));
  });
});
