import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { evaluate } from '../../local/iam/evaluate.ts';
import { readPolicy, type Statement } from '../../local/iam/policy.ts';
import { bindApp } from '../../local/template/app.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../../local/template/synth.ts';
import { UNDERSTOOD_TYPES } from '../../local/understood-types.ts';
import { resourcesOf } from '../support/resources.ts';
import { createUnbundledApp, synthesize } from '../support/stacks.ts';

const PERSON = `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/support/somebody`;
let statements: Statement[];
let outputs: Record<string, string>;
beforeAll(() => {
  const app = bindApp(
    readAssembly(createUnbundledApp().synth().directory),
    {
      account: LOCAL_ACCOUNT,
      region: LOCAL_REGION,
      sqsEndpoint: () => 'http://127.0.0.1',
      apiEndpoint: () => 'http://127.0.0.1',
      streamArn: (name) => `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${name}/stream/now`,
    },
    UNDERSTOOD_TYPES,
  );
  const policies = app.ofType('AWS::IAM::ManagedPolicy');
  outputs = app.outputs()['Posthorn'] ?? {};
  const policy = policies.find(({ identity }) => identity.arn === outputs['SupportStaffPolicyArn']);
  if (!policy) throw new Error('SupportStaffPolicyArn names no policy of the stack');
  statements = readPolicy(policy.properties(z.looseObject({ PolicyDocument: z.unknown() })).PolicyDocument);
});

const table = (name: string): string =>
  `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${outputs[`${name}TableName`]}`;

/** What a person may do whose role has the policy, and perhaps more. */
function may(action: string, resource: string, more: Statement[] = []): boolean {
  const request = { caller: PERSON, callerAliases: [], action: `dynamodb:${action}`, resource, context: {} };
  return evaluate(request, [...statements, ...more]).allowed;
}

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'DescribeTable'];
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

describe('support staff', () => {
  it.each([...READS, ...WRITES])('may %s subscriptions', (action) => {
    expect(may(action, table('Subscriptions'))).toBe(true);
  });

  it.each(READS)('may %s the delivery log, and its failures', (action) => {
    expect(may(action, table('Attempts'))).toBe(true);
    expect(may(action, `${table('Attempts')}/index/failures`)).toBe(true);
  });

  it.each(WRITES)('may not %s the delivery log', (action) => {
    expect(may(action, table('Attempts'))).toBe(false);
  });

  it('may list tables, with which the console begins', () => {
    expect(may('ListTables', '*')).toBe(true);
  });

  it('have nothing on everything but that list', () => {
    const wide = statements.filter(({ effect, resources }) => effect === 'Allow' && resources?.includes('*'));

    expect(wide.map(({ actions }) => actions)).toEqual([['dynamodb:ListTables']]);
    expect(statements.some(({ effect, actions }) => effect === 'Allow' && actions?.some((a) => a.includes('*')))).toBe(
      false,
    );
  });

  it('may not read events, whose payload is patient data', () => {
    for (const action of [...READS, ...WRITES]) expect(may(action, table('Events')), action).toBe(false);
  });

  it.each(['SigningSecrets', 'ApiKeys'])('may not touch %s, even when another policy allows everything', (name) => {
    const everything = readPolicy({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });

    for (const action of [
      ...READS,
      ...WRITES,
      'PartiQLSelect',
      'ExportTableToPointInTime',
      'RestoreTableToPointInTime',
    ]) {
      expect(may(action, table(name)), action).toBe(false);
      expect(may(action, table(name), everything), action).toBe(false);
    }
    expect(may('Query', `${table(name)}/index/by-id`, everything)).toBe(false);
    expect(may('GetRecords', `${table(name)}/stream/2026-01-01T00:00:00.000`, everything)).toBe(false);
  });

  it('may use the key of the tables where that is one of ours, through DynamoDB alone', () => {
    const templates = synthesize({ POSTHORN_ENCRYPTION: 'own' });

    const keys = statementsOf(templates).filter(({ Action }) => [Action].flat().some((one) => one.startsWith('kms:')));

    expect(keys).toHaveLength(1);
    const [{ Action, Resource, Condition }] = keys as [PolicyPart];
    // https://github.com/aws/aws-cdk/issues/10010: writing an item takes kms:Decrypt as well.
    expect(Action).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey']));
    expect(JSON.stringify(Resource)).toContain('TablesKey');
    expect(JSON.stringify(Resource)).not.toContain('SigningSecretsKey');
    expect(JSON.stringify(Condition)).toMatch(/"kms:ViaService":.*"dynamodb\."/);
    expect(JSON.stringify(statementsOf(synthesize()))).not.toContain('kms:');
  });
});

interface PolicyPart {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

/** As the template writes them. */
function statementsOf(templates: ReturnType<typeof synthesize>): PolicyPart[] {
  const policies = Object.entries(resourcesOf(templates, 'AWS::IAM::ManagedPolicy'));
  const [, policy] = policies.find(([id]) => id.startsWith('SupportStaff'))!;
  return (policy.Properties['PolicyDocument'] as { Statement: PolicyPart[] }).Statement;
}
