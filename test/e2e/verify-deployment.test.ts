import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';

// Run as an operator runs it, against the platform that all end-to-end files share.

const PROJECT = join(import.meta.dirname, '../..');
const outputs = inject('outputs');
const posthorn = connect(outputs);
let folder: string;
let receiver: Receiver;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-verify-'));
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify(outputs));
  receiver = await startReceiver();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await receiver.close();
});

async function verify(
  env: Record<string, string>,
  ...options: string[]
): Promise<{ code: number | null; said: string }> {
  const command = ['scripts/verify-deployment.ts', '--outputs', join(folder, 'outputs.json'), ...options];
  const child = spawn(process.execPath, command, { cwd: PROJECT, env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, said };
}

async function subscriptionsLeft(): Promise<unknown[]> {
  const { body } = await posthorn.call<{ data: unknown[] }>(
    'GET',
    '/v1/subscriptions?organization=posthorn-verification',
  );
  return body.data;
}

describe('npm run verify-deployment', () => {
  it('finds all as expected, says what one machine cannot answer, and leaves nothing behind', async () => {
    const { code, said } = await verify({});

    expect(said).not.toMatch(/^not /m);
    expect(said).toMatch(/^ok +event +accepted +\S+$/m);
    expect(said).toMatch(/^ok +delivery +delivered +attempt 1 delivered, 200/m);
    expect(said).toMatch(/^ok +signature .* the same, repeated by the receiver$/m);
    expect(said).toMatch(/^ok +refusal .* attempt 1 failed, 404, .* next at /m);
    expect(said).toMatch(/^ok +retry +tried again +attempt 2 /m);
    expect(said).toMatch(/^ok +dead letters +shown by/m);
    expect(said).toMatch(/^ok +table Events +there +ACTIVE$/m);
    expect(said).toMatch(/^ok +queue EventsDeadLetter +reachable +\d+ messages$/m);
    expect(said).toMatch(/^cannot be asked here +keys, point-in-time recovery/m);
    expect(said).toMatch(/^cannot be asked here +alarm set by hand/m);
    expect(code).toBe(0);
    expect(await subscriptionsLeft()).toEqual([]);
  });

  it('says that a key is wrong', async () => {
    const { code, said } = await verify({ POSTHORN_API_KEY: 'phk_wrong' });

    expect(said).toMatch(/^not +key .* 401: /m);
    expect(code).toBe(1);
  });

  it('says what a receiver that is named got and answered, and cleans up all the same', async () => {
    receiver.answer('/busy', () => ({ status: 200, body: 'v1,' + 'A'.repeat(43) + '=' }));

    const { code, said } = await verify({}, '--receiver', receiver.url('/busy'));

    expect(said).toMatch(/^not +signature .* the receiver repeats another one$/m);
    expect(said).toMatch(/^ok +refusal .* attempt 1 failed, 404/m);
    expect(code).toBe(1);
    expect(await subscriptionsLeft()).toEqual([]);
  });
});
