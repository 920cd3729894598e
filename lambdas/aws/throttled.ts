/** What AWS calls it when it takes no more of a kind for the moment. */
const NAMES = new Set(['ThrottlingException', 'ProvisionedThroughputExceededException', 'RequestLimitExceeded']);

/** Whether the same call may be taken a moment later, as fewer are made: the caller asked too much of a partition or table. */
export function isThrottled(error: unknown): boolean {
  return error instanceof Error && NAMES.has(error.name);
}
