import type * as Sdk from './sdk/sqs.ts';
import { client, command } from './stand-in.ts';

type Sqs = typeof Sdk;

export const SQSClient = client<Sqs>(() => import('./sdk/sqs.ts'), 'SQSClient');
export const ChangeMessageVisibilityBatchCommand = command<Sqs>('ChangeMessageVisibilityBatchCommand');
export const DeleteMessageBatchCommand = command<Sqs>('DeleteMessageBatchCommand');
export const GetQueueAttributesCommand = command<Sqs>('GetQueueAttributesCommand');
export const ReceiveMessageCommand = command<Sqs>('ReceiveMessageCommand');
export const SendMessageBatchCommand = command<Sqs>('SendMessageBatchCommand');
export const SendMessageCommand = command<Sqs>('SendMessageCommand');
