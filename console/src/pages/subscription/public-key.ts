/**
 * A public key as libraries of Standard Webhooks take it.
 * @param x of a JWK (RFC 8037 §2): base64url without padding.
 */
export function publicKeyOf(x: string): string {
  const base64 = x.replaceAll('-', '+').replaceAll('_', '/');
  return `whpk_${base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')}`;
}
