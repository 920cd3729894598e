// Why an endpoint's 410 switched a subscription off stands in the row's `problem`, for the person who looks at it. It
// begins with a fixed sentence, so that whoever sees the change in the table's stream knows which of the platform's
// deactivations it was.

const GONE = 'The endpoint answered 410 Gone on ';

/** The `problem` of a subscription whose endpoint answered 410. @param at ISO 8601. */
export function goneProblem(at: string): string {
  return `${GONE}${at}, so nothing more is sent. Activate the subscription again when it is back.`;
}

/** Whether a row's `problem` is a {@link goneProblem}. */
export function saysGone(problem: unknown): boolean {
  return typeof problem === 'string' && problem.startsWith(GONE);
}
