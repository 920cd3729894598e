import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../scripts/call-api.ts';
import type { StackAccess } from '../../../scripts/stack.ts';
import { byHand } from '../../../scripts/verify-deployment/by-hand.ts';
import { settings } from '../../../scripts/verify-deployment/settings.ts';
import { watch } from '../../../scripts/verify-deployment/watch.ts';
import { resourcesOf } from '../../support/resources.ts';
import { synthesize } from '../../support/stacks.ts';

// What only AWS answers, with AWS's answers as its API describes them.

const NAME = 'acme-clinic-v1-status-unmapped';
const cloudWatch = mockClient(CloudWatchClient);
const sns = mockClient(SNSClient);
const dynamoDb = mockClient(DynamoDBDocumentClient);
const sqs = mockClient(SQSClient);
const mocks = [cloudWatch, sns, dynamoDb, sqs];
afterAll(() => mocks.forEach((one) => one.restore()));
const stack: StackAccess = {
  output: (name) => name,
  local: () => undefined,
  dynamoDb: DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' })),
  sqs: new SQSClient({ region: 'us-east-1' }),
};
const ringing = (...names: string[]): Call =>
  (() => Promise.resolve({ alarms: names.map((name) => ({ name })) })) as unknown as Call;

beforeEach(() => {
  for (const one of mocks) one.reset();
  const others = { AlarmName: NAME.replace('acme', 'other'), AlarmActions: ['another topic'] };
  const own = { AlarmName: NAME, AlarmActions: ['NoticesTopicArn'], Namespace: 'Acme', StateValue: 'OK' as const };
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [others, own] });
  cloudWatch.on(SetAlarmStateCommand).resolves({});
  cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [{ Sum: 3 }] });
  sns.on(GetTopicAttributesCommand).resolves({ Attributes: { KmsMasterKeyId: 'key', SubscriptionsConfirmed: '1' } });
});

describe('what watches a deployment', () => {
  it('is seen to ring, and the alarm is put back', async () => {
    const found = await watch(stack, ringing(NAME), false);

    expect(found.map(({ what, verdict }) => [what, verdict])).toEqual([
      ['topic of notices', 'ok'],
      ['alarm set by hand', 'ok'],
      ['metric', 'ok'],
    ]);
    const states = cloudWatch.commandCalls(SetAlarmStateCommand).map(({ args }) => args[0].input);
    expect(states).toMatchObject([
      { AlarmName: NAME, StateValue: 'ALARM' },
      { AlarmName: NAME, StateValue: 'OK' },
    ]);
    expect(found.at(-1)!.found).toBe('3 within an hour in Acme');
  });

  it('is not as expected when nobody hears it or an answer is refused, and the rest is asked all the same', async () => {
    sns.on(GetTopicAttributesCommand).resolves({ Attributes: { KmsMasterKeyId: 'key', SubscriptionsPending: '1' } });
    cloudWatch.on(SetAlarmStateCommand).rejects(new Error('not authorized'));

    const found = await watch(stack, ringing(NAME), false);

    expect(found).toMatchObject([
      { what: 'topic of notices', verdict: 'not', found: 'key; 0 confirmed, 1 not yet' },
      { what: 'alarm set by hand', verdict: 'not', found: 'not authorized' },
      { what: 'metric', verdict: 'ok' },
    ]);
  });
});

describe('tables and queues of a deployment', () => {
  const tableAs = (table: object, recovery: 'ENABLED' | 'DISABLED'): void => {
    dynamoDb.on(DescribeTableCommand).resolves({ Table: table });
    dynamoDb.on(DescribeContinuousBackupsCommand).resolves({
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: recovery },
      },
    });
  };

  it('are as expected with keys, recovery and dead letters', async () => {
    tableAs({ DeletionProtectionEnabled: true, SSEDescription: { KMSMasterKeyArn: 'arn' } }, 'ENABLED');
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { RedrivePolicy: '{}', SqsManagedSseEnabled: 'true' } });

    const found = await settings(stack, false);

    expect(found.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
    expect(found.length).toBeGreaterThan(20);
  });

  it('are not where one of these is missing', async () => {
    tableAs({ DeletionProtectionEnabled: true }, 'DISABLED');
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });

    const found = await settings(stack, false);

    const wrong = found.filter(({ verdict }) => verdict === 'not').map(({ what }) => what);
    expect(wrong).toEqual(
      expect.arrayContaining(['table Events', 'table SigningSecrets, key', 'queue Events', 'queue Events, key']),
    );
    expect(wrong).not.toContain('table Events, key');
  });
});

describe('the commands that are printed', () => {
  it('read the access log by a query: its class has no other way', () => {
    const { posthorn } = synthesize();
    const named = { output: (name: string) => name } as unknown as StackAccess;

    const found = byHand(named, { name: 'Posthorn' }).find(({ what }) => what === 'access log of the API')!.found;

    posthorn.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupClass: 'INFREQUENT_ACCESS' });
    expect(found).toMatch(/aws logs start-query .*AccessLogs.*aws logs get-query-results --query-id \$query$/);
    expect(found).not.toContain('filter-log-events');
  });

  it.each(['SenderLogs', 'AccessLogs'])('find the one log group %s', (part) => {
    const groups = Object.keys(resourcesOf(synthesize(), 'AWS::Logs::LogGroup'));

    expect(groups.filter((id) => id.includes(part))).toHaveLength(1);
  });
});
