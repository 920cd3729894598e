import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHelper, type Helper } from '../support/processes.ts';
import type { Phase, PhaseResult } from './phase.ts';

// The process beside with a platform that takes each event and delivers it late, after those of somebody else's burst.

const LATE_MS = 200;
let outside: Helper;
let base: string;

beforeEach(async () => {
  outside = await startHelper('../platform/outside.ts');
  base = `http://127.0.0.1:${outside.ready.port}`;
});
afterEach(() => outside.close());

const deliver = (path: string): Promise<Response> =>
  fetch(base + path, {
    method: 'POST',
    body: JSON.stringify({ id: path, timestamp: new Date().toISOString() }),
  });

it('a phase waits for the deliveries that it is about, whatever comes elsewhere meanwhile', async () => {
  const platform = createServer((request, response) => {
    request.resume().once('end', () => {
      void deliver('/burst').then(() => setTimeout(() => void deliver('/well'), LATE_MS));
      response.writeHead(202).end('{}');
    });
  });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  const about = { apiUrl: `http://127.0.0.1:${(platform.address() as AddressInfo).port}`, key: 'k', organization: 'o' };
  const pace = { accounts: ['well'], posts: 1, perSecond: 10, expected: 1, awaited: ['/well'], patienceMs: 10_000 };
  const phase: Phase = { ...about, ...pace, hanging: [] };

  const answer = await fetch(`${base}/phase`, { method: 'POST', body: JSON.stringify(phase) });
  const { arrivals } = (await answer.json()) as PhaseResult;
  platform.closeAllConnections();
  platform.close();

  expect(arrivals.map(({ path }) => path)).toEqual(['/burst', '/well']);
});
