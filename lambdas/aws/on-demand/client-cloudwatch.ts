import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import type * as Sdk from './sdk/cloudwatch.ts';
import { command, OnDemand } from './stand-in.ts';

type CloudWatch = typeof Sdk;

export class CloudWatchClient extends OnDemand<CloudWatch> {
  constructor(settings: CloudWatchClientConfig) {
    super(
      () => import('./sdk/cloudwatch.ts'),
      (sdk) => new sdk.CloudWatchClient(settings),
    );
  }
}

export const DescribeAlarmsCommand = command<CloudWatch>('DescribeAlarmsCommand');
export const GetMetricDataCommand = command<CloudWatch>('GetMetricDataCommand');
