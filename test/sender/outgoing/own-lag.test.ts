import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { Governor } from '../../../local/lambda/governor.ts';
import { AWS } from '../../../local/like-aws/numbers.ts';
import { withoutOwnLag } from '../../../lambdas/domain/delivery/attempt.ts';
import type { Answer } from '../../../lambdas/sender/outgoing.ts';
import { startBehaviourServer } from './behaviour-server.ts';
import type { Step } from './behaviours.ts';
import { authority, ADDRESS, ANSWER_ALWAYS, client, closeAll, closeLater, HOST, OK, serve } from './set-up.ts';

afterEach(closeAll);

/** Holds this thread up, as computing does, so that nothing else runs in it. */
function hog(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Long enough for the process to be late before it is over. */
const ANSWER_SOON: Step[] = [{ read: 'request' }, { pause_ms: 100 }, { send: OK }];

describe('a sender that is late itself', () => {
  const request = (port: number, timeoutMs: number, graceMs?: number) => ({
    url: `http://${HOST}:${port}/hook`,
    headers: {},
    body: Buffer.from('{}'),
    timeoutMs,
    ...(graceMs !== undefined && { graceMs }),
  });

  it('takes an answer that lay unread beyond its time, and says for how long it was late', async () => {
    const server = await serve(ANSWER_SOON);
    const outgoing = await client();

    const pending = outgoing.post(request(server.port, 300, 30_000));
    setTimeout(() => hog(1500), 5);
    const answer = await pending;

    expect(answer).toMatchObject({ kind: 'response', status: 200 });
    expect(answer.timings.own_lag).toBeGreaterThan(1000);
  });

  it('blames itself, not the endpoint, when there is no time to make up for that', async () => {
    const server = await serve(ANSWER_SOON);
    const outgoing = await client();

    const pending = outgoing.post(request(server.port, 300));
    setTimeout(() => hog(1500), 5);

    expect(await pending).toMatchObject({ kind: 'error', class: 'timeout', ours: true });
  });

  it('lets an endpoint that never answers time out, all the same', async () => {
    const server = await serve([{ read: 'request' }]);
    const outgoing = await client();

    const answer = await outgoing.post(request(server.port, 300, 30_000));

    expect(answer).toMatchObject({ kind: 'error', class: 'timeout' });
    expect(answer).not.toHaveProperty('ours');
  });
});

describe("with a small function's share of a processor", () => {
  it('delivers to endpoints that it has never seen, which takes it longer than they have', async () => {
    // A handshake takes 2 to 3 ms of a processor. With this share 40 of them take some 4 s.
    const [COUNT, MEMORY_MB, timeoutMs] = [40, 0.025 * AWS.vcpuMemoryMb, 1500];
    const names = Array.from({ length: COUNT }, (_, n) => `h${n}.example.com`);
    const identity = await (await authority).issue(names);
    const server = await startBehaviourServer(ADDRESS, {
      first: ANSWER_ALWAYS,
      placeholders: { deadlineMs: 2000, texts: {} },
      tls: { identity, settings: {} },
    });
    closeLater(server);
    const governor = new Governor({ vcpuMemoryMb: AWS.vcpuMemoryMb, freezes: false });
    closeLater(governor);
    const { ca } = await authority;
    const asked = JSON.stringify({ port: server.port, count: COUNT, ca, timeoutMs, graceMs: 50_000 });
    const child = spawn(process.execPath, [join(import.meta.dirname, 'starved-client.ts'), asked], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    closeLater({ close: async () => void child.kill('SIGKILL') });
    const lines = createInterface(child.stdout);
    governor.watch(child.pid!, MEMORY_MB);
    await once(lines, 'line');

    governor.run(child.pid!);
    child.stdin.write('go');
    const [text] = (await once(lines, 'line')) as [string];
    const answers = JSON.parse(text) as Answer[];

    const slowest = Math.max(...answers.map(({ timings }) => timings.total));
    expect(answers.filter(({ kind }) => kind !== 'response')).toEqual([]);
    // Else it shows nothing: all were answered in their time.
    expect(slowest).toBeGreaterThan(timeoutMs);
    const judged = answers.map(({ timings }) => withoutOwnLag(timings));
    expect(Math.max(...judged)).toBeLessThan(timeoutMs);
  });
});
