// Why the platform has switched a subscription off stands in the row's `problem`, for the person who looks at it, and in
// the record that the platform leaves in the audit trail before it does so.

/** `gone`: its endpoint answered 410 · `down`: its endpoint was down for too long. */
export type DeactivationReason = 'gone' | 'down';

/** Why a subscription is switched off, in words for its row. */
export interface Deactivation {
  reason: DeactivationReason;
  problem: string;
}

const GONE = 'The endpoint answered 410 Gone on ';
const DOWN = 'The endpoint has not answered since ';

/** Of a subscription whose endpoint answered 410. @param at ISO 8601. */
export function becauseGone(at: string): Deactivation {
  const problem = `${GONE}${at}, so nothing more is sent. Activate the subscription again when it is back.`;
  return { reason: 'gone', problem };
}

/** Of a subscription whose endpoint is down for too long. @param since ISO 8601. */
export function becauseDown(since: string): Deactivation {
  const problem = `${DOWN}${since}, so nothing more is sent. What is held goes out when the subscription is activated again and the endpoint answers.`;
  return { reason: 'down', problem };
}

/** Whether a row's `problem` says that the platform has switched it off. It proves nothing: anybody may type it. */
export function saysDeactivated(problem: unknown): boolean {
  return typeof problem === 'string' && (problem.startsWith(GONE) || problem.startsWith(DOWN));
}
