import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_NAMESPACE as METRICS_NAMESPACE } from '../../lambdas/runtime/metrics.ts';
import { flatten, idOf, resourcesOf, type TemplateResource } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';

interface Alarm {
  AlarmName: string;
  TreatMissingData: string;
  AlarmActions: unknown[];
  OKActions: unknown[];
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value: unknown }[];
  Metrics?: { MetricStat?: { Metric: Pick<Alarm, 'MetricName' | 'Dimensions' | 'Namespace'> } }[];
  Threshold: number;
  Statistic?: string;
  ComparisonOperator: string;
  Period?: number;
  EvaluationPeriods: number;
}

let templates: ReturnType<typeof synthesize>;
let alarms: Alarm[];
beforeAll(() => {
  templates = synthesize();
  alarms = Object.values(resourcesOf(templates, 'AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as unknown as Alarm,
  );
});

/** Stages that exist: folders of lambdas/ with a handler. */
const STAGES = globSync('lambdas/*/handler.ts').map((path) => path.split('/')[1]!);
const functions = (): Record<string, TemplateResource> => resourcesOf(templates, 'AWS::Lambda::Function');
const named = (name: string): Alarm => {
  const found = alarms.find(({ AlarmName }) => AlarmName === `posthorn-${name}`);
  if (!found) throw new Error(`no alarm posthorn-${name}`);
  return found;
};

/** Counters that an alarm sums up, as `<stage> <name>`. */
const counted = (metrics: Alarm['Metrics']): string[] =>
  (metrics ?? [])
    .flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])
    .filter(({ Namespace }) => Namespace === METRICS_NAMESPACE)
    .map(({ Dimensions, MetricName }) => `${String(Dimensions?.[0]?.Value)} ${MetricName}`)
    .sort();

/** The one alarm that rings because of silence. */
const HEARTBEAT = 'posthorn-recovery-silent';

describe('every alarm', () => {
  it('tells the topic when it rings and when it is over, and takes silence for health, but for the heartbeat', () => {
    const [topic] = Object.keys(resourcesOf(templates, 'AWS::SNS::Topic'));

    for (const alarm of alarms) {
      expect(alarm, alarm.AlarmName).toMatchObject({
        AlarmActions: [{ Ref: topic }],
        OKActions: [{ Ref: topic }],
        TreatMissingData: alarm.AlarmName === HEARTBEAT ? 'breaching' : 'notBreaching',
      });
    }
  });

  it('looks at a metric of the namespace that the functions write to', () => {
    for (const { Properties } of Object.values(functions())) {
      expect(Properties).toMatchObject({ Environment: { Variables: { METRICS_NAMESPACE } } });
    }
    expect(alarms.filter(({ Namespace }) => Namespace === METRICS_NAMESPACE)).not.toEqual([]);
  });
});

describe('alarms', () => {
  it('ring for the first visible message of every dead-letter queue but the one of customers’ failures', () => {
    const deadLetters = Object.keys(resourcesOf(templates, 'AWS::SQS::Queue')).filter((id) => /DeadLetters/.test(id));
    const customers = deadLetters.filter((id) => id.startsWith('Deliveries'));
    const watched = alarms
      .filter(
        ({ AlarmName }) => AlarmName.endsWith('-dead-letters') && AlarmName !== 'posthorn-deliveries-dead-letters',
      )
      .map((alarm) => {
        expect(alarm).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 });
        return idOf(alarm.Dimensions?.[0]?.Value);
      });

    expect(customers).toHaveLength(1);
    expect(watched.sort()).toEqual(deadLetters.filter((id) => !customers.includes(id)).sort());
  });

  it('watch errors, throttles and duration of every function', () => {
    const ids = Object.keys(functions());
    const watched = (metric: string): string[] =>
      alarms.filter(({ MetricName }) => MetricName === metric).map((alarm) => idOf(alarm.Dimensions?.[0]?.Value));

    expect(ids.length).toBeGreaterThanOrEqual(4);
    for (const metric of ['Errors', 'Throttles', 'Duration'])
      expect(watched(metric).sort(), metric).toEqual(ids.sort());
  });

  it('ring before a function times out', () => {
    for (const [id, { Properties }] of Object.entries(functions())) {
      const alarm = alarms.find((one) => one.MetricName === 'Duration' && idOf(one.Dimensions?.[0]?.Value) === id);

      // Recovery stops by itself at 100 of its 120 s.
      const share = id.startsWith('RecoveryFunction') ? 800 : 900;
      expect(alarm?.Threshold, id).toBeCloseTo(share * (Properties['Timeout'] as number));
    }
  });

  it('watch throttles of every table and of its indexes, which CloudWatch counts apart', () => {
    const tables = Object.keys(resourcesOf(templates, 'AWS::DynamoDB::Table'));
    const indexes = Object.values(resourcesOf(templates, 'AWS::DynamoDB::Table')).flatMap(({ Properties }) =>
      ((Properties['GlobalSecondaryIndexes'] ?? []) as { IndexName: string }[]).map(({ IndexName }) => IndexName),
    );
    const throttled = alarms.filter(({ AlarmName }) => /^posthorn-table-.*-throttled$/.test(AlarmName));

    expect(throttled).toHaveLength(tables.length);
    const watched: string[] = [];
    for (const { Metrics } of throttled) {
      const metrics = Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [];
      const indexOf = (one: (typeof metrics)[number]): unknown =>
        one.Dimensions?.find(({ Name }) => Name === 'GlobalSecondaryIndexName')?.Value;
      for (const of of new Set(metrics.map(indexOf))) {
        const names = metrics.filter((one) => indexOf(one) === of).map(({ MetricName }) => MetricName);
        expect(names.sort()).toEqual(['ReadThrottleEvents', 'WriteThrottleEvents']);
        if (typeof of === 'string') watched.push(of);
      }
    }
    expect(watched.sort()).toEqual(indexes.sort());
  });

  it('ring well before a queue of deliveries reaches 120,000 messages in flight', () => {
    for (const lane of ['deliveries', 'deliveries-slow']) {
      expect(named(`${lane}-in-flight`)).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesNotVisible',
        Threshold: 100_000,
      });
    }
  });

  it('ring for dead deliveries that are ours and not for what customers refused, which would ring for two weeks', () => {
    const { Metrics, Threshold, EvaluationPeriods } = named('deliveries-dead-letters');

    expect(counted(Metrics)).toEqual(['sender MessagesPoison', 'sender PlatformDeadLetters']);
    expect({ Threshold, EvaluationPeriods }).toEqual({ Threshold: 0, EvaluationPeriods: 1 });
  });

  it('ring for what fails for a reason of ours, apart from what customers refuse, in every stage where it comes back', () => {
    for (const stage of ['fan-out', 'recovery', 'sender']) {
      const { Dimensions, MetricName, Threshold } = named(`${stage}-platform-failures`);

      expect([Dimensions?.[0]?.Value, MetricName, Threshold]).toEqual([stage, 'PlatformFailures', 0]);
    }
  });

  it('ring for one row without a secret apart from what concerns many', () => {
    expect(named('secrets-missing')).toMatchObject({ MetricName: 'SecretsMissing', Threshold: 0 });
  });

  it('measure the age of deliveries by the sender, because SQS leaves out what was received three times', () => {
    expect(named('delivery-age')).toMatchObject({ Namespace: 'Posthorn', MetricName: 'DeliveryAge' });
  });

  it('ring for answers of 5xx, lost log lines and stuck deliveries', () => {
    expect(named('api-5xx')).toMatchObject({ MetricName: '5xx', Threshold: 0 });
    expect(named('log-writes-failed')).toMatchObject({ MetricName: 'LogWritesFailed', Threshold: 0 });
    expect(named('stuck-deliveries')).toMatchObject({ MetricName: 'StuckDeliveries', Threshold: 0 });
  });
});

describe('the heartbeat of recovery', () => {
  const heartbeatAt = (probeSeconds: string): Alarm => {
    const { posthorn } = synthesize({ POSTHORN_PROBE_SECONDS: probeSeconds });
    const [found] = Object.values(posthorn.findResources('AWS::CloudWatch::Alarm')).filter(
      ({ Properties }) => (Properties as Alarm).AlarmName === HEARTBEAT,
    );
    return found?.['Properties'] as Alarm;
  };

  it('is what each look after endpoints writes, however many are down; without one for 10 minutes it rings', () => {
    expect(named('recovery-silent')).toMatchObject({
      Namespace: 'Posthorn',
      MetricName: 'CircuitsOpen',
      Dimensions: [{ Name: 'stage', Value: 'recovery' }],
      Statistic: 'SampleCount',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 300,
      EvaluationPeriods: 2,
    });
  });

  it.each([
    ['600', 600],
    ['601', 660],
    ['3600', 3600],
  ])('is waited for twice as long as the schedule takes when POSTHORN_PROBE_SECONDS is %s', (seconds, Period) => {
    expect(heartbeatAt(seconds)).toMatchObject({ Period, EvaluationPeriods: 2 });
  });
});

describe('the dashboard', () => {
  interface Widget {
    type: string;
    properties: { markdown?: string; metrics?: unknown[][] };
  }
  const widgets = (): Widget[] => {
    const [dashboard] = Object.values(resourcesOf(templates, 'AWS::CloudWatch::Dashboard'));
    return (JSON.parse(flatten(dashboard?.Properties['DashboardBody'])) as { widgets: Widget[] }).widgets;
  };
  const titles = (): string[] => widgets().flatMap(({ properties }) => properties.markdown?.replace('# ', '') ?? []);

  it('has a row for every stage', () => {
    expect(STAGES.length).toBeGreaterThanOrEqual(4);
    expect(titles()).toEqual(expect.arrayContaining(STAGES));
  });

  it('shows every function', () => {
    const shown = JSON.stringify(widgets());

    for (const id of Object.keys(functions())) expect(shown.includes(`<${id}>`), `${id} is shown`).toBe(true);
  });

  it('shows only metrics that the stage writes, as do the alarms', () => {
    const onDashboard = widgets().flatMap(({ properties }) => properties.metrics ?? []);
    const asked = [
      ...onDashboard.filter(([space]) => space === METRICS_NAMESPACE).map(([, name, , stage]) => [stage, name]),
      ...alarms.filter((a) => a.Namespace === METRICS_NAMESPACE).map((a) => [a.Dimensions?.[0]?.Value, a.MetricName]),
      ...alarms.flatMap(({ Metrics }) => counted(Metrics)).map((one) => one.split(' ')),
    ] as [stage: string, name: string][];

    expect(asked.length).toBeGreaterThan(10);
    for (const [stage, name] of asked) {
      const own = globSync(`lambdas/${stage}/**/*.ts`);
      const code = [...new Set([...own, ...own.flatMap(sharedImports)])].map((path) => readFileSync(path, 'utf8'));
      expect(
        code.some((text) => text.includes(`'${name}'`)),
        `${stage} writes ${name}`,
      ).toBe(true);
    }
  });
});

describe('notices', () => {
  it('are encrypted and refused without TLS', () => {
    templates.posthorn.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    templates.posthorn.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('may come from the alarms of this account, which the policy for TLS would otherwise shut out', () => {
    const cloudWatch = {
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Effect: 'Allow',
      Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }),
    };

    templates.posthorn.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ ...cloudWatch, Action: 'sns:Publish' })]) },
    });
    templates.posthorn.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ ...cloudWatch, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }),
        ]),
      },
    });
  });

  it('go to an address when one is set, to nobody when none is', () => {
    const { posthorn } = synthesize({ POSTHORN_ALARM_EMAIL: 'on-call@clinic.example' });

    posthorn.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@clinic.example',
    });
    templates.posthorn.resourceCountIs('AWS::SNS::Subscription', 0);
  });
});

describe('functions that publish notices', () => {
  const policies = (): [role: string, document: string][] =>
    Object.values(resourcesOf(templates, 'AWS::IAM::Policy')).map(({ Properties }) => [
      idOf((Properties['Roles'] as unknown[])[0]),
      JSON.stringify(Properties['PolicyDocument']),
    ]);
  const rolesThatMay = (action: string): string[] =>
    policies().flatMap(([role, document]) => (document.includes(`"${action}"`) ? [role] : []));

  it('know topic and bus, and no others do', () => {
    const informed = Object.values(functions()).filter(({ Properties }) => {
      const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
      return 'NOTICES_TOPIC_ARN' in Variables && Variables['EVENT_BUS_NAME'] === 'default';
    });
    const roles = informed.map(({ Properties }) => idOf(Properties['Role'])).sort();

    expect(roles.length).toBeGreaterThan(0);
    expect(rolesThatMay('sns:Publish').sort()).toEqual(roles);
    expect(rolesThatMay('events:PutEvents').sort()).toEqual(roles);
  });

  it('get those of the subscription guard by the queue recovery, which brings them until they are told', () => {
    const guard = Object.entries(functions()).find(([id]) => id.startsWith('SubscriptionGuard'))?.[1];
    const { Variables } = guard?.Properties['Environment'] as { Variables: Record<string, unknown> };

    expect(Variables).toHaveProperty('RECOVERY_QUEUE_URL');
    expect(rolesThatMay('sqs:SendMessage')).toContain(idOf(guard?.Properties['Role']));
    expect(rolesThatMay('sns:Publish')).not.toContain(idOf(guard?.Properties['Role']));
  });

  it('may use the key of the topic, without which publishing is refused', () => {
    const [topic] = Object.values(resourcesOf(templates, 'AWS::SNS::Topic'));
    const key = idOf(topic?.Properties['KmsMasterKeyId']);
    const withKey = policies().flatMap(([role, document]) =>
      document.includes('"kms:GenerateDataKey"') && document.includes(key) ? [role] : [],
    );

    expect(withKey.sort()).toEqual(rolesThatMay('sns:Publish').sort());
  });
});

describe('log groups', () => {
  it('are encrypted under a key that lets CloudWatch Logs of this account use it, and end', () => {
    const groups = Object.entries(resourcesOf(templates, 'AWS::Logs::LogGroup'));

    expect(groups.length).toBeGreaterThanOrEqual(5);
    for (const [id, { Properties }] of groups) {
      expect(Properties['KmsKeyId'], id).toBeDefined();
      expect(Properties['RetentionInDays'], id).toBe(30);
    }
    templates.posthorn.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } } }),
        ]),
      },
    });
  });
});

/** Files outside of the stage that a file of it imports: what several stages count alike is counted there. */
function sharedImports(path: string): string[] {
  const imports = [...readFileSync(path, 'utf8').matchAll(/ from '(\.\.\/[^']+\.ts)'/g)];
  return imports.map(([, from]) => join(dirname(path), from!));
}
