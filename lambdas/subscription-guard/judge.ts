import { isActive } from '../domain/subscription/begins-anew.ts';
import { saysDeactivated } from '../domain/subscription/deactivation.ts';
import { hasOwnProblem, othersProblem, problemText } from '../domain/subscription/problem-note.ts';
import { readSubscription, type SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import { credentialsFor, NO_CREDENTIALS } from '../domain/subscription/auth.ts';
import { missedNotes } from '../domain/subscription/missed-time.ts';
import { BY_TABLE, type Subscription, type SubscriptionRow } from '../domain/subscription/subscription.ts';
import type { Notes } from '../stores/subscription-notes.ts';
import { KEPT_DAYS } from '../stores/secrets.ts';
import type { FoundSecret } from './ensure-secret.ts';

const SECOND_MS = 1000;
/** API and platform note the time a moment before they write. */
const NEAR_MS = 60_000;

/** What is known about a row beyond the row itself. */
export interface Circumstances {
  secret: FoundSecret;
  /** It was inactive and a change made it active: what switched it off is over. */
  activated: boolean;
  /** When a change made it inactive last, milliseconds; undefined: none of these changes. */
  deactivated_ms: number | undefined;
  /** The latest change by a person in the table; undefined: none. */
  edit: { at_ms: number; after?: SubscriptionRow } | undefined;
}

export interface Verdict {
  /** Whether anything about the row keeps it from being served. */
  broken: boolean;
  /** What to write on it; empty: nothing. */
  notes: Notes;
}

/** Decides what `problem` of a row should say. For a row that already says it, there is nothing to write. */
export function judge(row: SubscriptionRow, circumstances: Circumstances, rules: SubscriptionRules): Verdict {
  const read = readSubscription(row, rules);
  const wrong = [
    read.ok ? wrongAuth(read.subscription, circumstances.secret) : read.problem,
    wrongSecret(circumstances.secret),
  ]
    .filter((text) => text !== '')
    .join(' ');
  return {
    broken: wrong !== '',
    notes: {
      ...problemNotes(row, wrong, circumstances),
      ...editNotes(row, circumstances.edit),
      ...inactiveNotes(row, circumstances),
    },
  };
}

/** A row that was copied, or whose credentials were removed because its URL led elsewhere meanwhile. */
function wrongAuth({ auth, url }: Subscription, { credentials }: FoundSecret): string {
  return auth && !credentialsFor(auth, credentials, url) ? NO_CREDENTIALS : '';
}

function wrongSecret({ state, wrong }: FoundSecret): string {
  if (state === 'foreign') {
    return `id: expected one that no other organization uses or has used in the last ${KEPT_DAYS} days; a key cannot be edited, so create a new row with another id and delete this one.`;
  }
  if (state === 'unusable') {
    return `signing secret: expected a valid one, whsec_ and base64 of 24 to 64 bytes, got ${wrong ?? 'none'}; rotate it, or delete its entry in the table SigningSecrets and then save this row again.`;
  }
  return '';
}

function problemNotes(row: SubscriptionRow, wrong: string, { activated }: Circumstances): Notes {
  // Also where it never was off: a row copied from one that the platform has switched off.
  const isOver = isActive(row) && (activated || saysDeactivated(row.problem));
  const others = isOver ? '' : othersProblem(row.problem);
  // Nothing to say and nothing said: whatever stands there is somebody else's.
  if (wrong === '' && !hasOwnProblem(row.problem) && others === othersProblem(row.problem)) return {};
  const problem = problemText(others, wrong);
  return problem === (row.problem ?? null) ? {} : { problem };
}

/**
 * Since when it is inactive, and once it is active again, that what it missed was not sent. API and platform note it with the change itself; of an edit by hand only the stream tells. What
 * is older than that edit tells of an earlier time.
 */
function inactiveNotes(row: SubscriptionRow, { activated, deactivated_ms: at, edit }: Circumstances): Notes {
  if (isActive(row)) {
    if (row.inactive_since === undefined) return {};
    return { inactive_since: null, ...(activated && edit && missedNotes(row, edit.at_ms)) };
  }
  if (at === undefined) return {};
  const noted = typeof row.inactive_since === 'string' ? Date.parse(row.inactive_since) : NaN;
  return noted >= at - NEAR_MS ? {} : { inactive_since: new Date(at).toISOString() };
}

/** A person need not keep the times of a row; a change that was noted already, or overtaken, is not noted again. */
function editNotes(row: SubscriptionRow, edit: Circumstances['edit']): Notes {
  if (edit === undefined) return {};
  const noted = typeof row.updated_at === 'string' ? Date.parse(row.updated_at) : NaN;
  // The stream tells whole seconds, the API milliseconds: what was noted in the same second may be older.
  const isLater = noted >= edit.at_ms + SECOND_MS;
  const isNoted = row.changed_by === BY_TABLE && noted >= edit.at_ms && !isLater;
  // What stands there is what the person left, perhaps copied from elsewhere: then it tells nothing of this change.
  const isTyped = row.updated_at === edit.after?.updated_at && row.changed_by === edit.after?.changed_by;
  if (isNoted || (isLater && !isTyped)) return {};
  const at = new Date(noted > edit.at_ms && !isLater ? noted : edit.at_ms).toISOString();
  const isNew = typeof row.created_at !== 'string' || row.created_at === '';
  return isNew ? { updated_at: at, changed_by: BY_TABLE, created_at: at } : { updated_at: at, changed_by: BY_TABLE };
}
