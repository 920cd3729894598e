import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../../../test/support/wait-for.ts';
import { bodies, clientOf, redrive, startTestSqs, times, type Sqs } from './sqs.ts';

let folder: string;
let file: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqs-'));
  file = join(folder, 'sqs.sqlite');
});
afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  rmSync(folder, { recursive: true });
});

/** Closes the server and opens its file anew, with the clock where it was. */
async function restart(sqs: Sqs): Promise<Sqs> {
  await sqs.server.close();
  return startTestSqs({ file, clock: sqs.clock });
}

describe('after a restart', () => {
  it('queues, messages, receipt handles and groups in flight are as before', async () => {
    const sqs = await startTestSqs({ file });
    const url = await sqs.queue({ VisibilityTimeout: '600' }, 'kept');
    for (let i = 0; i < 4; i++) {
      await sqs.sendMany(
        url,
        times(10, () => ({ MessageBody: 'noisy', MessageGroupId: 'noisy' })),
      );
    }
    for (let i = 0; i < 3; i++) await sqs.receive(url);
    const [held] = await sqs.receive(url, { MaxNumberOfMessages: 1 });
    await sqs.send(url, 'quiet', { MessageGroupId: 'quiet' });

    const next = await restart(sqs);

    expect(await next.counts(url)).toBe('10,31,0');
    expect(bodies(await next.receive(url))[0]).toBe('quiet');
    await next.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: held!.ReceiptHandle! }));
    expect(await next.counts(url)).toBe('0,40,0');
  });

  it('a message-move task goes on', async () => {
    const sqs = await startTestSqs({ file });
    const deadLetters = await sqs.queue({}, 'dead');
    const SourceArn = await sqs.arn(deadLetters);
    const source = await sqs.queue({ VisibilityTimeout: '0', ...redrive(SourceArn, 1) }, 'source');
    await sqs.sendMany(
      source,
      times(3, () => ({ MessageBody: 'm' })),
    );
    await sqs.receive(source);
    await sqs.receive(source);
    await sqs.client.send(new StartMessageMoveTaskCommand({ SourceArn, MaxNumberOfMessagesPerSecond: 2 }));
    await waitFor('the first portion', async () => (await sqs.counts(source)) === '2,0,0');

    const next = await restart(sqs);

    await waitFor('the rest', async () => (await next.counts(source)) === '3,0,0');
  });

  it('the limit of 120,000 messages in flight holds: a short poll is told, a long poll gets nothing', async () => {
    const sqs = await startTestSqs({ file });
    const url = await sqs.queue({ VisibilityTimeout: '600' }, 'full');
    await sqs.sendMany(
      url,
      times(3, () => ({ MessageBody: 'm' })),
    );
    await sqs.server.close();
    const database = new DatabaseSync(file);
    database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 119999)
      INSERT INTO messages (queue_id, message_id, hidden, visible_at, sent_at, receive_count)
      SELECT 1, 'id-' || i, 1, ${sqs.clock.now() + 600_000}, ${sqs.clock.now()}, 1 FROM n`);
    database.close();
    const next = await startTestSqs({ file, clock: sqs.clock });

    expect(await next.receive(url)).toHaveLength(1);
    await expect(next.receive(url)).rejects.toMatchObject({ name: 'OverLimit' });
    const waiting = next.receive(url, { WaitTimeSeconds: 1 });
    await waitFor('the receive to wait', () => sqs.clock.sleeping > 0);
    sqs.clock.advance(1_000);
    expect(await waiting).toEqual([]);
  });
});

describe('after a kill -9', () => {
  it('every message whose sending was answered is there', async () => {
    child = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'serve.ts'),
      file,
    ]);
    const [endpoint] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    const client = clientOf(endpoint);
    const answered: string[] = [];
    const queueUrl = (await client.send(new CreateQueueCommand({ QueueName: 'killed' }))).QueueUrl!;
    const sending = (async () => {
      for (let i = 0; i < 10_000; i++) {
        await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: `m${i}` }));
        answered.push(`m${i}`);
      }
    })();
    const broken = expect(sending).rejects.toThrow();
    await waitFor('50 answers', () => answered.length >= 50);

    child.kill('SIGKILL');
    await broken;
    const sqs = await startTestSqs({ file });

    const received: string[] = [];
    for (let batch = await sqs.receive(queueUrl); batch.length > 0; batch = await sqs.receive(queueUrl)) {
      received.push(...bodies(batch));
    }
    expect(received.slice(0, answered.length)).toEqual(answered);
    // At most the one that was under way when the process died.
    expect(received.length - answered.length).toBeLessThanOrEqual(1);
  });
});
