import { describe, expect, it } from 'vitest';
import { connectToQueue } from '../../lambdas/queues/connect.ts';

const URL = 'https://sqs.us-east-1.amazonaws.com/000000000000/deliveries';
const never = () => () => undefined;

/** What SQS is asked. @param answer what it does with a call */
function setUp(answer: () => Promise<object>) {
  const calls: object[] = [];
  const send = (command: { input: object }) => {
    calls.push(command.input);
    return answer();
  };
  return { calls, sqs: { send } as unknown as Parameters<typeof connectToQueue>[0] };
}

describe('connecting to a queue', () => {
  it('waits for the answer to a call about a message that nobody has', async () => {
    const answered = Promise.withResolvers<object>();
    const { calls, sqs } = setUp(() => answered.promise);
    let isConnected = false;
    const connecting = connectToQueue(sqs, URL, never).then(() => (isConnected = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isConnected).toBe(false);

    answered.resolve({});
    await connecting;

    expect(calls).toEqual([{ QueueUrl: URL, Entries: [{ Id: '0', ReceiptHandle: 'none', VisibilityTimeout: 0 }] }]);
  });

  it('keeps no function from starting: neither by an error nor for more than a second', async () => {
    await connectToQueue(setUp(() => Promise.reject(new Error('no such queue'))).sqs, URL, never);

    const waits: number[] = [];
    const silent = setUp(() => new Promise(() => undefined));
    await connectToQueue(silent.sqs, URL, (ms, happen) => {
      waits.push(ms);
      queueMicrotask(happen);
      return () => undefined;
    });
    expect(waits).toEqual([1000]);
  });
});
