import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { headerOf, type HeaderSource } from './headers.ts';

/** A request that was proven to come from Posthorn. */
export interface Delivery {
  /** The event's id: the same for every retry and every URL. Process each id once. */
  id: string;
  /** When this attempt was made, in whole seconds. A retry has a later one. */
  sentAt: Date;
  /** The body as JSON. Numbers beyond 2^53 lose digits here; `rawBody` keeps them. */
  body: unknown;
  /** The body as received. */
  rawBody: string;
}

/** The request was not signed with any of the secrets, is older or newer than 5 minutes, or is no JSON. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Proves that a request comes from Posthorn and was made within the last 5 minutes (https://www.standardwebhooks.com).
 * @param rawBody the very bytes of the body; JSON that was parsed and written again has other bytes.
 * @param headers of the request: `webhook-id`, `webhook-timestamp` and `webhook-signature` are read.
 * @param secrets `whsec_…`, or public keys `whpk_…` for signatures with Ed25519 (`v1a`), one or several: while one is rotated, give
 * both.
 * @throws VerificationError, which names no secret and nothing of the body.
 */
export function verify(
  rawBody: string | Uint8Array,
  headers: HeaderSource,
  secrets: string | readonly string[],
): Delivery {
  const keys = [secrets].flat();
  if (keys.length === 0) throw new TypeError('Expected at least one secret of the form whsec_…, got none.');
  const text = textOf(rawBody);
  const id = required(headers, 'webhook-id');
  const timestamp = required(headers, 'webhook-timestamp');
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': required(headers, 'webhook-signature'),
  };
  // Only digits: the library reads "12abc" as 12, which is not what was signed.
  if (!/^\d{1,12}$/.test(timestamp)) throw new VerificationError('Expected webhook-timestamp in whole seconds.');
  const reasons = keys.map((secret) => reasonAgainst(text, signed, secret));
  if (!reasons.includes(undefined)) throw new VerificationError(`Not a delivery of Posthorn: ${reasons.join('; ')}.`);
  return { id, sentAt: new Date(Number(timestamp) * 1000), body: parse(text), rawBody: text };
}

const PUBLIC_PREFIX = 'whpk_';
/** Seconds that a request may be old, or ahead: what the library allows for the other kind. */
const TOLERANCE_SECONDS = 5 * 60;

type Signed = Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>;

/** Why a signature does not hold for one secret; undefined when it does. */
function reasonAgainst(text: string, signed: Signed, secret: string): string | undefined {
  if (secret.startsWith(PUBLIC_PREFIX)) return reasonAgainstPublic(text, signed, secret);
  const webhook = new Webhook(secret);
  try {
    webhook.verify(text, signed, { jsonParse: false });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The library has no asymmetric signatures yet (Standard Webhooks, `v1a`). */
function reasonAgainstPublic(text: string, signed: Signed, publicKey: string): string | undefined {
  const x = Buffer.from(publicKey.slice(PUBLIC_PREFIX.length), 'base64');
  if (x.length !== 32) throw new TypeError('Expected a public key of the form whpk_ and base64 of 32 bytes.');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') }, format: 'jwk' });
  const timestamp = signed['webhook-timestamp'];
  const bytes = Buffer.from(`${signed['webhook-id']}.${timestamp}.${text}`);
  const signatures = signed['webhook-signature'].split(' ').filter((one) => one.startsWith('v1a,'));
  const holds = signatures.some((one) =>
    verifySignature(null, bytes, key, Buffer.from(one.slice('v1a,'.length), 'base64')),
  );
  if (!holds) return 'No matching signature found';
  const isNear = Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE_SECONDS;
  return isNear ? undefined : 'Message timestamp too old or too new';
}

function required(headers: HeaderSource, name: string): string {
  const value = headerOf(headers, name);
  if (value === undefined || value === '') throw new VerificationError(`Expected exactly one header ${name}.`);
  return value;
}

function textOf(rawBody: string | Uint8Array): string {
  if (typeof rawBody === 'string') return rawBody;
  try {
    return UTF8.decode(rawBody);
  } catch {
    throw new VerificationError('Expected a body in UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new VerificationError('Expected a JSON body.');
  }
}
