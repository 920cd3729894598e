import { hashes, verify as verifyNoble } from '@noble/ed25519';
import { createHash } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatPrivateKey, publicKeyOf, signAsymmetric } from '../../lambdas/domain/secrets/signature.ts';
import { parsePrivateKey } from '../../lambdas/domain/secrets/signature.ts';
import { verify as verifyDelivery } from '../../receiver/src/verify.ts';
import { aMessage, NOW, SECRET, SenderBench } from '../support/sender.ts';

// Signatures that only the platform can make, checked with public libraries.

const OLD_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KEY = formatPrivateKey(Buffer.alloc(32, 7));
const OLD_KEY = formatPrivateKey(Buffer.alloc(32, 8));

beforeEach(() => {
  vi.spyOn(Date, 'now').mockReturnValue(NOW);
  hashes.sha512 = (message) => createHash('sha512').update(message).digest();
});
afterEach(() => void vi.restoreAllMocks());

interface Sent {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Which of the signatures `v1a` a public key verifies. */
function verified({ headers, body }: Sent, privateKey: string): boolean[] {
  const publicKey = Buffer.from(publicKeyOf(privateKey).whpk.slice('whpk_'.length), 'base64');
  const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
  return headers['webhook-signature']!.split(' ')
    .filter((one) => one.startsWith('v1a,'))
    .map((one) => verifyNoble(Buffer.from(one.slice(4), 'base64'), signed, publicKey));
}

async function send(signing: string, secrets = [{ key: SECRET, private_key: KEY, created_ms: 1 }]) {
  const bench = new SenderBench();
  bench.subscribe('sub_1', { signing }, secrets);
  await bench.run([aMessage()]);
  return { bench, sent: bench.requests[0]! };
}

describe('the vectors of RFC 8032', () => {
  it('hold: test 2 of §7.1', () => {
    const seed = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex');
    const { jwk, whpk } = publicKeyOf(formatPrivateKey(seed));

    expect(Buffer.from(jwk.x, 'base64url').toString('hex')).toBe(
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    );
    expect(whpk).toBe(`whpk_${Buffer.from(jwk.x, 'base64url').toString('base64')}`);
  });

  it('are made of the very bytes, whatever they are', () => {
    const body = Buffer.from([0, 255, 10]);
    const signature = signAsymmetric('evt_1', 5, body, [parsePrivateKey(KEY)]);

    expect(signature).not.toBe(signAsymmetric('evt_1', 5, body.toString(), [parsePrivateKey(KEY)]));
  });
});

describe('signing', () => {
  it('v1a is verified by public libraries with the public key alone', async () => {
    const { bench, sent } = await send('v1a');

    expect(sent.headers['webhook-signature']).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
    expect(verified(sent, KEY)).toEqual([true]);
    expect(verified(sent, OLD_KEY)).toEqual([false]);
    expect(bench.log[0]!.request_headers).toMatchObject({
      'webhook-signature': expect.stringMatching(/^v1a,[^ *]{6}\*{3}$/) as string,
    });
  });

  it('both is verified with the secret and with the public key, each by its own libraries', async () => {
    const { bench, sent } = await send('both');
    const body = Buffer.from(sent.body).toString();

    expect(new Webhook(SECRET).verify(body, sent.headers)).toBeTruthy();
    expect(() => void new SvixWebhook(SECRET).verify(body, sent.headers)).not.toThrow();
    expect(() => void new SvixWebhook(OLD_SECRET).verify(body, sent.headers)).toThrow();
    expect(verified(sent, KEY)).toEqual([true]);
    expect(verifyDelivery(sent.body, sent.headers, publicKeyOf(KEY).whpk).rawBody).toBe(body);
    expect(verifyDelivery(sent.body, sent.headers, SECRET).rawBody).toBe(body);
    expect(bench.log[0]!.request_headers).toMatchObject({
      'webhook-signature': expect.stringMatching(/^v1,[^ *]{6}\*{3} v1a,[^ *]{6}\*{3}$/) as string,
    });
  });

  it.each(['v1', '', undefined])('%j is as it always was', async (signing) => {
    const { sent } = await send(signing as string);

    expect(sent.headers['webhook-signature']).toMatch(/^v1,[^ ]+$/);
  });

  it('goes on with the older key while one is rotated', async () => {
    const { sent } = await send('v1a', [
      { key: SECRET, private_key: KEY, created_ms: 2 },
      { key: OLD_SECRET, private_key: OLD_KEY, created_ms: 1, expires_ms: NOW + 1 } as never,
    ]);

    expect(verified(sent, KEY)).toEqual([true, false]);
    expect(verified(sent, OLD_KEY)).toEqual([false, true]);
  });

  it.each([undefined, 'whsk_AAAA', 'geheim'])('waits for a key where there is %j, and uses up no try', async (key) => {
    const { bench } = await send('v1a', [{ key: SECRET, private_key: key as string, created_ms: 1 }]);

    expect(bench.requests).toEqual([]);
    expect(bench.log[0]).toMatchObject({ outcome: 'failed', fault: 'platform' });
    expect(bench.log[0]!.reason).toContain('no Ed25519 key');
    expect(bench.counts).toEqual({ SecretsMissing: 1 });
    expect(JSON.stringify([bench.log, bench.lines])).not.toContain('geheim');
  });
});

describe('the receiver kit with a public key', () => {
  it('refuses what was changed, is old, or is signed with the secret alone', async () => {
    const { sent } = await send('v1a');
    const { whpk } = publicKeyOf(KEY);
    const hmac = (await send('v1')).sent;

    expect(() => verifyDelivery(`${Buffer.from(sent.body).toString()} `, sent.headers, whpk)).toThrow('No matching');
    expect(() => verifyDelivery(hmac.body, hmac.headers, whpk)).toThrow('No matching');
    expect(() => verifyDelivery(sent.body, sent.headers, publicKeyOf(OLD_KEY).whpk)).toThrow('No matching');
    expect(() => verifyDelivery(sent.body, sent.headers, 'whpk_AAAA')).toThrow('32 bytes');
    vi.mocked(Date.now).mockReturnValue(NOW + 301_000);
    expect(() => verifyDelivery(sent.body, sent.headers, whpk)).toThrow('too old');
  });
});
