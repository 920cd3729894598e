import type * as Sdk from './sdk/sns.ts';
import { client, command } from './stand-in.ts';

type Sns = typeof Sdk;

export const SNSClient = client<Sns>(() => import('./sdk/sns.ts'), 'SNSClient');
export const PublishCommand = command<Sns>('PublishCommand');
