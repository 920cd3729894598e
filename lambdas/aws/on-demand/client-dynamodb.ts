import type { ConditionalCheckFailedException as Refused, DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type * as Sdk from './sdk/dynamodb.ts';
import { command } from './stand-in.ts';

type DynamoDb = typeof Sdk;

/** Made together with the document client, see lib-dynamodb.ts. */
export class DynamoDBClient {
  readonly settings: DynamoDBClientConfig;

  constructor(settings: DynamoDBClientConfig) {
    this.settings = settings;
  }
}

export const GetItemCommand = command<DynamoDb>('GetItemCommand');
export const UpdateItemCommand = command<DynamoDb>('UpdateItemCommand');

const REFUSED = 'ConditionalCheckFailedException';

/** As the SDK's, which is one of these too: hot calls throw this one, whatever the SDK did throws its own. */
export class ConditionalCheckFailedException extends Error {
  override readonly name = REFUSED;
  readonly $fault = 'client';
  readonly $metadata: Refused['$metadata'];
  readonly Item: Refused['Item'];

  constructor({ message, $metadata, Item }: Pick<Refused, 'message' | '$metadata' | 'Item'>) {
    super(message);
    this.$metadata = $metadata;
    this.Item = Item;
  }

  static override [Symbol.hasInstance](error: unknown): boolean {
    return error instanceof Error && error.name === REFUSED;
  }
}
