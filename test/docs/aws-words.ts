/** Names of AWS's own that documents use and no code of ours does: metrics, API calls, fields, error codes. */
export const AWS_WORDS: ReadonlySet<string> = new Set([
  'ConcurrentExecutions',
  'DeleteRule',
  'DisableRule',
  'FailedInvocations',
  'RemovePermission',
  'RemoveTargets',
]);
