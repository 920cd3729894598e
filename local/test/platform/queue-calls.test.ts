import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../clock.ts';
import { QueueCalls } from '../../event-sources/queue-calls.ts';
import { SqsError } from '../../sqs/errors.ts';
import { CutOff } from '../../cut-off.ts';
import { startSqs, type SqsServer } from '../../sqs/server.ts';

const never = new AbortController().signal;

/** Calls of a server that fails as told, then gives nothing. */
function failing(...errors: Error[]) {
  const made: string[] = [];
  const call = (request: { operation: string }): Promise<object> => {
    made.push(request.operation);
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve({});
  };
  return {
    calls: new QueueCalls({ call: call as never, ready: () => 0 }, 'AKIA', 'http://127.0.0.1/000000000000/q'),
    made,
  };
}

const servers: SqsServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** An empty queue of a server that ends with the test. Its clock stands, so that no wait ends by itself. */
async function aQueue() {
  const place = { file: ':memory:', port: 0, region: 'us-east-1', accountId: '000000000000' };
  const sqs = await startSqs({ ...place, clock: new ManualClock() });
  servers.push(sqs);
  const request = (operation: string, input: Record<string, unknown>) =>
    sqs.call({ operation, accessKeyId: 'AKIA', input }, never);
  const { QueueUrl } = await request('CreateQueue', { QueueName: 'q' });
  const send = (MessageBody: string) => request('SendMessage', { QueueUrl, MessageBody });
  return { calls: new QueueCalls(sqs, 'AKIA', String(QueueUrl)), send };
}

describe('the calls of a poller', () => {
  it.each([
    ['a refusal for a moment', new SqsError('RequestThrottled', 'slow down')],
    ['a fault of the server', new SqsError('InternalError', 'no', 500)],
    ['a connection that was cut', new CutOff()],
  ])('are made again after %s', async (_, error) => {
    const { calls, made } = failing(error);

    expect(await calls.receive(10, 0, never)).toEqual([]);
    expect(made).toEqual(['ReceiveMessage', 'ReceiveMessage']);
  });

  it('fail for good after three tries, and at once when they are not allowed', async () => {
    const cut = failing(new CutOff(), new CutOff(), new CutOff(), new CutOff());
    const denied = failing(new SqsError('AccessDeniedException', 'no', 403));

    await expect(cut.calls.delete(['r'])).rejects.toThrow(CutOff);
    await expect(denied.calls.delete(['r'])).rejects.toThrow('no');
    expect([cut.made.length, denied.made.length]).toEqual([3, 1]);
  });

  it('count what could be received, up to as much as is asked for', async () => {
    const { calls, send } = await aQueue();
    const none = calls.ready(10);
    for (const body of ['a', 'b', 'c']) await send(body);
    const all = calls.ready(10);
    const two = calls.ready(2);
    await calls.receive(1, 0, never);

    expect([none, all, two, calls.ready(10)]).toEqual([0, 3, 2, 2]);
  });

  it('neither wait nor take anything when they are to end already', async () => {
    const { calls, send } = await aQueue();

    expect(await calls.receive(1, 20, AbortSignal.abort())).toEqual([]);
    await send('stays');
    expect(await calls.receive(1, 20, AbortSignal.abort())).toEqual([]);
    expect(await calls.receive(1, 0, never)).toMatchObject([
      { Body: 'stays', Attributes: { ApproximateReceiveCount: '1' } },
    ]);
  });

  it('leave nothing on the signal that outlives them', async () => {
    const { signal } = new AbortController();
    const { calls, send } = await aQueue();

    for (const body of ['one', 'two']) {
      const waiting = calls.receive(1, 20, signal);
      await send(body);
      expect(await waiting).toMatchObject([{ Body: body }]);
    }

    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('pass the same checks, faults and counters as calls by HTTP', async () => {
    const sqs = await startSqs({
      file: ':memory:',
      port: 0,
      region: 'us-east-1',
      accountId: '000000000000',
      authorize: ({ accessKeyId, action }) =>
        accessKeyId === 'AKIA' || action === 'sqs:CreateQueue'
          ? { allowed: true }
          : { allowed: false, message: `${accessKeyId} may not ${action}` },
      fault: ({ action }) =>
        action === 'sqs:DeleteMessage' ? { when: 'after', status: 0, code: 'timeout' } : undefined,
    });
    try {
      const request = (operation: string, accessKeyId: string, input: Record<string, unknown>) =>
        sqs.call({ operation, accessKeyId, input }, never);
      const { QueueUrl } = await request('CreateQueue', 'AKIA', { QueueName: 'q' });
      await request('SendMessage', 'AKIA', { QueueUrl, MessageBody: 'b' });
      const mine = new QueueCalls(sqs, 'AKIA', String(QueueUrl));

      const [message] = await mine.receive(10, 0, never);

      expect(message).toMatchObject({ Body: 'b', Attributes: { SenderId: 'AKIA', ApproximateReceiveCount: '1' } });
      await expect(new QueueCalls(sqs, 'other', String(QueueUrl)).receive(1, 0, never)).rejects.toThrow(
        'other may not sqs:ReceiveMessage',
      );
      await expect(mine.delete([message!.ReceiptHandle])).rejects.toThrow(CutOff);
      expect(sqs.calls.get('DeleteMessageBatch')).toBe(3);
    } finally {
      await sqs.close();
    }
  });

  it('end a wait with nothing when the poller closes', async () => {
    const { calls } = await aQueue();
    const closing = new AbortController();
    const waiting = calls.receive(1, 20, closing.signal);

    closing.abort();

    expect(await waiting).toEqual([]);
  });
});
