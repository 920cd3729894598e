import { originOf, refOf, type CredentialsByRef } from '../domain/subscription/auth.ts';
import { asText } from '../domain/subscription/hand-typed.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';
import { ulidMs } from '../domain/ulid-time.ts';
import type { FoundSecret } from './ensure-secret.ts';
import type { GuardDeps } from './ports.ts';

/** The API stores credentials, then has its row name them, and runs for 30 s at most. */
const YOUNG_MS = 60_000;

/**
 * Removes credentials that must not be used any more: those of a row whose URL leads to another origin now, by hand, and
 * those that no row names, which a change that broke off has left.
 */
export async function dropStray(
  row: SubscriptionRow,
  { credentials }: FoundSecret,
  { secrets, rules, now }: Pick<GuardDeps, 'secrets' | 'rules' | 'now'>,
): Promise<void> {
  if (!credentials) return;
  const used = refOf(row);
  const url = rules.checkUrl(asText(row.url) ?? '');
  const isStray = (ref: string): boolean =>
    ref === used
      ? url.ok && leadsElsewhere(credentials, ref, url.url)
      : now() - ulidMs(ref.slice('crd_'.length)) > YOUNG_MS;
  const refs = Object.keys(credentials).filter(isStray);
  if (refs.length > 0) await secrets.dropCredentials(String(row.id), String(row.organization), refs);
}

function leadsElsewhere(credentials: CredentialsByRef, ref: string, url: string): boolean {
  return credentials[ref]?.origin !== originOf(url);
}
