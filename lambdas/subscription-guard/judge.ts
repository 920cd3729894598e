import { asBoolean } from '../domain/subscription/hand-typed.ts';
import { hasOwnProblem, othersProblem, problemText } from '../domain/subscription/problem-note.ts';
import { readSubscription, type SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import { BY_TABLE, type SubscriptionRow } from '../domain/subscription/subscription.ts';
import type { Notes } from '../stores/subscription-notes.ts';
import type { SecretState } from './ensure-secret.ts';

const SECOND_MS = 1000;

/** What is known about a row beyond the row itself. */
export interface Circumstances {
  secret: SecretState;
  /** It was inactive and a change made it active: what switched it off is over. */
  activated: boolean;
  /** The latest change by a person in the table, milliseconds; undefined: none. */
  editedMs: number | undefined;
}

export interface Verdict {
  /** Whether anything about the row keeps it from being served. */
  broken: boolean;
  /** What to write on it; empty: nothing. */
  notes: Notes;
}

/** Decides what a row should say about itself. Asked again about a row that says so, it has nothing to write. */
export function judge(row: SubscriptionRow, circumstances: Circumstances, rules: SubscriptionRules): Verdict {
  const read = readSubscription(row, rules);
  const wrong = [read.ok ? '' : read.problem, wrongSecret(circumstances.secret)]
    .filter((text) => text !== '')
    .join(' ');
  return {
    broken: wrong !== '',
    notes: { ...problemNotes(row, wrong, circumstances), ...editNotes(row, circumstances.editedMs) },
  };
}

function wrongSecret(secret: SecretState): string {
  if (secret === 'foreign') {
    return 'id: expected one that no other organization uses; a key cannot be edited: make a new row with another id and delete this one.';
  }
  if (secret === 'unusable') {
    return 'signing secret: expected one that is valid now, got none; rotate it, or delete the entry in the table of secrets and then save this row again.';
  }
  return '';
}

function problemNotes(row: SubscriptionRow, wrong: string, { activated }: Circumstances): Notes {
  const others = activated && asBoolean(row.active) !== false ? '' : othersProblem(row.problem);
  // Nothing to say and nothing said: whatever stands there is somebody else's.
  if (wrong === '' && !hasOwnProblem(row.problem) && others === othersProblem(row.problem)) return {};
  const problem = problemText(others, wrong);
  return problem === (row.problem ?? null) ? {} : { problem };
}

/** A person need not keep the times of a row; a change that was noted already, or overtaken, is not noted again. */
function editNotes(row: SubscriptionRow, editedMs: number | undefined): Notes {
  if (editedMs === undefined) return {};
  const noted = typeof row.updated_at === 'string' ? Date.parse(row.updated_at) : NaN;
  // The stream tells whole seconds, the API milliseconds: what was noted in the same second may be older.
  if (noted >= editedMs + SECOND_MS || (noted >= editedMs && row.changed_by === BY_TABLE)) return {};
  const at = new Date(noted > editedMs ? noted : editedMs).toISOString();
  const isNew = typeof row.created_at !== 'string' || row.created_at === '';
  return { updated_at: at, changed_by: BY_TABLE, ...(isNew ? { created_at: at } : {}) };
}
