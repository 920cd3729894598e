import type * as Sdk from './sdk/cloudwatch.ts';
import { client, command } from './stand-in.ts';

type CloudWatch = typeof Sdk;

export const CloudWatchClient = client<CloudWatch>(() => import('./sdk/cloudwatch.ts'), 'CloudWatchClient');
export const DescribeAlarmsCommand = command<CloudWatch>('DescribeAlarmsCommand');
export const GetMetricDataCommand = command<CloudWatch>('GetMetricDataCommand');
