import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bindApp } from '../../template/app.ts';
import type { App } from '../../template/app.ts';
import type { Stack, Template } from '../../template/assembly.ts';
import { physicalName } from '../../template/identity.ts';

const QUEUE = { Type: 'AWS::SQS::Queue' };
const UNDERSTOOD = new Set([
  'AWS::SQS::Queue',
  'AWS::DynamoDB::Table',
  'AWS::ApiGatewayV2::Api',
  'AWS::SNS::Topic',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::Lambda::Alias',
]);

const stack = (name: string, template: Template): Stack => ({ name, template, assets: new Map() });

function bind(...stacks: Stack[]): App {
  const around = {
    account: '000000000000',
    region: 'us-east-1',
    sqsEndpoint: () => 'http://127.0.0.1:1',
    apiEndpoint: () => 'http://127.0.0.1:2',
    streamArn: (table: string) => `stream of ${table}`,
  };
  return bindApp({ stacks, account: '000000000000', region: 'us-east-1' }, around, UNDERSTOOD);
}

/** Resolves one expression as an output of a stack with a few resources. */
function resolve(Value: unknown, template: Template = {}): string | undefined {
  const Resources = {
    Queue: QUEUE,
    Table: { Type: 'AWS::DynamoDB::Table' },
    Api: { Type: 'AWS::ApiGatewayV2::Api' },
    Topic: { Type: 'AWS::SNS::Topic' },
    Function: { Type: 'AWS::Lambda::Function' },
    Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Function' } } },
    Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Function' }, Name: 'live' } },
  };
  return bind(stack('S', { Resources, ...template, Outputs: { Out: { Value } } })).outputs()['S']?.['Out'];
}

describe('expressions', () => {
  it.each<[string, unknown, string]>([
    ['Ref to a queue', { Ref: 'Queue' }, 'http://127.0.0.1:1/000000000000/S-Queue'],
    ['Ref to a table', { Ref: 'Table' }, 'S-Table'],
    ['Ref to a topic', { Ref: 'Topic' }, 'arn:aws:sns:us-east-1:000000000000:S-Topic'],
    ['Ref to an alias', { Ref: 'Alias' }, 'arn:aws:lambda:us-east-1:000000000000:function:S-Function:live'],
    ['Ref to a version', { Ref: 'Version' }, 'arn:aws:lambda:us-east-1:000000000000:function:S-Function:1'],
    ['GetAtt of a version', { 'Fn::GetAtt': ['Version', 'Version'] }, '1'],
    ['GetAtt of an ARN', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:S-Queue'],
    ['GetAtt as one string', { 'Fn::GetAtt': 'Queue.QueueName' }, 'S-Queue'],
    ['GetAtt of a stream', { 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'stream of S-Table'],
    ['GetAtt of the API endpoint', { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, 'http://127.0.0.1:2'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-us-east-1-1'],
    ['Join of a split', { 'Fn::Join': ['/', { 'Fn::Split': [':', 'a:b'] }] }, 'a/b'],
    [
      'Sub',
      { 'Fn::Sub': '${AWS::Partition} ${Table} ${Queue.Arn} ${!literal}' },
      'aws S-Table arn:aws:sqs:us-east-1:000000000000:S-Queue ${literal}',
    ],
    ['Sub with variables', { 'Fn::Sub': ['${a}-${AWS::AccountId}', { a: { Ref: 'Table' } }] }, 'S-Table-000000000000'],
    ['Select', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'x/y/z'] }] }, 'y'],
    ['the URL suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['a parameter', { Ref: 'P' }, 'default'],
    ['FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'x'] }, 'mapped'],
    ['If that holds', { 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
    ['If that does not hold', { 'Fn::If': ['No', 'then', 'else'] }, 'else'],
  ])('resolve %s', (_, expression, expected) => {
    const template: Template = {
      Parameters: { P: { Type: 'String', Default: 'default' } },
      Mappings: { M: { 'us-east-1': { x: 'mapped' } } },
      Conditions: {
        Yes: { 'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] }, { Condition: 'Always' }] },
        No: { 'Fn::And': [{ Condition: 'Always' }, { 'Fn::Not': [{ Condition: 'Always' }] }] },
        Always: { 'Fn::Equals': ['a', 'a'] },
      },
    };
    expect(resolve(expression, template)).toBe(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown intrinsic', { 'Fn::Cidr': [] }, /uses Fn::Cidr, which the local run does not know/],
    ['a resource that is not there', { Ref: 'Nobody' }, /refers to Nobody/],
    ['an unknown attribute', { 'Fn::GetAtt': ['Queue', 'Colour'] }, /does not know the attribute Colour of Queue/],
    ['an export that nobody makes', { 'Fn::ImportValue': 'x' }, /No stack exports "x"/],
    ['an unknown pseudo parameter', { Ref: 'AWS::Moon' }, /AWS::Moon has no value/],
  ])('stop at %s', (_, expression, message) => {
    expect(() => resolve(expression)).toThrow(message);
  });

  it('stop at a parameter whose value would be looked up', () => {
    const Parameters = { Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk/version' } };
    expect(() => resolve({ Ref: 'Version' }, { Parameters })).toThrow(/Version has no value on one machine/);
  });

  it('drop members without a value', () => {
    const app = bind(
      stack('S', {
        Resources: { Queue: { ...QUEUE, Properties: { A: { Ref: 'AWS::NoValue' }, B: [{ Ref: 'AWS::NoValue' }, 1] } } },
      }),
    );

    expect(app.find('Queue').properties(z.unknown())).toEqual({ B: [1] });
  });

  it('reach over stacks through exports', () => {
    const data = stack('Data', {
      Resources: { Queue: QUEUE },
      Outputs: { E: { Value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Export: { Name: 'Data:Queue' } } },
    });
    const user = stack('User', { Outputs: { Out: { Value: { 'Fn::ImportValue': 'Data:Queue' } } } });

    expect(bind(data, user).outputs()['User']).toEqual({ Out: 'arn:aws:sqs:us-east-1:000000000000:Data-Queue' });
  });
});

describe('resources', () => {
  it('that nobody understands stop the start', () => {
    expect(() => bind(stack('S', { Resources: { Db: { Type: 'AWS::RDS::DBInstance' } } }))).toThrow(
      /S\/Db is an AWS::RDS::DBInstance, which the local run does not understand/,
    );
  });

  it('without local meaning are left out', () => {
    expect(
      bind(stack('S', { Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm' } } })).ofType('AWS::SQS::Queue'),
    ).toEqual([]);
  });

  it('whose condition does not hold are left out', () => {
    const app = bind(
      stack('S', {
        Conditions: { No: { 'Fn::Equals': ['a', 'b'] } },
        Resources: { Queue: { ...QUEUE, Condition: 'No' } },
      }),
    );

    expect(app.ofType('AWS::SQS::Queue')).toEqual([]);
  });

  it('say which property is not understood', () => {
    const app = bind(stack('S', { Resources: { Queue: { ...QUEUE, Properties: { New: 1 } } } }));

    expect(() => app.find('Queue').properties(z.strictObject({}))).toThrow(
      /S\/Queue \(AWS::SQS::Queue\) has properties .* "New"/,
    );
  });

  it('are found by logical id, name and the end of their path', () => {
    const Metadata = { 'aws:cdk:path': 'S/Work/Queue/Resource' };
    const app = bind(stack('S', { Resources: { Q1: { ...QUEUE, Metadata, Properties: { QueueName: 'work' } } } }));

    expect(['Q1', 'work', 'Work/Queue'].map((name) => app.find(name).identity.name)).toEqual(['work', 'work', 'work']);
    expect(() => app.find('other')).toThrow('Expected one resource called "other", found nothing.');
  });
});

it('physical names stay, and stay within 64 characters', () => {
  const long = physicalName('Stack', 'x'.repeat(80));

  expect(physicalName('Stack', 'Queue')).toBe('Stack-Queue');
  expect(long).toHaveLength(64);
  expect(physicalName('Stack', `${'x'.repeat(80)}y`)).not.toBe(long);
});
