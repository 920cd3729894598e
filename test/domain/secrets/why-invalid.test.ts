import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { whyInvalid, type Known, type Received } from '../../../lambdas/domain/secrets/why-invalid.ts';

const secretOf = (letter: string): string => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`;
const [NEWEST, OLDER, OTHERS] = [secretOf('n'), secretOf('o'), secretOf('x')];
const ID = 'evt_01HZZZZZZZZZZZZZZZZZZZZZZZ';
const NOW = 1_700_000_000;
const BODY = '{"id":"28540","status":"ended"}';

const known = (more: Partial<Known> = {}): Known => ({
  secrets: [NEWEST, OLDER],
  others: [{ subscription: 'sub_other', secrets: [OTHERS] }],
  nowMs: NOW * 1000,
  ...more,
});
/** A request as the public library signs it. */
function request(more: Partial<Received> = {}, { secret = NEWEST, at = NOW } = {}): Received {
  const signature = new Webhook(secret).sign(ID, new Date(at * 1000), BODY);
  return {
    headers: { 'webhook-id': ID, 'webhook-timestamp': String(at), 'webhook-signature': signature },
    body: BODY,
    ...more,
  };
}
const without = (name: string): Received => {
  const { headers, body } = request();
  return { headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)), body };
};
const withHeader = (name: string, value: string): Received => ({
  ...request(),
  headers: { ...request().headers, [name]: value },
});
const key = (secret: string): Buffer => Buffer.from(secret.slice('whsec_'.length), 'base64');
const hmac = (by: Buffer | string, text: string, encoding: 'base64' | 'hex' = 'base64'): string =>
  createHmac('sha256', by).update(text).digest(encoding);
const CONTENT = `${ID}.${NOW}.${BODY}`;

describe('a request that is signed as it should be', () => {
  it.each([
    ['by the newest secret', request(), 'none'],
    ['by an older one that is still valid', request({}, { secret: OLDER }), 'older-secret'],
    [
      'by two, of which one is known here',
      withHeader('webhook-signature', `v1,${hmac('other', 'x')} ${request().headers['webhook-signature']}`),
      'none',
    ],
    ['and computed rightly', request({ computed: `v1,${hmac(key(NEWEST), CONTENT)}` }), 'none'],
  ])('%s is valid', (_how, received, cause) => {
    expect(whyInvalid(received, known())).toMatchObject({ valid: true, cause });
  });
});

describe('a request that a receiver refuses', () => {
  it.each<[string, Received, string, string]>([
    ['without its id', without('webhook-id'), 'missing-header', 'missing: webhook-id'],
    ['without a signature', withHeader('webhook-signature', ' '), 'missing-header', 'webhook-signature'],
    ['with milliseconds', withHeader('webhook-timestamp', '1700000000000'), 'malformed-header', 'not milliseconds'],
    [
      'with a cut signature',
      withHeader('webhook-signature', 'v1,abc'),
      'malformed-header',
      'separated by spaces, and complete',
    ],
    ['made six minutes ago', request({}, { at: NOW - 360 }), 'timestamp-too-old', '360 s ago'],
    ['from a clock ahead', request({}, { at: NOW + 360 }), 'timestamp-in-the-future', '360 s in the future'],
    ['of another subscription', request({}, { secret: OTHERS }), 'other-subscription', 'sub_other'],
    ['of nobody known', request({}, { secret: secretOf('z') }), 'unknown', 'rotated'],
    ['whose time was changed', withHeader('webhook-timestamp', String(NOW - 1)), 'unknown', 'another id, time or body'],
    ['printed anew', request({ body: JSON.stringify(JSON.parse(BODY), null, 2) }), 'body-changed', 'from byte 2 on'],
    ['with a line end', request({ body: `${BODY}\n` }), 'body-changed', '32 bytes instead of 31'],
  ])('%s is told why', (_what, received, cause, words) => {
    const verdict = whyInvalid(received, known());

    expect(verdict).toEqual({ valid: false, cause, detail: expect.stringContaining(words) as string });
  });

  it('for a changed body that was sent otherwise is told from which byte on', () => {
    const received = request({ body: BODY.replace('ended', 'begun') });

    expect(whyInvalid(received, known({ sent: BODY }))).toMatchObject({
      cause: 'body-changed',
      detail: expect.stringContaining('different from byte 25 on') as string,
    });
  });
});

describe('a signature that the receiver computed', () => {
  it.each<[string, string, string]>([
    ['with the whole text of the secret', hmac(NEWEST, CONTENT), 'computed-with-text-of-secret'],
    ['with the base64 text', hmac(NEWEST.slice(6), CONTENT), 'computed-with-text-of-secret'],
    ['in hexadecimal digits', hmac(key(NEWEST), CONTENT, 'hex'), 'computed-in-hexadecimal'],
    ['without the id', hmac(key(OLDER), `${NOW}.${BODY}`), 'computed-without-id'],
    ['over the body alone', hmac(key(NEWEST), BODY), 'computed-over-body-alone'],
    ['over another body', hmac(key(NEWEST), `${ID}.${NOW}.${BODY}\n`), 'computed-over-other-body'],
  ])('%s is recognized', (_how, computed, cause) => {
    expect(whyInvalid(request({ computed }), known())).toMatchObject({ valid: false, cause });
  });
});

it('no answer holds a secret, a signature or anything of a body', () => {
  const all = [
    request(),
    request({ body: 'Jane Roe' }),
    request({}, { secret: OTHERS }),
    request({ computed: hmac(NEWEST, CONTENT) }),
  ];

  const text = JSON.stringify(all.map((one) => whyInvalid(one, known({ sent: BODY }))));

  for (const part of [NEWEST.slice(6), OTHERS.slice(6), hmac(key(NEWEST), CONTENT), 'Jane', '28540']) {
    expect(text).not.toContain(part);
  }
});
