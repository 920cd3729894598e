import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { AWS } from '../../local/like-aws/numbers.ts';
import { IN_HAND_SECONDS } from '../../lambdas/domain/limits.ts';
import { RECEIVE_LOST_MS } from '../../lambdas/sender/count-tries.ts';
import { calledFunction } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';

type Resources = Record<string, { Type: string; Properties: Record<string, unknown>; DeletionPolicy?: string }>;

let templates: ReturnType<typeof synthesize>;
beforeAll(() => {
  templates = synthesize();
});

function resources(type: string): Resources {
  return { ...templates.data.findResources(type), ...templates.posthorn.findResources(type) } as unknown as Resources;
}

/** The resource whose logical id starts with this name. */
function named(type: string, name: string): Record<string, unknown> {
  const found = Object.entries(resources(type)).find(([id]) => id.startsWith(name));
  if (!found) throw new Error(`no ${type} named ${name}*`);
  return found[1].Properties;
}

function idOf(reference: unknown): string {
  const { 'Fn::GetAtt': attribute, Ref } = reference as { 'Fn::GetAtt'?: [string, string]; Ref?: string };
  return attribute?.[0] ?? Ref ?? '';
}

describe('functions', () => {
  it('that send messages to themselves are not stopped after 16 of them, all others are', () => {
    const loops = Object.entries(resources('AWS::Lambda::Function'))
      .filter(([, { Properties }]) => Properties['RecursiveLoop'] === 'Allow')
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));

    expect(loops.sort()).toEqual(['FanOut', 'RecoveryFunction', 'Sender']);
  });
});

describe('schedules', () => {
  it('leave out runs that came too late or failed, and begin none of them all at once when there is room again', () => {
    const called = Object.values(resources('AWS::Events::Rule')).flatMap(({ Properties }) =>
      (Properties['Targets'] as { Arn: unknown }[]).map(({ Arn }) => calledFunction(templates, Arn)),
    );
    const runs = Object.values(resources('AWS::Lambda::EventInvokeConfig')).map(({ Properties }) => Properties);

    expect(runs.map(({ FunctionName }) => idOf(FunctionName))).toEqual([...new Set(called)]);
    // By the name with which schedules call it: settings of another qualifier would mean nothing.
    expect(JSON.stringify(runs[0]?.['Qualifier'])).toContain('RecoveryFunctionLive');
    expect(runs[0]).toMatchObject({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
  });
});

describe('streams', () => {
  it('give changes up while the stream still has them: of those that it has lost nobody would be told', () => {
    const followed = Object.values(resources('AWS::Lambda::EventSourceMapping')).filter(
      ({ Properties }) => 'StartingPosition' in Properties,
    );

    expect(followed).toHaveLength(2);
    for (const { Properties } of followed) {
      expect(Properties).toMatchObject({ DestinationConfig: { OnFailure: {} } });
      expect(Number(Properties['MaximumRecordAgeInSeconds'])).toBeGreaterThan(22 * 3600);
      expect(Number(Properties['MaximumRecordAgeInSeconds'])).toBeLessThan(24 * 3600);
    }
  });
});

describe('queues', () => {
  it('moves a delivery to the dead letters after one try and three retries', () => {
    for (const lane of ['DeliveriesQueue', 'SlowDeliveriesQueue']) {
      expect(named('AWS::SQS::Queue', lane)['RedrivePolicy']).toMatchObject({ maxReceiveCount: 4 });
    }
  });

  it('brings a delivery again whose sender died, when the sender takes such a receive for lost and not before', () => {
    for (const lane of ['DeliveriesQueue', 'SlowDeliveriesQueue']) {
      const visibilityMs = 1000 * Number(named('AWS::SQS::Queue', lane)['VisibilityTimeout']);

      expect(visibilityMs).toBeGreaterThan(IN_HAND_SECONDS * 1000);
      expect(IN_HAND_SECONDS * 1000).toBeGreaterThan(RECEIVE_LOST_MS);
    }
  });

  it('gives both lanes the same dead-letter queue', () => {
    const targets = ['DeliveriesQueue', 'SlowDeliveriesQueue'].map((lane) =>
      idOf((named('AWS::SQS::Queue', lane)['RedrivePolicy'] as { deadLetterTargetArn: unknown }).deadLetterTargetArn),
    );

    expect(new Set(targets).size).toBe(1);
    expect(targets[0]).toMatch(/^DeliveriesDeadLetters/);
  });

  it('gives every queue that is consumed a dead-letter queue', () => {
    const consumed = Object.values(resources('AWS::Lambda::EventSourceMapping'))
      .map((mapping) => idOf(mapping.Properties['EventSourceArn']))
      .filter((id) => id.includes('Queue'));
    const queues = resources('AWS::SQS::Queue');

    expect(consumed.length).toBeGreaterThanOrEqual(3);
    for (const id of consumed) expect(queues[id]?.Properties['RedrivePolicy'], id).toBeDefined();
  });

  it('keeps messages invisible for at least six times the timeout of the function that consumes them', () => {
    const queues = resources('AWS::SQS::Queue');
    const functions = resources('AWS::Lambda::Function');
    const mappings = Object.values(resources('AWS::Lambda::EventSourceMapping'));

    for (const { Properties } of mappings) {
      const queue = queues[idOf(Properties['EventSourceArn'])]?.Properties;
      if (!queue) continue;
      const timeout = functions[calledFunction(templates, Properties['FunctionName'])]?.Properties['Timeout'] as number;
      expect(queue['VisibilityTimeout']).toBeGreaterThanOrEqual(6 * timeout);
    }
  });

  it('keeps dead letters 14 days and messages 4 days', () => {
    const day = 24 * 60 * 60;
    for (const [id, { Properties }] of Object.entries(resources('AWS::SQS::Queue'))) {
      expect(Properties['MessageRetentionPeriod'], id).toBe(id.includes('DeadLetters') ? 14 * day : 4 * day);
    }
  });

  it('encrypts every queue and refuses access without TLS', () => {
    const queues = Object.entries(resources('AWS::SQS::Queue'));
    const policies = Object.values(resources('AWS::SQS::QueuePolicy'));

    for (const [id, { Properties }] of queues) {
      expect(Properties['SqsManagedSseEnabled'], id).toBe(true);
      const policy = policies.find((candidate) => idOf((candidate.Properties['Queues'] as unknown[])[0]) === id);
      expect(JSON.stringify(policy?.Properties['PolicyDocument']), id).toContain('"aws:SecureTransport":"false"');
    }
  });
});

describe('event source mappings', () => {
  it('acknowledges each message on its own, ten at a time, with a limit on concurrency', () => {
    const mappings = Object.values(resources('AWS::Lambda::EventSourceMapping')).filter(({ Properties }) =>
      idOf(Properties['EventSourceArn']).includes('Queue'),
    );

    for (const { Properties } of mappings) {
      expect(Properties).toMatchObject({
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: expect.any(Number) as number },
      });
      expect(Properties['MaximumBatchingWindowInSeconds']).toBeUndefined();
    }
  });

  it('collects for one second when deliveries come a hundred at a time', () => {
    const { posthorn } = synthesize({ POSTHORN_SENDER_BATCH_SIZE: '100' });

    posthorn.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
    });
  });

  it.each([
    { batchSize: 10, handshakes: 10 },
    { batchSize: 25, handshakes: 25 },
    { batchSize: 100, handshakes: 100 },
  ])(
    'gives a sender of batches of $batchSize the processor to make as many new connections in half a second',
    ({ batchSize, handshakes }) => {
      const { posthorn } = synthesize({ POSTHORN_SENDER_BATCH_SIZE: String(batchSize) });
      const [sender] = Object.values(
        posthorn.findResources('AWS::Lambda::Function', {
          Properties: { Description: Match.stringLikeRegexp('^Sends deliveries') },
        }),
      );
      const share = (sender!['Properties'] as { MemorySize: number }).MemorySize / AWS.vcpuMemoryMb;

      // 2.9 ms of a whole processor for each, the most that was measured.
      expect((handshakes * 2.9) / share).toBeLessThanOrEqual(510);
    },
  );

  it('serves the slow lane with fewer senders than the fast lane', () => {
    const limit = (name: string): number =>
      (
        named('AWS::Lambda::EventSourceMapping', `SenderSqsEventSourcePosthorn${name}`)['ScalingConfig'] as {
          MaximumConcurrency: number;
        }
      ).MaximumConcurrency;

    expect(limit('SlowDeliveries')).toBeLessThan(limit('Deliveries'));
  });
});

describe('functions', () => {
  it('run on Node 24 and arm64, with a log group of their own that ends', () => {
    const groups = resources('AWS::Logs::LogGroup');
    for (const [id, { Properties }] of Object.entries(resources('AWS::Lambda::Function'))) {
      expect(Properties, id).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      const group = groups[idOf((Properties['LoggingConfig'] as { LogGroup: unknown }).LogGroup)];
      expect(group?.Properties['RetentionInDays'], id).toBe(30);
    }
  });

  it('have no permission on everything, and no managed policy', () => {
    for (const [id, { Properties }] of Object.entries(resources('AWS::IAM::Policy'))) {
      const { Statement } = Properties['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown }[] };
      for (const statement of Statement) {
        // For metrics IAM knows no resource.
        if (statement.Action === 'cloudwatch:GetMetricData') continue;
        expect([statement.Resource].flat(), id).not.toContain('*');
        expect(JSON.stringify(statement.Action), id).not.toMatch(/"(\*|[a-z]+:\*)"/);
      }
    }
    for (const role of Object.values(resources('AWS::IAM::Role'))) {
      expect(role.Properties['ManagedPolicyArns']).toBeUndefined();
    }
  });

  it('know the name of exactly what they may use', () => {
    const sender = named('AWS::Lambda::Function', 'Sender')['Environment'] as { Variables: Record<string, unknown> };
    const ingest = named('AWS::Lambda::Function', 'Ingest')['Environment'] as { Variables: Record<string, unknown> };

    expect(Object.keys(ingest.Variables)).toEqual(
      expect.arrayContaining(['EVENTS_QUEUE_URL', 'API_KEYS_TABLE', 'IDEMPOTENCY_TABLE']),
    );
    expect(Object.keys(ingest.Variables)).not.toContain('SIGNING_SECRETS_TABLE');
    expect(Object.keys(sender.Variables)).toEqual(
      expect.arrayContaining(['SIGNING_SECRETS_TABLE', 'ATTEMPTS_TABLE', 'DELIVERIES_DEAD_LETTER_QUEUE_URL']),
    );
    expect(Object.keys(sender.Variables)).not.toContain('API_KEYS_TABLE');
  });

  it('stay outside any VPC, have no URL of their own and never a way to reach loopback', () => {
    templates.posthorn.resourceCountIs('AWS::Lambda::Url', 0);
    for (const { Properties } of Object.values(resources('AWS::Lambda::Function'))) {
      expect(Properties['VpcConfig']).toBeUndefined();
      expect(JSON.stringify(Properties['Environment'])).not.toContain('POSTHORN_LOCAL_RECEIVERS');
    }
  });
});

describe('signing secrets', () => {
  interface Statement {
    Action: string | string[];
    Condition?: Record<string, unknown>;
  }
  const statementsOf = ({ Properties }: { Properties: Record<string, unknown> }): Statement[] =>
    (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement.filter((one) =>
      /SigningSecretsTable\w*Arn/.test(JSON.stringify(one)),
    );

  it('can be read by sender, api and guard alone', () => {
    const isRead = ({ Action, Condition }: Statement): boolean =>
      [Action].flat().some((action) => /Get|Query|Scan/.test(action)) && Condition === undefined;
    const readers = Object.entries(resources('AWS::IAM::Policy'))
      .filter(([, policy]) => statementsOf(policy).some(isRead))
      .map(([id]) => id.replace(/Role.*/, ''));

    expect(readers.sort()).toEqual(['Api', 'Sender', 'SubscriptionGuard']);
  });

  it('are looked for by whoever deletes them by their owner alone', () => {
    const [, recovery] = Object.entries(resources('AWS::IAM::Policy')).find(([id]) => id.startsWith('Recovery'))!;

    const [scan] = statementsOf(recovery).filter(({ Action }) => Action === 'dynamodb:Scan');

    expect(scan?.Condition).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['subscription', 'organization'] },
      StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    });
  });

  it('lie under a key of their own that rotates', () => {
    templates.data.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    templates.data.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'subscription', KeyType: 'HASH' }],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
    });
  });
});

describe('tables', () => {
  it('survive the stack, are protected from deletion and can be restored to any second', () => {
    const tables = Object.entries(resources('AWS::DynamoDB::Table'));

    expect(tables.length).toBeGreaterThanOrEqual(10);
    for (const [id, table] of tables) {
      expect(table.DeletionPolicy, id).toBe('Retain');
      expect(table.Properties, id).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    }
  });

  it('hand on every change of a subscription', () => {
    expect(named('AWS::DynamoDB::Table', 'Subscriptions')['StreamSpecification']).toEqual({
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    });
  });
});

describe('the HTTP API', () => {
  it('sends producers to ingest and everything else to api', () => {
    const integrations = resources('AWS::ApiGatewayV2::Integration');
    const target = (route: Record<string, unknown>): string => {
      const joined = (route['Target'] as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
      return calledFunction(templates, integrations[idOf(joined[1])]?.Properties['IntegrationUri']);
    };
    const routes = Object.fromEntries(
      Object.values(resources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [
        Properties['RouteKey'] as string,
        target(Properties).replace(/[0-9A-F]{8}$/, ''),
      ]),
    );

    expect(routes).toMatchObject({
      'POST /v1/events': 'Ingest',
      'POST /v1/events/batch': 'Ingest',
      'ANY /v1/{proxy+}': 'Api',
      'POST /webhook-events': 'Api',
      'GET /openapi.json': 'Api',
      'GET /': 'Api',
    });
  });

  it('is throttled and logs neither query nor body', () => {
    const stage = named('AWS::ApiGatewayV2::Stage', 'HttpHttpApi') as {
      AccessLogSettings: { Format: string };
      DefaultRouteSettings: unknown;
    };

    expect(stage.DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 });
    expect(stage.AccessLogSettings.Format).toContain('$context.routeKey');
    expect(stage.AccessLogSettings.Format).not.toMatch(/query|body|\$context\.path/i);
  });
});

describe('outputs', () => {
  it('name what operators and tools need', () => {
    expect(Object.keys(templates.posthorn.findOutputs('*'))).toEqual(
      expect.arrayContaining([
        'ApiUrl',
        'ConsoleUrl',
        'SubscriptionsTableName',
        'SigningSecretsTableName',
        'EventsTableName',
        'AttemptsTableName',
        'EventsQueueUrl',
        'EventsDeadLetterQueueUrl',
        'DeliveriesQueueUrl',
        'DeliveriesDeadLetterQueueUrl',
      ]),
    );
  });
});
