import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ulid } from '../support/ulid.ts';
import { describe, expect, it } from 'vitest';
import { createAttemptStore } from '../../lambdas/stores/dynamodb/attempts.ts';
import { setClock, startLog, NOW, MINUTE, DAY, tables, store, fresh, attempt, listAll } from './attempts-support.ts';

startLog();

describe('an attempt', () => {
  it('comes back as it was written, by its id', async () => {
    const one = attempt({
      outcome: 'failed',
      reason: 'status 500',
      status: 500,
      response_headers: { 'content-type': 'text/plain' },
      response_body: 'ünavailable',
      response_truncated: true,
      next_attempt_ms: NOW,
      replay: 'rpl_1',
    });
    expect(await store.append([one])).toEqual([]);
    expect(await store.get(one.id)).toEqual(one);
  });

  it('is not found by an id that is none, or is unknown', async () => {
    expect(await store.get('att_x')).toBeUndefined();
    expect(await store.get(attempt().id)).toBeUndefined();
  });

  it('takes less than 1 KB for an ordinary 200, so that it costs one write', async () => {
    const one = attempt({
      event_id: `evt_${ulid(NOW)}`,
      subscription_id: `sub_${ulid(NOW)}`,
      organization: 'org_8f2a91c4d5e6',
      url: 'https://api.customer-hospital.example.com/integrations/posthorn/webhooks?tenant=8f2a91',
      request_headers: {
        Authorization: '***',
        'content-type': 'application/json',
        'user-agent': 'Posthorn/0.1.0',
        'webhook-id': `evt_${ulid(NOW)}`,
        'webhook-timestamp': '1700000000',
        'webhook-signature': 'v1,K5oZfz***',
      },
      response_headers: { 'content-type': 'application/json', date: 'Sat, 31 Jan 2026 12:00:00 GMT' },
      response_body: '{"ok":true}',
      timings_ms: { dns: 1.2, connect: 12.3, tls: 24.5, first_byte: 80.1, total: 81.2 },
    });
    await store.append([one]);
    const { Items } = await tables.dynamoDb.send(
      new ScanCommand({
        TableName: tables.table('Attempts'),
        FilterExpression: 'subscription = :s',
        ExpressionAttributeValues: { ':s': one.subscription_id },
      }),
    );
    expect(Buffer.byteLength(JSON.stringify(Items![0]))).toBeLessThan(1024);
  });

  it('disappears on the day its retention ends, though DynamoDB deletes it later', async () => {
    const one = attempt({ outcome: 'failed' });
    await store.append([one]);
    setClock(one.attempted_ms + 90 * DAY + 1000);
    expect(await store.get(one.id)).toBeUndefined();
    expect(await store.latest(one.subscription_id, one.event_id)).toBeUndefined();
    expect(await store.ofDelivery(one.subscription_id, one.event_id)).toEqual([]);
    expect((await store.list({ subscription: one.subscription_id }, { limit: 10 })).items).toEqual([]);
  });
});

describe('append', () => {
  it('writes more than one call of DynamoDB takes', async () => {
    const subscription_id = fresh('sub');
    const all = Array.from({ length: 60 }, () => attempt({ subscription_id }));
    expect(await store.append(all)).toEqual([]);
    expect((await listAll({ subscription: subscription_id })).ids).toHaveLength(60);
  });

  it('tries again what DynamoDB left unprocessed, and returns what it never took', async () => {
    const all = Array.from({ length: 3 }, () => attempt());
    let calls = 0;
    const stubborn = {
      send: async (command: {
        input: { RequestItems: Record<string, { PutRequest: { Item: { subscription: string } } }[]> };
      }) => {
        calls += 1;
        const [table, requests] = Object.entries(command.input.RequestItems)[0]!;
        const refused = requests.filter(({ PutRequest }) => PutRequest.Item.subscription !== all[0]!.subscription_id);
        return {
          UnprocessedItems:
            calls < 2 ? { [table]: requests } : refused.length > 0 ? { [table]: refused.slice(0, 1) } : {},
        };
      },
    } as unknown as DynamoDBDocumentClient;
    const left = await createAttemptStore(stubborn, 'Attempts', { retentionDays: 90 }).append(all, Date.now() + 500);
    expect(left).toEqual([all[1]]);
    expect(calls).toBeGreaterThan(2);
  });

  it('loses only the attempt that DynamoDB finds invalid', async () => {
    const all = [attempt(), attempt({ response_body: 'x'.repeat(500_000) }), attempt()];
    expect(await store.append(all)).toEqual([all[1]]);
    expect(await store.get(all[2]!.id)).toEqual(all[2]);
  });

  it('returns everything, and does not throw, when DynamoDB cannot be reached before the deadline', async () => {
    const unreachable = { send: () => Promise.reject(new Error('ECONNREFUSED')) } as unknown as DynamoDBDocumentClient;
    const all = [attempt(), attempt()];
    const left = await createAttemptStore(unreachable, 'Attempts', { retentionDays: 90 }).append(all, Date.now());
    expect(left).toEqual(all);
  });

  it('are not asked for twice without permission, and the error is told with how many lines it concerns', async () => {
    const error = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    let calls = 0;
    const forbidden = {
      send: () => {
        calls += 1;
        return Promise.reject(error);
      },
    } as unknown as DynamoDBDocumentClient;
    const told: unknown[] = [];
    const options = { retentionDays: 90, refused: (...about: unknown[]) => void told.push(about) };
    const all = [attempt(), attempt()];

    expect(await createAttemptStore(forbidden, 'Attempts', options).append(all)).toEqual(all);

    expect(calls).toBe(1);
    expect(told).toEqual([[error, 2]]);
  });

  it('keep whose fault it was', async () => {
    const one = attempt({ outcome: 'failed', fault: 'platform' });
    await store.append([one]);
    expect(await store.get(one.id)).toMatchObject({ fault: 'platform' });
    const latest = await store.latestBetween(one.subscription_id, one.event_id, one.event_id);
    expect(latest.get(one.event_id)).toMatchObject({ outcome: 'failed', fault: 'platform' });
  });
});

describe('the attempts of a delivery', () => {
  it('come oldest first; the newest is found alone', async () => {
    const first = attempt({ outcome: 'failed', attempted_ms: NOW - 3 * MINUTE });
    const { event_id, subscription_id } = first;
    const second = attempt({ event_id, subscription_id, attempt: 2, attempted_ms: NOW - 2 * MINUTE });
    const other = attempt({ subscription_id, attempted_ms: NOW - MINUTE });
    await store.append([second, other, first]);
    expect(await store.ofDelivery(subscription_id, event_id)).toEqual([first, second]);
    expect(await store.latest(subscription_id, event_id)).toEqual(second);
    expect(await store.latest(subscription_id, `${event_id}X`)).toBeUndefined();
  });
});

describe('rows that this version did not write', () => {
  it('show what they have', async () => {
    const subscription = fresh('sub');
    const Item = {
      subscription,
      event_attempt: 'evt_1#01D0QDWPZ0VISITENDED000001',
      outcome: 'delivered',
      expires_at: NOW / 1000 + 60,
    };
    await tables.dynamoDb.send(new PutCommand({ TableName: tables.table('Attempts'), Item }));
    expect((await store.list({ subscription }, { limit: 1 })).items[0]).toMatchObject({
      event_id: 'evt_1',
      outcome: 'delivered',
    });
  });
});
