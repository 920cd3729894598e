import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNotices } from '../../notices/server.ts';
import type { NoticeServer, NoticeServerOptions } from '../../notices/server.ts';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:notices';
const NOW = Date.UTC(2026, 0, 31, 9, 15);

describe('notices', () => {
  let folder: string;
  let server: NoticeServer;
  let asked: Parameters<NoticeServerOptions['authorize']>[0][];
  let decision: ReturnType<NoticeServerOptions['authorize']>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-notices-'));
    asked = [];
    decision = { allowed: true };
    server = await startNotices({
      file: join(folder, 'notices.jsonl'),
      account: '000000000000',
      region: 'us-east-1',
      topics: () => new Set([TOPIC]),
      authorize: (call) => {
        asked.push(call);
        return decision;
      },
      now: () => NOW,
    });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const authorization =
    'AWS4-HMAC-SHA256 Credential=ASIAFN/20260131/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=0';
  const publish = (topic: string): Promise<Response> =>
    fetch(server.endpoint, {
      method: 'POST',
      headers: { authorization },
      // As the SDK's query protocol writes it.
      body: new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: topic,
        Subject: 'Down',
        Message: 'An endpoint is down',
        'MessageAttributes.entry.1.Name': 'kind',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'circuit',
      }),
    });
  const json = (target: string, body: unknown): Promise<Response> =>
    fetch(server.endpoint, {
      method: 'POST',
      headers: { authorization, 'x-amz-target': target },
      body: JSON.stringify(body),
    });

  it('keep what is published to a topic, in memory and on disk', async () => {
    const response = await publish(TOPIC);

    expect(await response.text()).toMatch(/<PublishResult><MessageId>[-0-9a-f]{36}<\/MessageId>/);
    const notice = {
      at: '2026-01-31T09:15:00.000Z',
      service: 'sns',
      target: TOPIC,
      subject: 'Down',
      message: 'An endpoint is down',
      attributes: { kind: 'circuit' },
    };
    expect(server.notices).toEqual([notice]);
    expect(JSON.parse(readFileSync(join(folder, 'notices.jsonl'), 'utf8'))).toEqual(notice);
    expect(asked).toEqual([{ accessKeyId: 'ASIAFN', action: 'sns:Publish', resources: [TOPIC], input: {} }]);
  });

  it('are refused when the role does not allow them', async () => {
    decision = { allowed: false, message: 'User: <fn> is not authorized' };

    const response = await publish(TOPIC);

    expect(response.status).toBe(403);
    expect(await response.text()).toContain(
      '<Code>AuthorizationError</Code><Message>User: &#60;fn&#62; is not authorized</Message>',
    );
    expect(server.notices).toEqual([]);
  });

  it('are refused for a topic that is not there', async () => {
    const response = await publish(`${TOPIC}-2`);

    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('<Code>NotFound</Code>')]);
  });

  it('keep what is put on an event bus', async () => {
    const response = await json('AWSEvents.PutEvents', {
      Entries: [{ Source: 'posthorn', DetailType: 'down', Detail: '{"a":1}' }],
    });

    expect(await response.json()).toMatchObject({
      FailedEntryCount: 0,
      Entries: [{ EventId: expect.any(String) as string }],
    });
    const bus = 'arn:aws:events:us-east-1:000000000000:event-bus/default';
    expect(server.notices).toMatchObject([
      { service: 'events', target: bus, message: '{"a":1}', attributes: { source: 'posthorn', detail_type: 'down' } },
    ]);
    expect(asked).toMatchObject([{ action: 'events:PutEvents', resources: [bus] }]);
  });

  it('refuse every other service, so that no call leaves the machine', async () => {
    const response = await json('AmazonSSM.GetParameter', { Name: 'x' });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: 'UnknownOperationException',
      message: expect.stringContaining('AmazonSSM.GetParameter') as string,
    });
  });
});
