import { afterAll, beforeAll, expect, it } from 'vitest';
import { startIngest, type Ingest } from '../support/ingest.ts';

let ingest: Ingest;
beforeAll(async () => void (ingest = await startIngest({ EDGE_SECRETS: 'newer,older' })));
afterAll(() => ingest.close());

it('takes events through the distribution alone', async () => {
  const event = JSON.stringify({ organization: 'org_1', type: 'visit.ended', data: { id: 'v1' } });

  const around = await ingest.post(event);
  const through = await ingest.post(event, { headers: { 'x-posthorn-edge': 'older' } });

  expect([around.statusCode, through.statusCode]).toEqual([403, 202]);
  expect(ingest.queued()).toHaveLength(1);
});
