import type { Platform } from './platform.ts';
import { writePrivate } from './private-file.ts';

/** Name of the file in the data folder. It is there while the platform runs. */
export const OUTPUTS_FILE = 'outputs.json';

/** Stack outputs, and what only a local run has under `local`. */
export type Outputs = Record<string, Record<string, string>>;

/** The content of outputs.json. @param prepared members for `local` from the preparation of this run. */
export function localOutputs(platform: Platform, prepared: Record<string, string>): Outputs {
  return {
    ...platform.outputs,
    local: {
      ApiEndpoint: platform.apiUrl,
      SqsEndpoint: platform.sqs.endpoint,
      DynamoDbEndpoint: platform.dynamoDb.endpoint,
      NoticesEndpoint: platform.noticesEndpoint,
      AccessKeyId: platform.operator.accessKeyId,
      SecretAccessKey: platform.operator.secretAccessKey,
      Region: platform.region,
      ...prepared,
    },
  };
}

/** Writes the file in one step: who waits for it never reads half of it. */
export function writeOutputs(path: string, outputs: Outputs): void {
  writePrivate(
    path,
    `${JSON.stringify(outputs, null, 2)}
`,
  );
}
