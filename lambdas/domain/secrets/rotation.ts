/** One signing secret of a subscription. */
export interface SigningSecret {
  /** `whsec_` + base64 of 32 random bytes. */
  key: string;
  /**
   * `whsk_` + base64 of an Ed25519 seed, for signatures that only the platform can make. Nobody is shown it. Absent in secrets of
   * the time before, and in those typed by hand, until their subscription wants it.
   */
  private_key?: string;
  created_ms: number;
  /** While a rotation overlaps: when this one ends. Absent: the current one. */
  expires_ms?: number;
}

/** Signatures on one request at most; receivers try each. */
export const MAX_ACTIVE_SECRETS = 5;

/** Secrets that are valid at a time, in the same order. */
export function validSecrets(secrets: readonly SigningSecret[], now: number): SigningSecret[] {
  return secrets.filter((secret) => secret.expires_ms === undefined || secret.expires_ms > now);
}

/**
 * The list after a rotation, newest first: the new one, then the older ones that are still valid, each ending after
 * the overlap at the latest and never later than it would have. An overlap of 0 ends all of them at once.
 * More than {@link MAX_ACTIVE_SECRETS} are not kept: the oldest go first.
 */
export function rotate(
  secrets: readonly SigningSecret[],
  fresh: SigningSecret,
  now: number,
  overlapMs: number,
): SigningSecret[] {
  const end = now + overlapMs;
  const older = validSecrets(secrets, now)
    .map((secret) => ({ ...secret, expires_ms: Math.min(secret.expires_ms ?? end, end) }))
    .filter((secret) => secret.expires_ms > now);
  return [fresh, ...older].slice(0, MAX_ACTIVE_SECRETS);
}
