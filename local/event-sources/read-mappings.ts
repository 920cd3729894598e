import { z } from 'zod';
import type { App, Resource } from '../template/app.ts';
import { booleanLike, ignored, numberLike } from '../template/scalars.ts';

const mappingSchema = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: numberLike.optional(),
  BisectBatchOnFunctionError: booleanLike.default(false),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() }).optional(),
  Enabled: booleanLike.default(true),
  FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).default([]) }).optional(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: numberLike.default(0),
  MaximumRecordAgeInSeconds: numberLike.default(-1),
  MaximumRetryAttempts: numberLike.default(-1),
  ParallelizationFactor: ignored,
  ScalingConfig: z.strictObject({ MaximumConcurrency: numberLike.optional() }).optional(),
  TumblingWindowInSeconds: numberLike.default(0),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).default('TRIM_HORIZON'),
  MetricsConfig: ignored,
  Tags: ignored,
});

/** An event source mapping as the template describes it. */
export interface Mapping {
  /** Unique and stable: stack and logical id. */
  id: string;
  sourceArn: string;
  /** Name or ARN of the function. */
  functionName: string;
  batchSize: number;
  /** For which a batch is gathered. */
  windowSeconds: number;
  /** Of a stream's tumbling windows; 0: it has none. */
  tumblingSeconds: number;
  maxConcurrency: number | undefined;
  partialBatches: boolean;
  filters: string[];
  bisect: boolean;
  /** Further tries after the first; -1 for no end. */
  retryAttempts: number;
  /** Older records are given up; -1 for none. */
  maxRecordAgeSeconds: number;
  onFailureArn: string | undefined;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
}

/** Lambda's own batch sizes where the template names none. */
const DEFAULT_BATCH = { queue: 10, stream: 100 };

/** All enabled mappings. @throws when one breaks a rule that Lambda checks at deployment. */
export function readMappings(app: App): Mapping[] {
  return app.ofType('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const p = resource.properties(mappingSchema);
    if (!p.Enabled) return [];
    const isQueue = p.EventSourceArn.startsWith('arn:aws:sqs:');
    const mapping: Mapping = {
      id: `${resource.stack}.${resource.logicalId}`,
      sourceArn: p.EventSourceArn,
      functionName: p.FunctionName,
      batchSize: p.BatchSize ?? (isQueue ? DEFAULT_BATCH.queue : DEFAULT_BATCH.stream),
      windowSeconds: p.MaximumBatchingWindowInSeconds,
      tumblingSeconds: p.TumblingWindowInSeconds,
      maxConcurrency: p.ScalingConfig?.MaximumConcurrency,
      partialBatches: p.FunctionResponseTypes.length > 0,
      filters: (p.FilterCriteria?.Filters ?? []).map((f) => f.Pattern),
      bisect: p.BisectBatchOnFunctionError,
      retryAttempts: p.MaximumRetryAttempts,
      maxRecordAgeSeconds: p.MaximumRecordAgeInSeconds,
      onFailureArn: p.DestinationConfig?.OnFailure?.Destination,
      startingPosition: p.StartingPosition,
    };
    if (isQueue) checkQueueMapping(resource, mapping);
    else checkStreamMapping(resource, mapping);
    return [mapping];
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
function checkStreamMapping(resource: Resource, { batchSize, windowSeconds, tumblingSeconds }: Mapping): void {
  const fail = (rule: string): never => {
    throw new Error(`${resource.path}: Lambda would refuse this event source mapping: ${rule}.`);
  };
  if (batchSize > 10_000) fail(`a batch of a stream has at most 10000 records, got ${batchSize}`);
  if (windowSeconds > 300) fail(`a batching window has at most 300 seconds, got ${windowSeconds}`);
  if (tumblingSeconds > 900) fail(`a tumbling window has at most 900 seconds, got ${tumblingSeconds}`);
}

function checkQueueMapping(resource: Resource, { batchSize, windowSeconds, maxConcurrency }: Mapping): void {
  const fail = (rule: string): never => {
    throw new Error(`${resource.path}: Lambda would refuse this event source mapping: ${rule}.`);
  };
  if (batchSize > 10 && windowSeconds < 1)
    fail(`a batch size of ${batchSize} (more than 10) needs a batching window of at least 1 second`);
  if (maxConcurrency !== undefined && (maxConcurrency < 2 || maxConcurrency > 1000)) {
    fail(`a maximum concurrency is from 2 to 1000, got ${maxConcurrency}`);
  }
}
