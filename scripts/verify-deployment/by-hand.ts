import type { StackAccess } from '../stack.ts';
import { cannotBeAsked, type Finding } from './findings.ts';

/**
 * What there is no client for here: the exact command to run instead.
 * @param name of the stack that has the functions. @param eventId of the event that was published.
 */
export function byHand(stack: StackAccess, { name, eventId }: { name: string; eventId?: string }): Finding[] {
  const key = `aws dynamodb describe-table --table-name ${stack.output('SigningSecretsTableName')} --query Table.SSEDescription.KMSMasterKeyArn --output text`;
  const ofEvent = `'{ $.event_id = "${eventId ?? 'evt_…'}" }'`;
  return [
    cannotBeAsked('log lines of the sender', 'two with the event’s id', tailing(name, 'Sender', ofEvent)),
    cannotBeAsked('access log of the API', 'the requests of this run', queried(name, 'AccessLogs')),
    cannotBeAsked(
      'whose key the secrets are under',
      'CUSTOMER',
      `aws kms describe-key --key-id "$(${key})" --query KeyMetadata.KeyManager`,
    ),
    cannotBeAsked(
      'restore of a table',
      'ACTIVE; then delete the copy',
      `aws dynamodb restore-table-to-point-in-time --use-latest-restorable-time --source-table-name ${stack.output('SubscriptionsTableName')} --target-table-name restored-verification`,
    ),
  ];
}

/** @param logicalPart of the log group's id in the template. */
function groupOf(name: string, logicalPart: string): string {
  return `"$(aws cloudformation list-stack-resources --stack-name ${name} --output text --query "StackResourceSummaries[?ResourceType=='AWS::Logs::LogGroup' && contains(LogicalResourceId,'${logicalPart}')].PhysicalResourceId")"`;
}

function tailing(name: string, logicalPart: string, pattern: string): string {
  return `aws logs filter-log-events --log-group-name ${groupOf(name, logicalPart)} --filter-pattern ${pattern}`;
}

/** A log of the class for infrequent access has no other way to be read. */
function queried(name: string, logicalPart: string): string {
  const times = '--start-time $(($(date +%s) - 3600)) --end-time $(date +%s)';
  const start = `aws logs start-query --log-group-name ${groupOf(name, logicalPart)} ${times} --query-string 'fields @message | limit 50' --query queryId --output text`;
  return `query=$(${start}); sleep 10; aws logs get-query-results --query-id $query`;
}
