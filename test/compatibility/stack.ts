import { DEFAULTS } from '../../lib/settings.ts';
import { flatten, idOf, type TemplateResource } from '../support/resources.ts';

/** A template as CloudFormation reads it. */
export interface PlainTemplate {
  Resources: Record<string, TemplateResource>;
  Outputs?: Record<string, { Value: unknown; Export?: { Name: string } }>;
}

export interface PlainTemplates {
  data: PlainTemplate;
  posthorn: PlainTemplate;
}

/** What of a deployment others rely on: the other stack, functions that still run, operators' commands, environments' files. */
export interface StackFacts {
  /** What `PosthornData` exports. */
  exports: string[];
  /** Which of them `Posthorn` imports. */
  imports: string[];
  /** Logical id → type of what holds data, or is called by its address. */
  kept: Record<string, string>;
  /** Table → its keys and indexes. */
  tables: Record<string, string[]>;
  /** Function → what it may do: `<action> <resource>`. */
  grants: Record<string, string[]>;
  outputs: string[];
  settings: string[];
}

const KEPT = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::SQS::Queue',
  'AWS::SNS::Topic',
  'AWS::Lambda::Function',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventSourceMapping',
  'AWS::ApiGatewayV2::Api',
];

export function factsOf({ data, posthorn }: PlainTemplates): StackFacts {
  const resources = Object.entries({ ...data.Resources, ...posthorn.Resources });
  const of = (type: string) => resources.filter(([, { Type }]) => Type === type);
  return {
    exports: exportsOf(data),
    imports: importsOf(posthorn),
    kept: Object.fromEntries(
      resources.filter(([, { Type }]) => KEPT.includes(Type)).map(([id, { Type }]) => [id, Type]),
    ),
    tables: Object.fromEntries(of('AWS::DynamoDB::Table').map(([id, table]) => [id, keysOf(table)])),
    grants: Object.fromEntries(
      of('AWS::Lambda::Function').map(([id, fn]) => [id, grantsOf(fn, of('AWS::IAM::Policy'))]),
    ),
    outputs: Object.keys(posthorn.Outputs ?? {}).sort(),
    settings: Object.keys(DEFAULTS),
  };
}

export function exportsOf({ Outputs = {} }: PlainTemplate): string[] {
  return Object.values(Outputs)
    .flatMap(({ Export }) => Export?.Name ?? [])
    .sort();
}

export function importsOf(template: PlainTemplate): string[] {
  const found = JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g);
  return [...new Set([...found].map(([, name]) => name!))].sort();
}

function keysOf({ Properties }: TemplateResource): string[] {
  const schema = (keys: unknown) => (keys as { AttributeName: string }[]).map(({ AttributeName }) => AttributeName);
  const indexes = (Properties['GlobalSecondaryIndexes'] ?? []) as { IndexName: string; KeySchema: unknown }[];
  return [
    schema(Properties['KeySchema']).join(' / '),
    ...indexes.map(({ IndexName, KeySchema }) => `${IndexName}: ${schema(KeySchema).join(' / ')}`),
  ];
}

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

function grantsOf({ Properties }: TemplateResource, policies: [string, TemplateResource][]): string[] {
  const role = idOf(Properties['Role']);
  const statements = policies
    .filter(([, policy]) => (policy.Properties['Roles'] as unknown[]).some((one) => idOf(one) === role))
    .flatMap(([, policy]) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
  const grants = statements.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${nameOf(resource)}`)),
  );
  return [...new Set(grants)].sort();
}

/** A resource of a policy as one line: an import by its name. */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const imported = /"Fn::ImportValue":"([^"]+)"/.exec(text)?.[1];
  if (imported === undefined) return flatten(resource);
  return `${imported}${/"(\/index\/[^"]*)"/.exec(text)?.[1] ?? ''}`;
}

/**
 * CloudFormation's rule about exports, which decides in which order two stacks can be deployed: an export that another stack
 * imports can be neither changed nor taken away.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
 */
export class Account {
  private deployed: Partial<PlainTemplates> = {};

  /** @throws as CloudFormation refuses. */
  deploy(stack: keyof PlainTemplates, template: PlainTemplate): this {
    const next = { ...this.deployed, [stack]: template };
    const there = new Set(next.data ? exportsOf(next.data) : []);
    const missing = (next.posthorn ? importsOf(next.posthorn) : []).find((name) => !there.has(name));
    if (missing !== undefined) {
      throw new Error(
        stack === 'data'
          ? `Export ${missing} cannot be deleted as it is in use by Posthorn`
          : `No export named ${missing} found`,
      );
    }
    this.deployed = next;
    return this;
  }

  /** `cdk deploy --all`: the tables' stack first, as the other depends on it. */
  deployAll({ data, posthorn }: PlainTemplates): this {
    return this.deploy('data', data).deploy('posthorn', posthorn);
  }
}
