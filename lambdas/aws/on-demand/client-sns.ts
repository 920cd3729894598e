import type { SNSClientConfig } from '@aws-sdk/client-sns';
import type * as Sdk from './sdk/sns.ts';
import { command, OnDemand } from './stand-in.ts';

type Sns = typeof Sdk;

export class SNSClient extends OnDemand<Sns> {
  constructor(settings: SNSClientConfig) {
    super(
      () => import('./sdk/sns.ts'),
      (sdk) => new sdk.SNSClient(settings),
    );
  }
}

export const PublishCommand = command<Sns>('PublishCommand');
