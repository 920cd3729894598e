import { Webhook } from 'standardwebhooks';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aMessage, answer, NOW, SECRET, SenderBench } from '../support/sender.ts';

const OLD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Receivers check the age of a timestamp: this verifies as one did at the time of the tests' clock. */
function verify(secret: string, { headers, body }: { headers: Record<string, string>; body: Uint8Array }): unknown {
  const realNow = Date.now;
  Date.now = () => NOW;
  try {
    return new Webhook(secret).verify(Buffer.from(body).toString(), headers);
  } finally {
    Date.now = realNow;
  }
}

describe('the request to a customer', () => {
  it('carries the headers of Standard Webhooks over the very bytes that are sent', async () => {
    const bench = new SenderBench();
    const message = aMessage();
    await bench.run([message]);
    const request = bench.requests[0]!;
    expect(request.url).toBe('https://sub-1.example.com/hooks?token=abc');
    expect(request.timeoutMs).toBe(10_000);
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Posthorn/1.2.3',
      'webhook-id': message.message.event.id,
      'webhook-timestamp': String(NOW / 1000),
    });
    expect(Buffer.from(request.body).toString()).toContain('"big":9007199254740993');
    expect(verify(SECRET, request)).toBeTruthy();
  });

  it('is signed with both secrets while one is rotated, newest first', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', {}, [
      { key: SECRET, created_ms: 2 },
      { key: OLD_SECRET, created_ms: 1, expires_ms: NOW + 1 },
    ]);
    await bench.run([aMessage()]);
    const request = bench.requests[0]!;
    const signatures = request.headers['webhook-signature']!.split(' ');
    expect(signatures).toHaveLength(2);
    expect(verify(SECRET, request)).toBeTruthy();
    expect(verify(OLD_SECRET, request)).toBeTruthy();
    const onlyFirst = { ...request.headers, 'webhook-signature': signatures[0]! };
    expect(verify(SECRET, { ...request, headers: onlyFirst })).toBeTruthy();
    expect(() => verify(OLD_SECRET, { ...request, headers: onlyFirst })).toThrow();
  });

  it('is no longer signed with a secret that has ended', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', {}, [
      { key: SECRET, created_ms: 2 },
      { key: OLD_SECRET, created_ms: 1, expires_ms: NOW },
    ]);
    await bench.run([aMessage()]);
    expect(bench.requests[0]!.headers['webhook-signature']).not.toContain(' ');
    expect(() => verify(OLD_SECRET, bench.requests[0]!)).toThrow();
  });

  it('carries a further signature in the header that the subscription names', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { signature_header: 'Axle-Signature' });
    await bench.run([aMessage()]);
    const { headers, body } = bench.requests[0]!;
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    const hex = createHmac('sha256', key)
      .update(`${NOW / 1000}.${Buffer.from(body).toString()}`)
      .digest('hex');
    expect(headers['Axle-Signature']).toBe(`t=${NOW / 1000},v1=${hex}`);
  });

  it("carries the subscription's own headers and the format's", async () => {
    const bench = new SenderBench();
    bench.deps.settings.clinicV1Sunset = '2027-06-30';
    bench.subscribe('sub_1', { headers: { Authorization: 'Bearer s3cret', DEPRECATION: 'mine' } });
    await bench.run([aMessage({ format: 'clinic-v1' })]);
    const { headers } = bench.requests[0]!;
    expect(headers.Authorization).toBe('Bearer s3cret');
    expect(Object.keys(headers).filter((name) => name.toLowerCase() === 'deprecation')).toHaveLength(1);
    expect(headers.DEPRECATION).toBeUndefined();
    expect(headers.sunset).toContain('2027');
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])('carries an own header with the name %s', async (name) => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { headers: { [name]: 'mine' } });

    await bench.run([aMessage()]);

    expect(Object.entries(bench.requests[0]!.headers)).toContainEqual([name, 'mine']);
    expect(Object.entries(bench.log[0]!.request_headers!)).toContainEqual([name, '***']);
  });

  it('is the same for every attempt, apart from its time and signature', async () => {
    const bench = new SenderBench();
    bench.customer = () => answer(500);
    const message = aMessage();
    await bench.run([message]);
    bench.now += 10_000;
    const again = { ...message, attributes: { ...message.attributes, ApproximateReceiveCount: '2' } };
    await bench.run([again]);
    const [first, second] = bench.requests;
    expect(second!.body).toEqual(first!.body);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.headers['webhook-timestamp']).toBe(String(NOW / 1000 + 10));
    expect(second!.headers['webhook-signature']).not.toBe(first!.headers['webhook-signature']);
  });
});

describe('what the log keeps of the request', () => {
  it('is every header, with own values masked, and signatures but for their beginning', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { signature_header: 'Axle-Signature', headers: { Authorization: 'Bearer s3cret' } });
    const message = aMessage();
    await bench.run([message]);
    const sent = bench.requests[0]!.headers;
    const begin = (name: string, end: number): string => `${sent[name]!.slice(0, end)}***`;
    expect(bench.log[0]!.request_headers).toEqual({
      Authorization: '***',
      'content-type': 'application/json',
      'user-agent': 'Posthorn/1.2.3',
      'webhook-id': message.message.event.id,
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': begin('webhook-signature', 'v1,'.length + 6),
      'Axle-Signature': begin('Axle-Signature', `t=${NOW / 1000},v1=`.length + 6),
    });
    expect(Object.keys(sent).sort()).toEqual(Object.keys(bench.log[0]!.request_headers!).sort());
  });

  it('never reaches CloudWatch: no URL, header, payload, answer or typed text in any line', async () => {
    const bench = new SenderBench();
    bench.subscribe('sub_1', { headers: { Authorization: 'Bearer s3cret' } });
    bench.subscribe('sub_bad', { url: 'ftp://user:pass@x.example.com' });
    bench.customer = () => answer(500, { location: 'https://elsewhere.example' }, { body: 'Jane Doe' });
    await bench.run([aMessage(), aMessage({ receive: 4 }), aMessage({ subscription_id: 'sub_bad' })]);
    const lines = JSON.stringify(bench.lines);
    expect(bench.lines.length).toBeGreaterThan(3);
    for (const text of ['token=abc', 's3cret', '28540', 'Jane', 'elsewhere', 'pass@', 'v1,']) {
      expect(lines).not.toContain(text);
    }
  });
});
