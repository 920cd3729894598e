import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether a request is from Posthorn.
 * @param {string} secret whsec_…
 * @param {{ id: string, timestamp: string, signature: string }} headers webhook-id, webhook-timestamp, webhook-signature
 * @param {Buffer} body the bytes as they came, before any JSON parser
 */
export function verify(secret, { id, timestamp, signature }, body) {
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signature.split(' ').some((entry) => {
    if (!entry.startsWith('v1,')) return false;
    const given = Buffer.from(entry.slice(3), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// To try it: node verify.mjs <secret> <id> <timestamp> <signature> < body
import { readFileSync } from 'node:fs';
const [secret, id, timestamp, signature] = process.argv.slice(2);
if (signature !== undefined) {
  process.exitCode = verify(secret, { id, timestamp, signature }, readFileSync(0)) ? 0 : 1;
}
