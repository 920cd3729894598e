import { beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from '../support/stacks.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

let allowed: Record<string, Record<string, string[]>>;
beforeAll(() => {
  const { posthorn } = synthesize();
  allowed = {};
  for (const { Properties } of Object.values(posthorn.findResources('AWS::IAM::Policy'))) {
    const { PolicyDocument, Roles } = Properties as {
      PolicyDocument: { Statement: Statement[] };
      Roles: { Ref: string }[];
    };
    for (const { Action, Resource } of PolicyDocument.Statement) {
      for (const action of [Action].flat().filter((one) => one.startsWith('dynamodb:'))) {
        for (const table of tablesOf(Resource)) {
          const role = Roles[0]!.Ref.replace(/(Function)?Role[0-9A-F]{8}$/, '');
          ((allowed[role] ??= {})[table] ??= []).push(action.slice('dynamodb:'.length));
        }
      }
    }
  }
});

/** Names of the tables that a statement is about, without CDK's endings. */
function tablesOf(resource: unknown): string[] {
  const names = [...JSON.stringify(resource).matchAll(/PosthornData:ExportsOutputFnGetAtt(\w+?)Table[0-9A-F]{8}/g)];
  return [...new Set(names.map((match) => match[1]!))];
}

// A list to be read: whoever adds a call adds it here and in lib/stages/, and nothing else is allowed.
const EXPECTED: Record<string, Record<string, string[]>> = {
  Ingest: {
    ApiKeys: ['GetItem'],
    Idempotency: ['GetItem', 'PutItem', 'UpdateItem'],
    Replays: ['GetItem'],
  },
  FanOut: {
    Subscriptions: ['GetItem', 'Query'],
    EndpointHealth: ['Scan'],
    Events: ['GetItem', 'PutItem', 'Query'],
    Replays: ['GetItem'],
  },
  Sender: {
    Subscriptions: ['BatchGetItem', 'GetItem', 'UpdateItem'],
    SigningSecrets: ['BatchGetItem'],
    EndpointHealth: ['BatchGetItem', 'DeleteItem', 'UpdateItem'],
    Attempts: ['BatchWriteItem', 'Query'],
    HeldDeliveries: ['BatchWriteItem', 'DeleteItem'],
    Replays: ['GetItem', 'UpdateItem'],
    AuditTrail: ['PutItem'],
  },
  Recovery: {
    // Scan, BatchWrite: whoever is purged is looked for everywhere, in SigningSecrets by two attributes.
    Subscriptions: ['BatchWriteItem', 'GetItem', 'Scan', 'UpdateItem'],
    SigningSecrets: ['BatchWriteItem', 'Scan'],
    EndpointHealth: ['BatchWriteItem', 'DeleteItem', 'GetItem', 'Scan', 'UpdateItem'],
    Attempts: ['BatchWriteItem', 'Query', 'Scan'],
    Statistics: ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Scan'],
    HeldDeliveries: ['BatchGetItem', 'BatchWriteItem', 'DeleteItem', 'GetItem', 'Query', 'Scan'],
    ApiKeys: ['BatchWriteItem', 'Scan'],
    Idempotency: ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Scan'],
    Events: ['BatchGetItem', 'BatchWriteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
    Replays: ['BatchWriteItem', 'GetItem', 'PutItem', 'Scan', 'UpdateItem'],
    AuditTrail: ['PutItem'],
  },
  Api: {
    Subscriptions: ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
    SigningSecrets: ['GetItem', 'PutItem', 'UpdateItem'],
    EndpointHealth: ['BatchGetItem', 'DeleteItem', 'Scan', 'UpdateItem'],
    Events: ['BatchGetItem', 'GetItem', 'Query', 'Scan'],
    Attempts: ['BatchWriteItem', 'GetItem', 'Query'],
    Statistics: ['Query'],
    HeldDeliveries: ['BatchGetItem', 'DeleteItem', 'Query'],
    ApiKeys: ['GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
    AuditTrail: ['PutItem', 'Query'],
    Idempotency: ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem'],
    Replays: ['GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'],
  },
  SubscriptionGuard: {
    Subscriptions: ['DescribeStream', 'GetItem', 'GetRecords', 'GetShardIterator', 'ListStreams', 'UpdateItem'],
    SigningSecrets: ['GetItem', 'PutItem', 'UpdateItem'],
    EndpointHealth: ['DeleteItem', 'UpdateItem'],
    HeldDeliveries: ['BatchWriteItem', 'Query'],
    AuditTrail: ['GetItem', 'PutItem'],
    Replays: ['GetItem'],
  },
  Statistics: {
    Attempts: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
    Statistics: ['DeleteItem', 'PutItem', 'Query', 'UpdateItem'],
    Replays: ['GetItem'],
  },
};

describe('permissions on tables', () => {
  it('are what each function calls, and no more', () => {
    const sorted = Object.fromEntries(
      Object.entries(allowed).map(([role, tables]) => [
        role,
        Object.fromEntries(Object.entries(tables).map(([table, actions]) => [table, [...new Set(actions)].sort()])),
      ]),
    );

    expect(sorted).toEqual(EXPECTED);
  });
});
