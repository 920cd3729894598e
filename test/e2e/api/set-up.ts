import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'vitest';
import type { JsonAnswer } from '../../support/posthorn.ts';
import { startYardstick, type Yardstick } from '../yardsticks/set-up.ts';

export interface View extends Record<string, unknown> {
  id: string;
  organization: string;
}

export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { pointer: string; detail: string }[];
}

export interface Page {
  data: View[];
  next_cursor: string | null;
}

/** The management API as its callers use it. */
export interface Management extends Yardstick {
  /** With the administrator's key unless told. */
  call<T = View & ProblemBody>(method: string, path: string, body?: unknown, key?: string): Promise<JsonAnswer<T>>;
  /** The smallest input of a new subscription. */
  input(organization: string, more?: object): Record<string, unknown>;
  /** A new subscription of a new organization. */
  created(more?: object): Promise<View>;
  /** The rows of an organization as they stand in the table. */
  rowsOf(organization: string): Promise<Record<string, unknown>[]>;
}

/** @param name begins the names of this file's organizations. */
export async function startManagement(name: string): Promise<Management> {
  const world = await startYardstick(name);
  const call: Management['call'] = (method, path, body, key) => world.posthorn.call(method, path, body, key);
  const input: Management['input'] = (organization, more = {}) => ({
    organization,
    url: 'https://hooks.example.com/webhooks',
    ...more,
  });
  return {
    ...world,
    call,
    input,
    created: async (more = {}) => {
      const { status, body } = await call('POST', '/v1/subscriptions', input(world.organization(), more));
      expect(status).toBe(201);
      return body;
    },
    rowsOf: async (organization) => {
      const { Items = [] } = await world.posthorn.dynamoDb.send(
        new QueryCommand({
          TableName: world.posthorn.output('SubscriptionsTableName'),
          KeyConditionExpression: 'organization = :organization',
          ExpressionAttributeValues: { ':organization': organization },
          ConsistentRead: true,
        }),
      );
      return Items;
    },
  };
}
