import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import { anEvent } from '../support/sender.ts';
import { AT_ONCE_SETTINGS, startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// What operators type, run as they run it, against a platform named by its outputs file; one of its own, because a
// redrive moves everybody's dead letters.

const PROJECT = join(import.meta.dirname, '../..');
let posthorn: OwnPosthorn;
let receiver: Receiver;
let folder: string;

beforeAll(async () => {
  posthorn = await startPosthorn({ settings: AT_ONCE_SETTINGS, isShared: true });
  receiver = await startReceiver();
  folder = mkdtempSync(join(tmpdir(), 'posthorn-commands-'));
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify(posthorn.outputs));
});
afterAll(async () => {
  await posthorn.close();
  await receiver.close();
  rmSync(folder, { recursive: true });
});

async function run(script: string, ...options: string[]): Promise<string> {
  const command = [join(PROJECT, 'scripts', script), ...options, '--outputs', join(folder, 'outputs.json')];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: PROJECT });
  return stdout;
}

describe('commands', () => {
  it('show and redrive dead letters, and replay what was delivered', async () => {
    const organization = `commands_${process.pid}`;
    const path = `/${organization}`;
    let up = false;
    receiver.answer(path, () => (up ? 200 : 500));
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
    const { body } = await posthorn.publish({ organization, type: 'visit.updated', data: { name: 'Ada' } });
    const outcomes = async () => (await posthorn.attempts(id)).map(({ outcome }) => outcome);
    await waitFor('the end of its tries', async () => (await outcomes()).includes('exhausted'));
    await waitFor('the dead letter', async () => (await posthorn.depth('DeliveriesDeadLetterQueueUrl')) > 0);

    const seen = await run('dlq.ts', 'peek');
    up = true;
    const moved = await run('dlq.ts', 'redrive');
    await waitFor('the delivery', async () => (await outcomes()).includes('delivered'));
    const options = ['--subscription', id, '--since', '2026-01-01', '--outcomes', 'delivered, gone'];
    const counted = await run('replay.ts', ...options, '--dry-run');
    const replayed = await run('replay.ts', ...options);

    expect(seen).toContain(`${body.id}  ${organization}  visit.updated  ${id}`);
    expect(seen).not.toContain('Ada');
    expect(moved).toContain('moved: COMPLETED');
    expect(counted).toBe('1 deliveries would be sent.\n');
    expect(replayed).toContain('1/1 delivered, 0 failed, 0 left\ndone');
  });

  it('send back what was given up for a reason of ours, which SQS alone cannot', async () => {
    const organization = `ours_${process.pid}`;
    const path = `/${organization}`;
    receiver.answer(path, () => 200);
    const { id } = await posthorn.subscribe({ organization, url: receiver.url(path) });
    const event = anEvent({ organization });
    await posthorn.sqs.send(
      new SendMessageCommand({
        QueueUrl: posthorn.output('DeliveriesDeadLetterQueueUrl'),
        MessageBody: encodeDeliveryMessage(
          encodeEvent(event),
          first({ subscription_id: id, format: 'standard' }, { nowMs: Date.now() }),
        ),
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'platform' } },
      }),
    );

    const seen = await run('dlq.ts', 'peek');
    const moved = await run('dlq.ts', 'redrive', '--kind', 'platform');

    expect(seen).toContain(`${id}  platform`);
    expect(moved).toBe('1 of the kind platform sent back\n');
    await waitFor('the delivery', async () =>
      (await posthorn.attempts(id)).some(({ outcome }) => outcome === 'delivered'),
    );
  });

  it('say why SQS stops at a letter that a stage put aside', async () => {
    const QueueUrl = posthorn.output('EventsDeadLetterQueueUrl');
    await posthorn.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not JSON' }));

    const redrive = run('dlq.ts', 'redrive', '--queue', 'events');

    await expect(redrive).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Delete it') as string });
  });
});

// They find nothing and change nothing, so they run side by side.
describe.concurrent('commands', () => {
  it('purge again everything on record or nothing: one resource needs its organization', async () => {
    const purging = run('purge.ts', '--again-since', '2026-01-01', '--resource', 'patient-1');

    await expect(purging).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Expected --resource beside --organization only.') as string,
    });
  });

  it.each(['dlq.ts', 'keys.ts', 'replay.ts'])('%s says how it is used', async (script) => {
    await Promise.all([
      expect(run(script, '--help')).resolves.toContain(`npm run ${script.replace('.ts', '')} -- `),
      expect(run(script, '--nonsense')).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^Unknown option '--nonsense'[^]*npm run (?![^]* at )/) as string,
      }),
    ]);
  });

  it.each([
    ['dlq.ts', 'redrive'],
    ['replay.ts', '--subscription', 'sub_1', '--since', '2026-01-01'],
  ])('%s refuses a rate that is none', async (...words) => {
    const [script, ...options] = words;
    await expect(run(script, ...options, '--rate', 'fast')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Expected --rate with a whole number from 1 to') as string,
    });
  });
});
