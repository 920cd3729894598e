import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOutbox, type Outbox } from '../examples/outbox/outbox.ts';
import { bodyOf, startYardstick, type Yardstick } from './yardsticks/set-up.ts';

// The example of docs/producers.md on the running platform: a database with an outbox, and a relay that dies at the
// worst moments.

const MAIN = join(import.meta.dirname, '../examples/outbox/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'posthorn-outbox-'));
const outboxes: Outbox[] = [];
let world: Yardstick;
beforeAll(async () => void (world = await startYardstick('outbox')));
afterAll(async () => {
  for (const outbox of outboxes) outbox.close();
  rmSync(folder, { recursive: true, force: true });
  await world.close();
});

/** A producer with a database of its own, and one subscriber. */
async function producer() {
  const organization = world.organization();
  const file = join(folder, `${organization}.db`);
  const outbox = openOutbox(file, organization);
  outboxes.push(outbox);
  const path = `/${organization}`;
  const { id } = await world.posthorn.subscribe({ organization, url: world.receiver.url(path) });
  /** Runs the relay in a process of its own. @returns its exit code, or the signal that ended it. */
  const runRelay = (crashAfter = 0, url = world.posthorn.apiUrl): Promise<number | string> =>
    new Promise((resolve, reject) => {
      const env = {
        ...process.env,
        POSTHORN_URL: url,
        POSTHORN_API_KEY: world.posthorn.outputs.local!.ProducerApiKey!,
        CRASH_AFTER: String(crashAfter),
      };
      const child = spawn(process.execPath, [MAIN, file, organization], { env, stdio: 'ignore' });
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(signal ?? code!));
    });
  /** Edits that reached the subscriber, each event once, as their numbers. */
  const arrived = async (count: number): Promise<number[]> => {
    await world.settledLog(id, count);
    const byId = new Map(world.receiver.requests(path).map((request) => [request.headers['webhook-id'], request]));
    return [...byId.values()]
      .map((request) => Number(bodyOf<{ data: { status: string } }>(request).data.status.replace('edit ', '')))
      .sort((a, b) => a - b);
  };
  const edit = (n: number): void => outbox.saveVisit({ id: '28540', status: `edit ${n}` });
  return { outbox, edit, runRelay, arrived };
}

describe('a producer with an outbox', () => {
  it('loses and doubles nothing when its relay is killed between post and mark, again and again', async () => {
    const { outbox, edit, runRelay, arrived } = await producer();
    const edits = [1, 2, 3, 4, 5, 6];
    edits.forEach(edit);

    expect(await runRelay(1)).toBe('SIGKILL');
    expect(outbox.published()).toEqual([]);
    expect(await runRelay(3)).toBe('SIGKILL');
    expect(outbox.published()).toHaveLength(2);
    expect(await runRelay()).toBe(0);

    expect(await arrived(edits.length)).toEqual(edits);
    expect(new Set(outbox.published()).size).toBe(edits.length);
    expect(outbox.pending(1)).toEqual([]);
  });

  it('publishes each edit once although two relays run at the same time', async () => {
    const { outbox, edit, runRelay, arrived } = await producer();
    const edits = [1, 2, 3, 4, 5];
    edits.forEach(edit);
    expect(await Promise.all([runRelay(), runRelay()])).toEqual([0, 0]);
    expect(await arrived(edits.length)).toEqual(edits);
    expect(new Set(outbox.published()).size).toBe(edits.length);
  });

  it('publishes nothing of an edit that its own database refused', async () => {
    const { outbox, edit, runRelay, arrived } = await producer();
    edit(1);
    expect(() => outbox.saveVisit({ id: '28540', status: '' })).toThrow('CHECK');
    expect(await runRelay()).toBe(0);
    expect(await arrived(1)).toEqual([1]);
    expect(outbox.published()).toHaveLength(1);
  });

  it('keeps everything while Posthorn cannot be reached', async () => {
    const { outbox, edit, runRelay, arrived } = await producer();
    edit(1);
    expect(await runRelay(0, 'http://127.0.0.1:1')).toBe(1);
    expect(outbox.pending(10)).toHaveLength(1);
    expect(await runRelay()).toBe(0);
    expect(await arrived(1)).toEqual([1]);
  });

  it('sets aside what Posthorn will never take, and goes on', async () => {
    const { outbox, edit, runRelay, arrived } = await producer();
    outbox.saveVisit({ id: 'x'.repeat(129), status: 'edit 0' });
    edit(1);
    expect(await runRelay()).toBe(0);
    expect(outbox.refused()).toEqual([expect.stringMatching(/^422 /) as string]);
    expect(await arrived(1)).toEqual([1]);
  });
});
