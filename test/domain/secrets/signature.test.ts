import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatSecret, parseSecret, signStandard, signTimestamped } from '../../../lambdas/domain/secrets/signature.ts';

const older = parseSecret(formatSecret(Buffer.alloc(32, 1)));
const newer = parseSecret(formatSecret(Buffer.alloc(32, 2)));

describe('signatures', () => {
  it('agree with the published example of Standard Webhooks', () => {
    const key = parseSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');

    const signature = signStandard('msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}', [key]);

    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('are the same for text and for its UTF-8 bytes', () => {
    const text = '{"name":"Zoë 🔐"}';
    const bytes = new TextEncoder().encode(text);

    expect(signStandard('evt_1', 1, bytes, [older])).toBe(signStandard('evt_1', 1, text, [older]));
    expect(signTimestamped(1, bytes, [older])).toBe(signTimestamped(1, text, [older]));
  });

  it('sign the very bytes, even those that are no text', () => {
    const bytes = Uint8Array.of(0xff, 0x00, 0xfe);
    const expected = createHmac('sha256', Buffer.alloc(32, 1)).update('7.').update(bytes).digest('hex');

    expect(signTimestamped(7, bytes, [older])).toBe(`t=7,v1=${expected}`);
  });

  it('come newest first while a secret is rotated', () => {
    const both = signStandard('evt_1', 1, 'x', [newer, older]);
    const [only] = [signTimestamped(1, 'x', [older])];

    expect(both).toBe(`${signStandard('evt_1', 1, 'x', [newer])} ${signStandard('evt_1', 1, 'x', [older])}`);
    expect(signTimestamped(1, 'x', [newer, older])).toBe(
      `${signTimestamped(1, 'x', [newer])},${only.slice('t=1,'.length)}`,
    );
  });
});

describe('secrets', () => {
  it('are written and read', () => {
    const secret = formatSecret(Buffer.from('0123456789abcdef0123456789abcdef'));

    expect(secret).toBe('whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=');
    expect(parseSecret(secret).export().toString()).toBe('0123456789abcdef0123456789abcdef');
  });

  it.each([
    '',
    'whsec_',
    'whsec_c2hvcnQ=',
    'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
    'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= ',
    'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMj-0NTY3ODlhYmNkZWY=',
    `whsec_${Buffer.alloc(65).toString('base64')}`,
  ])('of another form are refused without being shown: %j', (secret) => {
    const refusal = () => parseSecret(secret);

    expect(refusal).toThrow(TypeError);
    if (secret.length > 'whsec_'.length) expect(refusal).not.toThrow(secret.slice(6));
  });

  it('are made from exactly 32 bytes', () => {
    expect(() => formatSecret(Buffer.alloc(31))).toThrow('Expected 32 bytes for a signing secret, got 31');
  });
});
