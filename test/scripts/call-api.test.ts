import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCall, type Call } from '../../scripts/call-api.ts';

let api: Server | undefined;
afterEach(() => api?.close());

/** A call of an API that gives one answer to all, as a command makes it. */
async function callOf(status: number, body: object): Promise<Call> {
  api = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  await new Promise<void>((listening) => api!.listen(0, '127.0.0.1', listening));
  const outputs = join(mkdtempSync(join(tmpdir(), 'call-api-')), 'outputs.json');
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  writeFileSync(outputs, JSON.stringify({ posthorn: { ApiUrl: url } }));
  return createCall({ key: 'phk_test', outputs }, 'npm run x');
}

describe('a call of a command that the API refuses', () => {
  it('says each error on a line of its own, after the place that it is about', async () => {
    const call = await callOf(422, {
      detail: 'The body is not valid. See errors.',
      errors: [
        { pointer: '/since', detail: 'expected a time, got "yesterday"' },
        { pointer: '', detail: 'and 3 more' },
      ],
    });

    await expect(call('POST', '/v1/x', {})).rejects.toThrow(
      '422: The body is not valid. See errors.\n  /since: expected a time, got "yesterday"\n  and 3 more',
    );
  });

  it('says the reason alone when there is nothing else', async () => {
    const call = await callOf(404, { detail: 'There is no such subscription.' });

    await expect(call('GET', '/v1/x')).rejects.toThrow(/^404: There is no such subscription\.$/);
  });

  it('says so when there is no reason, as of what stands before the API', async () => {
    const call = await callOf(503, {});

    await expect(call('GET', '/v1/x')).rejects.toThrow(/^503: no reason$/);
  });
});
