import { describe, expect, it } from 'vitest';
import { Access } from '../../iam/access.ts';
import { awsManagedPolicy } from '../../iam/aws-managed-policies.ts';
import { evaluate } from '../../iam/evaluate.ts';
import type { AccessRequest } from '../../iam/evaluate.ts';
import { readPolicy } from '../../iam/policy.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:work';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/things';
const INDEX = `${TABLE}/index/by-kind`;
const ROLE = 'arn:aws:iam::000000000000:role/worker';
const CALLER = 'arn:aws:sts::000000000000:assumed-role/worker/fn';

type Raw = Record<string, unknown>;
const allow = (Action: unknown, Resource: unknown, more: Raw = {}): Raw => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown, more: Raw = {}): Raw => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});
const forAll = (key: string, ...values: string[]): Raw => ({
  Condition: { 'ForAllValues:StringEquals': { [key]: values } },
});
const insecure = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
const everybody = { Principal: { AWS: '*' } };

const policyOf = (statements: Raw[]): ReturnType<typeof readPolicy> =>
  readPolicy({ Version: '2012-10-17', Statement: statements });

function decide(request: Partial<AccessRequest>, identity: Raw[], resource: Raw[] = []): string {
  const full = {
    caller: CALLER,
    callerAliases: [ROLE],
    action: 'sqs:SendMessage',
    resource: QUEUE,
    context: { 'aws:securetransport': ['true'] },
    ...request,
  };
  const decision = evaluate(full, policyOf(identity), policyOf(resource));
  return decision.allowed ? 'yes' : decision.message;
}

const put = { action: 'dynamodb:PutItem', resource: TABLE };
const query = { action: 'dynamodb:Query', resource: INDEX };
const keys = (...values: string[]): Partial<AccessRequest> => ({ ...put, context: { 'dynamodb:leadingkeys': values } });

// Name, request, policies of the role, policy of the resource; then what is expected.
type Case = [name: string, request: Partial<AccessRequest>, identity: Raw[], resource?: Raw[]];

const ALLOWED: Case[] = [
  ['the exact action and resource', {}, [allow('sqs:SendMessage', QUEUE)]],
  ['one of several actions', {}, [allow(['sqs:GetQueueUrl', 'sqs:SendMessage'], QUEUE)]],
  ['one of several resources', {}, [allow('sqs:SendMessage', ['arn:aws:sqs:us-east-1:000000000000:other', QUEUE])]],
  ['a star action', {}, [allow('*', QUEUE)]],
  ['all actions of a service', {}, [allow('sqs:*', QUEUE)]],
  ['actions that begin alike', {}, [allow('sqs:Send*', QUEUE)]],
  ['an action with a question mark', {}, [allow('sqs:SendMessag?', QUEUE)]],
  ['an action in another case', {}, [allow('SQS:sendmessage', QUEUE)]],
  ['every resource', {}, [allow('sqs:SendMessage', '*')]],
  ['resources that begin alike', {}, [allow('sqs:SendMessage', 'arn:aws:sqs:*:*:wo*')]],
  ['the second of two statements', {}, [allow('sqs:ReceiveMessage', QUEUE), allow('sqs:SendMessage', QUEUE)]],
  ['an index by a glob on the table', query, [allow('dynamodb:Query', `${TABLE}/index/*`)]],
  ['everything but other actions', {}, [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]],
  [
    'an action without a resource by a star',
    { action: 'sqs:ListQueues', resource: '*' },
    [allow('sqs:ListQueues', '*')],
  ],
  [
    'a leading key of the list',
    keys('a'),
    [allow('dynamodb:PutItem', TABLE, forAll('dynamodb:LeadingKeys', 'a', 'b'))],
  ],
  [
    'leading keys that are all in the list',
    keys('a', 'b'),
    [allow('dynamodb:PutItem', TABLE, forAll('dynamodb:LeadingKeys', 'a', 'b'))],
  ],
  [
    'attributes that are all in the list',
    { ...put, context: { 'dynamodb:attributes': ['x'] } },
    [allow('dynamodb:PutItem', TABLE, forAll('dynamodb:Attributes', 'x', 'y'))],
  ],
  [
    'a condition that holds',
    {},
    [allow('sqs:SendMessage', QUEUE, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
  ],
  [
    'a queue whose policy denies insecure transport only',
    {},
    [allow('sqs:SendMessage', QUEUE)],
    [deny('sqs:*', QUEUE, { ...everybody, ...insecure })],
  ],
  ['what the queue itself allows the role', {}, [], [allow('sqs:SendMessage', QUEUE, { Principal: { AWS: ROLE } })]],
  ['what the queue itself allows everybody', {}, [], [allow('sqs:SendMessage', QUEUE, { Principal: '*' })]],
  [
    'a deny for somebody else',
    {},
    [allow('sqs:SendMessage', QUEUE)],
    [deny('sqs:*', QUEUE, { Principal: { AWS: 'arn:aws:iam::000000000000:role/other' } })],
  ],
  ['a deny for another resource', {}, [allow('sqs:*', '*'), deny('sqs:*', `${QUEUE}-dlq`)]],
  ['a deny whose condition does not hold', {}, [allow('sqs:*', '*'), deny('sqs:*', '*', insecure)]],
  [
    'an unknown condition beside a plain allow',
    {},
    [allow('sqs:*', '*', { Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } }), allow('sqs:*', QUEUE)],
  ],
];

const NO_ALLOW = 'because no identity-based policy allows the';
const REFUSED: [...Case, why: string][] = [
  ['nothing at all', {}, [], [], NO_ALLOW],
  ['another action', {}, [allow('sqs:ReceiveMessage', QUEUE)], [], NO_ALLOW],
  ['another resource', {}, [allow('sqs:SendMessage', `${QUEUE}-2`)], [], NO_ALLOW],
  ['a prefix of the resource', {}, [allow('sqs:SendMessage', QUEUE.slice(0, -1))], [], NO_ALLOW],
  ['a resource in another case', {}, [allow('sqs:SendMessage', QUEUE.replace('work', 'WORK'))], [], NO_ALLOW],
  ['a question mark for two letters', {}, [allow('sqs:SendMessag?', `${QUEUE}?`)], [], NO_ALLOW],
  ['a dot that is no wildcard', {}, [allow('sqs.SendMessage', QUEUE)], [], NO_ALLOW],
  ['the table for its index', query, [allow('dynamodb:Query', TABLE)], [], NO_ALLOW],
  [
    'one queue for an action on all',
    { action: 'sqs:ListQueues', resource: '*' },
    [allow('sqs:*', QUEUE)],
    [],
    NO_ALLOW,
  ],
  ['an excepted action', {}, [{ Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' }], [], NO_ALLOW],
  [
    'an explicit deny',
    {},
    [allow('*', '*'), deny('sqs:SendMessage', '*')],
    [],
    'with an explicit deny in an identity-based policy',
  ],
  [
    'a deny that stands first',
    {},
    [deny('sqs:SendMessage', '*'), allow('*', '*')],
    [],
    'with an explicit deny in an identity-based policy',
  ],
  [
    'a deny of all other actions',
    {},
    [allow('*', '*'), { Effect: 'Deny', NotAction: 'dynamodb:*', Resource: '*' }],
    [],
    'with an explicit deny in an identity-based policy',
  ],
  [
    'a deny on the queue',
    {},
    [allow('*', '*')],
    [deny('sqs:*', QUEUE, everybody)],
    'with an explicit deny in a resource-based policy',
  ],
  [
    'a queue that allows somebody else',
    {},
    [],
    [allow('sqs:*', QUEUE, { Principal: { Service: 'sns.amazonaws.com' } })],
    NO_ALLOW,
  ],
  [
    'a leading key outside the list',
    keys('c'),
    [allow('dynamodb:PutItem', TABLE, forAll('dynamodb:LeadingKeys', 'a'))],
    [],
    NO_ALLOW,
  ],
  [
    'one leading key outside the list',
    keys('a', 'c'),
    [allow('dynamodb:PutItem', TABLE, forAll('dynamodb:LeadingKeys', 'a'))],
    [],
    NO_ALLOW,
  ],
  [
    'leading keys that cannot be told',
    { ...put, context: { 'dynamodb:leadingkeys': undefined } },
    [allow('dynamodb:PutItem', TABLE, forAll('dynamodb:LeadingKeys', 'a'))],
    [],
    'does not understand the value of dynamodb:LeadingKeys',
  ],
  ['a condition that does not hold', {}, [allow('sqs:*', QUEUE, insecure)], [], NO_ALLOW],
  [
    'an unknown operator',
    {},
    [allow('sqs:*', QUEUE, { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })],
    [],
    'does not understand the condition operator IpAddress',
  ],
  [
    'an unknown key',
    {},
    [allow('sqs:*', QUEUE, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'x' } } })],
    [],
    'does not understand the condition key aws:PrincipalTag/team',
  ],
  [
    'a deny with an unknown operator',
    {},
    [allow('*', '*'), deny('*', '*', { Condition: { Null: { 'aws:TokenIssueTime': 'true' } } })],
    [],
    'does not understand the condition operator Null',
  ],
  [
    'an unknown element',
    {},
    [{ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:sqs:::x' }],
    [],
    'does not understand NotResource',
  ],
  [
    'a policy variable',
    {},
    [allow('sqs:*', 'arn:aws:sqs:*:*:${aws:username}')],
    [],
    'does not understand policy variables',
  ],
  [
    'a queue policy for all but some',
    {},
    [allow('*', '*')],
    [deny('sqs:*', QUEUE, { NotPrincipal: { AWS: ROLE } })],
    'does not understand NotPrincipal',
  ],
];

describe('policies', () => {
  it.each(ALLOWED)('allow %s', (_, request, identity, resource) => {
    expect(decide(request, identity, resource)).toBe('yes');
  });

  it.each(REFUSED)('refuse %s', (_, request, identity, resource, why) => {
    expect(decide(request, identity, resource)).toContain(why);
  });

  it('are refused in the words of AWS', () => {
    expect(decide({}, [])).toBe(
      `User: ${CALLER} is not authorized to perform: sqs:SendMessage on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
    );
  });

  it('stop the start when AWS manages one that is not known', () => {
    expect(() => awsManagedPolicy('arn:aws:iam::aws:policy/AdministratorAccess')).toThrow(
      /AdministratorAccess.*Write the grants out/,
    );
  });
});

describe('access', () => {
  const role = {
    name: 'worker',
    arn: ROLE,
    statements: policyOf([allow('dynamodb:*', TABLE, forAll('dynamodb:LeadingKeys', 'a')), allow('sqs:*', QUEUE)]),
  };
  const operator = { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'of the operator', sessionToken: undefined };
  const access = new Access({
    account: '000000000000',
    operator,
    queuePolicies: new Map(),
    partitionKeyOf: () => 'owner',
  });
  const { accessKeyId } = access.credentialsFor('fn', role);
  const can = (
    action: string,
    resources: string[],
    input: unknown = {},
    key: string | undefined = accessKeyId,
  ): boolean => access.authorize({ accessKeyId: key, action, resources, input }).allowed;

  it('lets the operator do everything', () => {
    expect(can('dynamodb:DeleteTable', [TABLE], {}, operator.accessKeyId)).toBe(true);
  });

  it('refuses a key that nobody has', () => {
    const decision = access.authorize({
      accessKeyId: 'AKIAUNKNOWN',
      action: 'sqs:SendMessage',
      resources: [QUEUE],
      input: {},
    });

    expect(decision).toEqual({ allowed: false, message: 'The security token included in the request is invalid.' });
  });

  it('asks for every resource of a call', () => {
    expect(can('sqs:SendMessage', [QUEUE])).toBe(true);
    expect(can('sqs:SendMessage', [QUEUE, `${QUEUE}-other`])).toBe(false);
  });

  it.each<[string, boolean, string, object]>([
    ['an item', true, 'dynamodb:PutItem', { TableName: 'things', Item: { owner: { S: 'a' } } }],
    ['a key', false, 'dynamodb:GetItem', { TableName: 'things', Key: { owner: { S: 'b' } } }],
    [
      'a query',
      true,
      'dynamodb:Query',
      {
        TableName: 'things',
        KeyConditionExpression: '#o = :o',
        ExpressionAttributeNames: { '#o': 'owner' },
        ExpressionAttributeValues: { ':o': { S: 'a' } },
      },
    ],
    [
      'a batch of writes',
      false,
      'dynamodb:BatchWriteItem',
      {
        RequestItems: {
          things: [{ PutRequest: { Item: { owner: { S: 'a' } } } }, { DeleteRequest: { Key: { owner: { S: 'b' } } } }],
        },
      },
    ],
    [
      'a batch of reads',
      true,
      'dynamodb:BatchGetItem',
      { RequestItems: { things: { Keys: [{ owner: { S: 'a' } }] } } },
    ],
    ['a scan', false, 'dynamodb:Scan', { TableName: 'things' }],
  ])('reads the leading keys of %s', (_, allowed, action, input) => {
    expect(can(action, [TABLE], input)).toBe(allowed);
  });
});
