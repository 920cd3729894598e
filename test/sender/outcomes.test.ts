import { describe, expect, it } from 'vitest';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { aMessage, answer, noAnswer, NOW, SenderBench } from '../support/sender.ts';

describe('a delivery that succeeds', () => {
  it('is acknowledged and logged once, with what was sent and answered', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(200, { 'content-type': 'text/plain' }, { totalMs: 12, body: 'thanks' });
    const message = aMessage();
    expect(await bench.run([message])).toEqual([]);
    expect(bench.visibility).toEqual([]);
    expect(bench.log).toHaveLength(1);
    expect(bench.log[0]).toMatchObject({
      event_id: message.message.event.id,
      subscription_id: 'sub_1',
      attempt: 1,
      attempted_ms: NOW,
      outcome: 'delivered',
      status: 200,
      url: 'https://sub-1.example.com/hooks?token=abc',
      response_headers: { 'content-type': 'text/plain' },
      response_body: 'thanks',
      timings_ms: { total: 12 },
    });
    expect(bench.log[0]).not.toHaveProperty('next_attempt_ms');
  });

  it('is logged with the account that its subscription has', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { account: 'acc_1' });
    await bench.run([aMessage()]);
    expect(bench.log[0]).toMatchObject({ outcome: 'delivered', account: 'acc_1' });
  });

  it('costs no health write and leaves empty answers out of the log', async () => {
    const bench = new SenderBench();
    await bench.run([aMessage()]);
    expect(bench.healthChanges).toEqual([]);
    expect(bench.log[0]).not.toHaveProperty('response_body');
    expect(bench.log[0]).not.toHaveProperty('response_headers');
  });

  it('counts with its age since the producer posted it', async () => {
    const bench = new SenderBench();
    await bench.run([aMessage()]);
    expect(bench.counts).toEqual({ DeliveriesDelivered: 1 });
    expect(bench.durations).toEqual({ DeliveryAge: [200], EndpointLatency: [40] });
  });
});

describe('a delivery that fails', () => {
  it.each([
    { receive: 1, seconds: 10 },
    { receive: 2, seconds: 60 },
  ])('comes back after $seconds s on receive $receive', async ({ receive, seconds }) => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const message = aMessage({ receive });
    expect(await bench.run([message])).toEqual([message.messageId]);
    expect(bench.visibility).toEqual([{ lane: 'fast', receiptHandle: message.receiptHandle, seconds }]);
    expect(bench.log[0]).toMatchObject({
      outcome: 'failed',
      reason: 'status 500',
      attempt: receive,
      next_attempt_ms: NOW + seconds * 1000,
    });
  });

  it('waits longer than a minute outside: in a new message, delayed, that carries its tries', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);

    expect(await bench.run([aMessage({ receive: 3 })])).toEqual([]);

    expect(bench.visibility).toEqual([]);
    const [sent] = bench.sent.fast;
    expect(sent).toMatchObject({ group: 'sub_1', delaySeconds: 180 });
    expect(decodeDeliveryMessage(sent!.body)).toMatchObject({ message: { tries: 3, recheck: true, resumed_ms: NOW } });
    expect(bench.log[0]).toMatchObject({ outcome: 'failed', attempt: 3, next_attempt_ms: NOW + 180_000 });
  });

  it('whose new message SQS does not take stays in the queue', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    bench.deps.queues.send = async () => new Set([0]);
    const message = aMessage({ receive: 3 });

    expect(await bench.run([message])).toEqual([message.messageId]);
  });

  it('is exhausted on receive 4 and given back at once, for the redrive policy to move it', async () => {
    const bench = new SenderBench();
    bench.customer = () => noAnswer('timeout', 'timeout after 10000 ms');
    const message = aMessage({ receive: 4 });
    expect(await bench.run([message])).toEqual([message.messageId]);
    expect(bench.visibility).toEqual([{ lane: 'fast', receiptHandle: message.receiptHandle, seconds: 0 }]);
    expect(bench.log[0]).toMatchObject({ outcome: 'exhausted', reason: 'timeout after 10000 ms', attempt: 4 });
    expect(bench.log[0]).not.toHaveProperty('next_attempt_ms');
  });

  it('waits as long as Retry-After asks, and a tenth longer in the middle of the jitter', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(429, { 'retry-after': '120' });
    await bench.run([aMessage()]);
    expect(bench.sent.fast[0]?.delaySeconds).toBe(132);
  });

  it('keeps the status of an answer that broke, but never takes it for a success', async () => {
    const bench = new SenderBench();
    bench.customer = () => ({ ...noAnswer('connection_lost', 'the body broke'), status: 200 });
    await bench.run([aMessage()]);
    expect(bench.log[0]).toMatchObject({ outcome: 'failed', status: 200, reason: 'the body broke' });
  });

  it('comes back in its own lane', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    await bench.run([aMessage()], 'slow');
    expect(bench.visibility[0]?.lane).toBe('slow');
  });
});

describe('a delivery that is not sent', () => {
  it('is cancelled when the subscription is gone or inactive', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_off', { active: false });
    expect(
      await bench.run([aMessage({ subscription_id: 'sub_none' }), aMessage({ subscription_id: 'sub_off' })]),
    ).toEqual([]);
    expect(bench.requests).toEqual([]);
    expect(bench.outcomes()).toEqual(['cancelled', 'cancelled']);
  });

  it('is cancelled when a broken subscription is switched off', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_off', { active: 'no', url: 'ftp://x' });
    await bench.run([aMessage({ subscription_id: 'sub_off' })]);
    expect(bench.outcomes()).toEqual(['cancelled']);
  });

  it('is sent to an inactive subscription when a ping asks for it', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_off', { active: false });
    await bench.run([aMessage({ subscription_id: 'sub_off', even_if_inactive: true, event: { type: 'ping' } })]);
    expect(bench.outcomes()).toEqual(['delivered']);
  });

  it('fails with the problem of the row and is tried again', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { url: 'ftp://example.com' });
    const message = aMessage();
    expect(await bench.run([message])).toEqual([message.messageId]);
    expect(bench.requests).toEqual([]);
    expect(bench.log[0]).toMatchObject({ outcome: 'failed', url: 'ftp://example.com' });
    expect(bench.log[0]?.reason).toContain('must begin with https://');
  });

  it('comes back without a signing secret, also when the only one is unreadable or has ended', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_a', {}, []);
    bench.subscribe('sub_b', {}, [{ key: 'nonsense', created_ms: 1 }]);
    bench.subscribe('sub_c', {}, [{ key: SECRET_ENDED, created_ms: 1, expires_ms: NOW }]);
    await bench.run(['sub_a', 'sub_b', 'sub_c'].map((subscription_id) => aMessage({ subscription_id })));
    expect(bench.requests).toEqual([]);
    const none = "not tried, for a reason of the platform's own: the subscription has no signing secret";
    expect(bench.log.map(({ reason }) => reason)).toEqual([
      none,
      `${none} that can be used: expected whsec_ and base64 of 24 to 64 bytes, got one of 6 bytes`,
      none,
    ]);
  });

  it('is counted when a visit has a status without a code, which operators can mend', async () => {
    const bench = new SenderBench();
    const visit = (status: string) =>
      aMessage({ format: 'clinic-v1', event: { type: 'visit.ended', data: `{"status":"${status}"}` } });
    const shift = aMessage({ format: 'clinic-v1', event: { type: 'shift.created', data: '{}' } });

    await bench.run([visit('triaged'), visit('cancelled'), visit('triaged'), shift]);

    expect(bench.outcomes().sort()).toEqual(['delivered', 'skipped', 'skipped', 'skipped']);
    expect(bench.counts['ClinicV1StatusesUnmapped']).toBe(2);
  });

  it('is skipped when the format cannot carry it', async () => {
    const bench = new SenderBench();
    expect(await bench.run([aMessage({ format: 'resource', event: { type: 'medical-encounters.created' } })])).toEqual(
      [],
    );
    expect(bench.requests).toEqual([]);
    expect(bench.outcomes()).toEqual(['skipped']);
    expect(bench.log[0]?.reason).toBeTruthy();
  });
});

describe('a 410', () => {
  it('ends the delivery and deactivates the subscription with a reason, if its URL is still the same', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(410);
    expect(await bench.run([aMessage(), aMessage()])).toEqual([]);
    expect(bench.outcomes()).toEqual(['gone', 'gone']);
    expect(bench.deactivated).toHaveLength(1);
    expect(bench.deactivated[0]).toMatchObject({
      subscription: 'sub_1',
      url: 'https://sub-1.example.com/hooks?token=abc',
    });
    expect(bench.deactivated[0]?.problem).toContain('410 Gone');
  });

  it('stays one although the subscription cannot be deactivated now', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(410);
    bench.deps.targets.deactivate = () => Promise.reject(new Error('throttled'));
    expect(await bench.run([aMessage()])).toEqual([]);
    expect(bench.outcomes()).toEqual(['gone']);
  });
});

const SECRET_ENDED = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
