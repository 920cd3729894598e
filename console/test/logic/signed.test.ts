import { createHash, createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isSigned, signedHeaders } from '../../src/pages/call/signed.ts';
import { anAttempt } from './factories.ts';

const [NEW, OLD] = ['n', 'o'].map((letter) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`) as [
  string,
  string,
];
const AT = new Date('2026-01-31T09:15:00Z');
const SECONDS = AT.getTime() / 1000;
const BODY = '{"id":"28540","note":"Zoë\\n – 日本"}';
const secrets = [
  { secret: NEW, created_at: '2026-01-30T00:00:00.000Z' },
  { secret: OLD, created_at: '2025-01-30T00:00:00.000Z', expires_at: '2026-02-01T00:00:00.000Z' },
];
const sign = (secret: string) => new Webhook(secret).sign('evt_1', AT, BODY);
const headersWith = (signature: string, more: object = {}) => ({
  'webhook-id': 'evt_1',
  'webhook-timestamp': String(SECONDS),
  'webhook-signature': signature,
  ...more,
});
const logged = (signature: string) => `${signature.slice(0, 9)}***`;

describe('a call that is signed again', () => {
  it('gives the text that was signed, and what each secret makes of it, as public libraries do', async () => {
    const [header] = await signedHeaders(headersWith(logged(sign(NEW))), BODY, secrets);

    expect(header).toMatchObject({ name: 'webhook-signature', content: `evt_1.${SECONDS}.${BODY}` });
    expect(header!.made.map(({ signature }) => signature)).toEqual([sign(NEW), sign(OLD)]);
  });

  it('names secrets as the audit trail does, with their age', async () => {
    const [header] = await signedHeaders(headersWith('v1,***'), BODY, secrets);

    const digest = createHash('sha256').update(NEW).digest('hex');
    expect(header!.made[0]).toMatchObject({
      fingerprint: `sha256:${digest.slice(0, 8)}`,
      createdAt: secrets[0]!.created_at,
    });
    expect(header!.made[1]!.expiresAt).toBe(secrets[1]!.expires_at);
  });

  it.each([
    ['by the newest', logged(sign(NEW)), [true, false]],
    ['by the older one', logged(sign(OLD)), [false, true]],
    ['by both', `${logged(sign(NEW))} ${logged(sign(OLD))}`, [true, true]],
    ['by one that is gone', 'v1,AAAAAA***', [false, false]],
    ['in a way that the log kept nothing of', 'v1,***', [undefined, undefined]],
    ['with a private key as well', `${logged(sign(NEW))} v1a,AAAAAA***`, [true, false]],
  ])('tells which secret made what was sent: %s', async (_what, signature, expected) => {
    const [header] = await signedHeaders(headersWith(signature), BODY, secrets);

    expect(header!.made.map(({ isSent }) => isSent)).toEqual(expected);
  });

  it("does the same for the subscription's own header", async () => {
    const key = Buffer.from(OLD.slice('whsec_'.length), 'base64');
    const hex = createHmac('sha256', key).update(`${SECONDS}.${BODY}`).digest('hex');
    const own = { 'Axle-Signature': `t=${SECONDS},v1=AAAAAA***,v1=${hex.slice(0, 6)}***` };

    const found = await signedHeaders(headersWith('v1,***', own), BODY, secrets);

    expect(found[1]).toMatchObject({ name: 'Axle-Signature', content: `${SECONDS}.${BODY}` });
    expect(found[1]!.made.map(({ signature, isSent }) => [signature.slice(3), isSent])[1]).toEqual([hex, true]);
    expect(found[1]!.made[0]!.isSent).toBe(false);
  });
});

describe('whether a call can be signed again', () => {
  it.each([
    ['with the secret', { 'webhook-signature': 'v1,***' }, true],
    ['in both ways', { 'webhook-signature': 'v1,*** v1a,***' }, true],
    ['with a private key alone', { 'webhook-signature': 'v1a,***' }, false],
    ['with a private key, and in a header of its own', { 'webhook-signature': 'v1a,***', x: 't=1,v1=***' }, true],
    ['not at all', {}, false],
  ])('signed %s', (_what, headers, expected) => {
    expect(isSigned(anAttempt({ request: { headers } }))).toBe(expected);
  });

  it('not where no request was made', () => {
    expect(isSigned(anAttempt({ outcome: 'held' }))).toBe(false);
  });
});
