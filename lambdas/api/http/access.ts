import { mayActFor, maySee, type Principal, type Scope } from '../../domain/api-key.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import { Problem } from '../../domain/problem.ts';

/** Who may use subscriptions and the log: administrators and support of all, customers of their own. */
export const STAFF_AND_CUSTOMERS: readonly Scope[] = ['admin', 'support', 'organization'];
/** Who looks after the platform, whoever's endpoints they are. */
export const STAFF: readonly Scope[] = ['admin', 'support'];
/** Who may see what support may not, as signing secrets. */
export const OWNERS: readonly Scope[] = ['admin', 'organization'];

/** One sentence for everything that is not there, foreign or never was: the answers cannot be told apart. */
export function notFound(): Problem {
  return new Problem('not-found', 'Nothing has this id, or it belongs to another organization.');
}

/**
 * The organization that a list is about: the key's own, else the one asked for, else undefined for all.
 * `none: true` when the key may not see the one asked for: the list is empty, as for one that does not exist.
 */
export function organizationOf(
  principal: Principal,
  asked: string | undefined,
): { none: true } | { none: false; organization: string | undefined } {
  if (asked !== undefined && !mayActFor(principal, asked)) return { none: true };
  return { none: false, organization: asked ?? principal.organization };
}

/**
 * The organization that something new belongs to.
 * @throws Problem when none is named and the key has none, or when the key belongs to another.
 */
export function ownerOfNew(principal: Principal, asked: string | undefined): string {
  const organization = asked ?? principal.organization;
  if (organization === undefined) {
    throw new Problem('invalid-request', 'The body is not valid. See errors.', [
      { pointer: '/organization', detail: 'is required with a key that is not bound to an organization' },
    ]);
  }
  if (!mayActFor(principal, organization)) {
    throw new Problem('forbidden', 'This API key belongs to another organization; leave out organization.');
  }
  return organization;
}

/**
 * The account that something new belongs to; undefined: to none.
 * @throws Problem when the key belongs to another account.
 */
export function accountOfNew(principal: Principal, asked: string | null | undefined): string | undefined {
  if (principal.account === undefined) return asked ?? undefined;
  if (asked === undefined || asked === principal.account) return principal.account;
  throw new Problem('forbidden', 'This API key belongs to another account; leave out account.');
}

/** Whether a key may see a row of the table Subscriptions, whoever typed it. */
export function maySeeRow(principal: Principal, row: SubscriptionRow): boolean {
  return maySee(principal, { organization: String(row.organization), account: asText(row.account) });
}

/** Which of its organization's subscriptions a key may see. Reads them only for a key of one account. */
export async function visibleSubscriptions(
  principal: Principal,
  store: Pick<SubscriptionStore, 'pages'>,
): Promise<(id: string) => boolean> {
  if (principal.account === undefined || principal.organization === undefined) return () => true;
  const visible = new Set<string>();
  for await (const rows of store.pages(principal.organization)) {
    for (const row of rows) if (maySeeRow(principal, row)) visible.add(String(row.id));
  }
  return (id) => visible.has(id);
}
