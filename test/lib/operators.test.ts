import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evaluate } from '../../local/iam/evaluate.ts';
import { readPolicy, type Statement } from '../../local/iam/policy.ts';
import { bindApp, type App } from '../../local/template/app.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../local/template/synth.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { createUnbundledApp } from '../support/stacks.ts';

const PERSON = `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/operators/somebody`;
const HERE = `${LOCAL_REGION}:${LOCAL_ACCOUNT}`;
/** IAM refuses longer managed policies; blanks do not count. */
const LONGEST = 6144;

let app: App;
let document: unknown;
let statements: Statement[];
beforeAll(() => {
  app = bindApp(
    readAssembly(createUnbundledApp().synth().directory),
    {
      account: LOCAL_ACCOUNT,
      region: LOCAL_REGION,
      sqsEndpoint: () => 'http://127.0.0.1',
      apiEndpoint: () => 'http://127.0.0.1',
      streamArn: (name) => `arn:aws:dynamodb:${HERE}:table/${name}/stream/now`,
    },
    UNDERSTOOD_TYPES,
  );
  const { OperatorsPolicyArn } = app.outputs()['Posthorn']!;
  const policy = app.ofType('AWS::IAM::ManagedPolicy').find(({ identity }) => identity.arn === OperatorsPolicyArn);
  if (!policy) throw new Error('OperatorsPolicyArn names no policy of the stack');
  document = policy.properties(z.looseObject({ PolicyDocument: z.unknown() })).PolicyDocument;
  statements = readPolicy(document);
});

type Kind = keyof typeof resources;
/** All that a command may name of each kind: what operators may do with one, they may with each. */
const resources = {
  anything: () => ['*'],
  stack: () => [`arn:aws:cloudformation:${HERE}:stack/Posthorn/local`],
  fn: () => arnsOf('AWS::Lambda::Function'),
  alias: () => arnsOf('AWS::Lambda::Function').map((arn) => `${arn}:live`),
  mapping: () => [`arn:aws:lambda:${HERE}:event-source-mapping:0f3b`],
  log: () => arnsOf('AWS::Logs::LogGroup').filter((arn) => !arn.includes('vendedlogs')),
  access: () => arnsOf('AWS::Logs::LogGroup').filter((arn) => arn.includes('vendedlogs')),
  rule: () => arnsOf('AWS::Events::Rule'),
  queue: () => queues(),
  source: () => queues().filter((arn) => !arn.includes('DeadLetters')),
  dead: () => queues().filter((arn) => arn.includes('DeadLetters')),
  keys: () => arnsOf('AWS::DynamoDB::Table').filter((arn) => arn.includes('ApiKeys')),
  index: () => resources.keys().map((arn) => `${arn}/index/by-id`),
  table: () => arnsOf('AWS::DynamoDB::Table'),
  subscriptions: () => resources.table().filter((arn) => arn.includes('Subscriptions')),
  restored: () => [`arn:aws:dynamodb:${HERE}:table/restored-subscriptions`],
};
const arnsOf = (type: string): string[] => app.ofType(type).map(({ identity }) => identity.arn);
/** Not those of the streams: their notices are looked at in the console of whoever may. */
const queues = (): string[] =>
  arnsOf('AWS::SQS::Queue').filter((arn) => !/Changes|LoggedAttempts|Statistics|Feed/.test(arn));

type Needs = Record<string, Kind[]>;
const REDRIVE: Needs = {
  'sqs:StartMessageMoveTask': ['dead'],
  'sqs:ReceiveMessage': ['dead'],
  'sqs:DeleteMessage': ['dead'],
  'sqs:GetQueueAttributes': ['queue'],
  'sqs:SendMessage': ['source'],
};

/** What AWS asks of the caller of each command in the runbook. */
const COMMANDS: Record<string, Needs> = {
  'aws cloudformation describe-stacks': { 'cloudformation:DescribeStacks': ['stack'] },
  'aws cloudformation list-stack-resources': { 'cloudformation:ListStackResources': ['stack'] },
  'aws dynamodb restore-table-to-point-in-time': {
    'dynamodb:RestoreTableToPointInTime': ['subscriptions', 'restored'],
    ...Object.fromEntries(
      ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'].map((name) => [
        `dynamodb:${name}`,
        ['restored'],
      ]),
    ),
  },
  'aws dynamodb update-table': { 'dynamodb:UpdateTable': ['restored'] },
  'aws dynamodb update-continuous-backups': { 'dynamodb:UpdateContinuousBackups': ['restored'] },
  'aws dynamodb update-time-to-live': { 'dynamodb:UpdateTimeToLive': ['restored'] },
  'aws dynamodb describe-table': { 'dynamodb:DescribeTable': ['restored'] },
  'aws dynamodb scan': { 'dynamodb:Scan': ['restored'] },
  'aws dynamodb put-item': { 'dynamodb:PutItem': ['subscriptions'] },
  'aws dynamodb wait': { 'dynamodb:DescribeTable': ['restored'] },
  'aws events describe-rule': { 'events:DescribeRule': ['rule'] },
  'aws events enable-rule': { 'events:EnableRule': ['rule'] },
  'aws events list-rule-names-by-target': { 'events:ListRuleNamesByTarget': ['rule'] },
  'aws events put-targets': { 'events:PutTargets': ['rule'] },
  'aws lambda add-permission': { 'lambda:AddPermission': ['fn'] },
  'aws lambda get-account-settings': { 'lambda:GetAccountSettings': ['anything'] },
  'aws lambda get-alias': { 'lambda:GetAlias': ['fn', 'alias'] },
  'aws lambda get-function': { 'lambda:GetFunction': ['fn', 'alias'] },
  'aws lambda get-function-configuration': { 'lambda:GetFunctionConfiguration': ['fn'] },
  'aws lambda get-policy': { 'lambda:GetPolicy': ['fn', 'alias'] },
  'aws lambda invoke': { 'lambda:InvokeFunction': ['fn', 'alias'] },
  'aws lambda list-event-source-mappings': { 'lambda:ListEventSourceMappings': ['anything'] },
  'aws lambda list-versions-by-function': { 'lambda:ListVersionsByFunction': ['fn'] },
  'aws lambda put-function-concurrency': { 'lambda:PutFunctionConcurrency': ['fn'] },
  'aws lambda update-alias': { 'lambda:UpdateAlias': ['fn', 'alias'] },
  'aws lambda update-event-source-mapping': { 'lambda:UpdateEventSourceMapping': ['mapping'] },
  'aws logs filter-log-events': { 'logs:FilterLogEvents': ['log'] },
  'aws logs get-query-results': { 'logs:GetQueryResults': ['anything'] },
  'aws logs start-query': { 'logs:StartQuery': ['access'] },
  'aws logs tail': { 'logs:FilterLogEvents': ['log'] },
  'aws sqs get-queue-attributes': { 'sqs:GetQueueAttributes': ['queue'] },
  'aws sqs list-message-move-tasks': { 'sqs:ListMessageMoveTasks': ['dead'] },
  'aws sqs start-message-move-task': REDRIVE,
  'npm run dlq': { ...REDRIVE, 'sqs:ChangeMessageVisibility': ['dead'], 'sqs:ListMessageMoveTasks': ['dead'] },
  'npm run keys': {
    ...Object.fromEntries(['GetItem', 'Scan', 'PutItem', 'UpdateItem'].map((name) => [`dynamodb:${name}`, ['keys']])),
    'dynamodb:Query': ['index'],
  },
};

/** Commands of the runbook that are not the operators'. */
const OTHERS: Record<string, string> = {
  'aws logs delete-resource-policy': 'once for an account, by whoever administers it',
  'aws logs put-resource-policy': 'once for an account, by whoever administers it',
  'npm run preflight': 'before the first deployment, by whoever deploys',
  'npm run purge': 'calls the API with a key of its own',
  'npm run proof': 'works on engines of its own',
  'npm run where': 'works on a file',
  'npm run replay': 'calls the API with a key of its own',
};

/** Every `aws …` and `npm run …` of a document; `cdk` has the roles of its own bootstrap. */
function commandsOf(text: string): string[] {
  const found = text.matchAll(/\baws\s+([a-z][a-z0-9]+)\s+([a-z]+(?:-[a-z]+)*)\b|\bnpm run ([a-z]+)\b/g);
  return [
    ...new Set(
      [...found].map(([, service, command, script]) => (script ? `npm run ${script}` : `aws ${service} ${command}`)),
    ),
  ];
}
const commands = commandsOf(readFileSync('docs/runbook.md', 'utf8')).filter((name) => !Object.hasOwn(OTHERS, name));

/** What a person may do whose role has the policy. */
function may(action: string, resource: string): boolean {
  const context = { 'lambda:functionarn': [`${arnsOf('AWS::Lambda::Function')[0]!}:live`] };
  return evaluate({ caller: PERSON, callerAliases: [], action, resource, context }, statements).allowed;
}

describe('operators', () => {
  it.each(commands)('may do what "%s" asks for', (name) => {
    const needs = COMMANDS[name];
    if (!needs) throw new Error(`Say in COMMANDS what AWS asks of the caller of "${name}", or in OTHERS whose it is.`);
    const asked = Object.entries(needs).flatMap(([action, kinds]) =>
      kinds.flatMap((kind) => resources[kind]().map((resource) => [action, resource] as const)),
    );

    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(([action, resource]) => !may(action, resource))).toEqual([]);
  });

  it('may do nothing else', () => {
    const needed = new Set(commands.flatMap((name) => Object.keys(COMMANDS[name] ?? {})));
    const allowed = statements.flatMap(({ actions }) => actions ?? []);

    expect(allowed.filter((action) => !needed.has(action))).toEqual([]);
    expect(statements.map(({ effect }) => effect)).toEqual(statements.map(() => 'Allow'));
  });

  it.each([
    ['lambda:InvokeFunction', `arn:aws:lambda:${HERE}:function:payroll`],
    ['lambda:UpdateAlias', `arn:aws:lambda:${HERE}:function:payroll:live`],
    ['sqs:ReceiveMessage', `arn:aws:sqs:${HERE}:payroll`],
    ['dynamodb:Scan', `arn:aws:dynamodb:${HERE}:table/payroll`],
    ['logs:FilterLogEvents', `arn:aws:logs:${HERE}:log-group:payroll:*`],
    ['logs:StartQuery', `arn:aws:logs:${HERE}:log-group:payroll:*`],
    ['events:PutTargets', `arn:aws:events:${HERE}:rule/payroll`],
    ['cloudformation:DescribeStacks', `arn:aws:cloudformation:${HERE}:stack/payroll/0f3b`],
  ])('may not %s of somebody else', (action, resource) => {
    expect(may(action, resource)).toBe(false);
  });

  it('may read neither events nor the delivery log nor secrets, and receive no message that is still to be sent', () => {
    for (const table of resources.table().filter((arn) => !arn.includes('ApiKeys'))) {
      for (const action of ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'UpdateItem', 'DeleteItem'])
        expect(may(`dynamodb:${action}`, table), `${action} ${table}`).toBe(false);
    }
    for (const queue of resources.source()) expect(may('sqs:ReceiveMessage', queue), queue).toBe(false);
  });

  it('may not enable what feeds another function', () => {
    const context = { 'lambda:functionarn': [`arn:aws:lambda:${HERE}:function:payroll:live`] };
    const action = 'lambda:UpdateEventSourceMapping';
    const [resource = ''] = resources.mapping();

    expect(evaluate({ caller: PERSON, callerAliases: [], action, resource, context }, statements).allowed).toBe(false);
  });

  it('have a policy that is short enough for IAM, with room for longer names', () => {
    expect(JSON.stringify(document).length).toBeLessThan(LONGEST * 0.95);
  });
});
