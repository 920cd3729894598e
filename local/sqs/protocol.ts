import { randomUUID } from 'node:crypto';
import type { AwsRequest, Reply } from '../aws-call.ts';
import { QUERY_CODES, type CheckSignature } from '../iam/signature.ts';
import { SqsError } from './errors.ts';
import { isObject, type Input } from './input.ts';

/** A request of AWS's JSON 1.0 protocol, read but not judged. */
export interface ParsedRequest {
  /** Name of the operation, e.g. `SendMessageBatch`. */
  operation: string;
  accessKeyId: string | undefined;
  input: Input;
}

/** A batch of 1 MiB in which every character is escaped as \uXXXX, and room for the rest. */
export const MOST_BYTES = 8 * 1_048_576;
const TARGET = /^AmazonSQS\.(\w+)$/;

/**
 * Reads operation, caller and input.
 * @throws SqsError when it is no request of this protocol, or not signed by whom it names.
 */
export async function readRequest(request: AwsRequest, check: CheckSignature): Promise<ParsedRequest> {
  const { body } = request;
  const operation = TARGET.exec(String(request.headers['x-amz-target']))?.[1];
  if (body === undefined) throw new SqsError('RequestEntityTooLarge', `Expected at most ${MOST_BYTES} bytes.`, 413);
  if (operation === undefined) {
    throw new SqsError(
      'UnknownOperationException',
      'Expected the AWS JSON protocol: a POST with the header X-Amz-Target: AmazonSQS.<operation>. Use an AWS SDK of 2024 or newer.',
    );
  }
  const verdict = await check(request, body);
  if ('error' in verdict) throw new SqsError(verdict.error, verdict.message, 403, QUERY_CODES[verdict.error]);
  return { operation, accessKeyId: verdict.signer, input: parse(body.toString('utf8')) };
}

export function writeResult(reply: Reply, result: object): void {
  write(reply, 200, result, {});
}

/** The SDK takes an error's name from the header, finds its class by it, and reads the rest from the body. */
export function writeError(reply: Reply, error: SqsError): void {
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  write(
    reply,
    error.status,
    { __type: `com.amazonaws.sqs#${error.code}`, message: error.message },
    { 'x-amzn-query-error': `${error.queryCode};${fault}` },
  );
}

function write(reply: Reply, status: number, body: object, headers: Record<string, string>): void {
  const common = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() };
  reply.send(status, { ...common, ...headers }, JSON.stringify(body));
}

function parse(text: string): Input {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    if (isObject(value)) return value;
  } catch {
    // Falls through to the one error for whatever is no JSON object.
  }
  throw new SqsError('SerializationException', 'The body of the request is not a JSON object.');
}
