import type { TranslateConfig } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBClient } from './client-dynamodb.ts';
import type * as Sdk from './sdk/dynamodb.ts';
import { command, OnDemand } from './stand-in.ts';

type DynamoDb = typeof Sdk;

/** For plain objects. */
export class DynamoDBDocumentClient extends OnDemand<DynamoDb> {
  static from({ settings }: DynamoDBClient, options: TranslateConfig): DynamoDBDocumentClient {
    return new this(
      () => import('./sdk/dynamodb.ts'),
      (sdk) => sdk.DynamoDBDocumentClient.from(new sdk.DynamoDBClient(settings), options),
    );
  }
}

export const BatchGetCommand = command<DynamoDb>('BatchGetCommand');
export const BatchWriteCommand = command<DynamoDb>('BatchWriteCommand');
export const DeleteCommand = command<DynamoDb>('DeleteCommand');
export const GetCommand = command<DynamoDb>('GetCommand');
export const PutCommand = command<DynamoDb>('PutCommand');
export const QueryCommand = command<DynamoDb>('QueryCommand');
export const ScanCommand = command<DynamoDb>('ScanCommand');
export const UpdateCommand = command<DynamoDb>('UpdateCommand');
