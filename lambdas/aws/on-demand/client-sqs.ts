import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import type * as Sdk from './sdk/sqs.ts';
import { command, OnDemand } from './stand-in.ts';

type Sqs = typeof Sdk;

export class SQSClient extends OnDemand<Sqs> {
  constructor(settings: SQSClientConfig) {
    super(
      () => import('./sdk/sqs.ts'),
      (sdk) => new sdk.SQSClient(settings),
    );
  }
}

export const ChangeMessageVisibilityBatchCommand = command<Sqs>('ChangeMessageVisibilityBatchCommand');
export const DeleteMessageBatchCommand = command<Sqs>('DeleteMessageBatchCommand');
export const GetQueueAttributesCommand = command<Sqs>('GetQueueAttributesCommand');
export const ReceiveMessageCommand = command<Sqs>('ReceiveMessageCommand');
export const SendMessageBatchCommand = command<Sqs>('SendMessageBatchCommand');
export const SendMessageCommand = command<Sqs>('SendMessageCommand');
