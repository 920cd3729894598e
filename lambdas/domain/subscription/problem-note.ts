import type { ReadSubscription } from './read-subscription.ts';

// The attribute `problem` is one text for a person. What the guard says in it begins with a fixed sentence, so that it
// can be taken back without touching what others said before it, e.g. why an endpoint's 410 switched the row off.

const OWN = 'Nothing is sent until this row is mended: ';
/** Enough for every attribute to be wrong; a row with hundreds of wrong patterns need not repeat them all. */
const MAX_LENGTH = 4000;
/** Characters of it in an answer. */
const MAX_ANSWERED = 500;

/** What is wrong with a row, as long as an answer may repeat it. */
export function cutProblem(problem: string): string {
  return problem.slice(0, MAX_ANSWERED);
}

/** What others have written into a row's `problem`. */
export function othersProblem(problem: unknown): string {
  if (typeof problem !== 'string') return '';
  const start = problem.indexOf(OWN);
  return (start < 0 ? problem : problem.slice(0, start)).trim();
}

/** Whether the guard has said something in a row's `problem`. */
export function hasOwnProblem(problem: unknown): boolean {
  return typeof problem === 'string' && problem.includes(OWN);
}

/** The text of `problem`; null when there is nothing to say. @param wrong what the guard says; empty: nothing. */
export function problemText(others: string, wrong: string): string | null {
  const cut = wrong.length > MAX_LENGTH ? `${wrong.slice(0, MAX_LENGTH)}…` : wrong;
  const parts = [others, wrong === '' ? '' : `${OWN}${cut}`].filter((part) => part !== '');
  return parts.length === 0 ? null : parts.join(' ');
}

/**
 * The text of `problem` after a change through the API, as the guard will find it: what was wrong with the attributes
 * before makes room for what is wrong now, if anything. What the guard said beyond that, about secrets, stays for it to
 * take back. null when there is nothing to say.
 * @param ended whether the change ends what others said: the row was activated again, or has another URL.
 */
export function problemAfterChange(
  problem: unknown,
  before: ReadSubscription,
  after: ReadSubscription,
  ended: boolean,
): string | null {
  const said =
    typeof problem === 'string' && hasOwnProblem(problem) ? problem.slice(problem.indexOf(OWN) + OWN.length) : '';
  const was = before.ok ? '' : before.problem;
  const rest = said.startsWith(was) ? said.slice(was.length).trim() : '';
  const wrong = [after.ok ? '' : after.problem, rest].filter((part) => part !== '').join(' ');
  return problemText(ended ? '' : othersProblem(problem), wrong);
}
