/**
 * An error that the caller gets to see, in the shape that the SDK's clients read.
 * Codes and statuses: the error traits of AWS's service model for SQS, as shipped in `@aws-sdk/client-sqs`.
 */
export class SqsError extends Error {
  /** Name of the error's shape, e.g. `QueueDoesNotExist`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** Code of the older query protocol. It travels in a header, and the SDK looks there first. */
  readonly queryCode: string;

  constructor(code: string, message: string, status = 400, queryCode = code) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.queryCode = queryCode;
  }
}

const legacy = (name: string): string => `AWS.SimpleQueueService.${name}`;

/** A value was understood but is not allowed. */
export const invalidParameter = (message: string): SqsError => new SqsError('InvalidParameterValue', message);

/** A value of `parameter` is not allowed, in AWS's wording. */
export const invalidValue = (parameter: string, value: unknown, reason: string): SqsError =>
  invalidParameter(`Value ${printable(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const missingParameter = (parameter: string): SqsError =>
  new SqsError('MissingParameter', `The request must contain the parameter ${parameter}.`);

export const invalidAttributeName = (name: string): SqsError =>
  new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);

export const invalidAttributeValue = (name: string, value: string, reason: string): SqsError =>
  new SqsError('InvalidAttributeValue', `Invalid value ${printable(value)} for the attribute ${name}: ${reason}`);

export const invalidMessageContents = (): SqsError =>
  new SqsError(
    'InvalidMessageContents',
    'The message contains characters outside the allowed set: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
  );

export const queueDoesNotExist = (name: string): SqsError =>
  new SqsError(
    'QueueDoesNotExist',
    `The specified queue does not exist: ${printable(name)}.`,
    400,
    legacy('NonExistentQueue'),
  );

export const queueNameExists = (attribute: string): SqsError =>
  new SqsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}.`,
    400,
    'QueueAlreadyExists',
  );

export const receiptHandleIsInvalid = (): SqsError =>
  new SqsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', 404);

export const messageNotInflight = (): SqsError =>
  new SqsError('MessageNotInflight', 'The message is not in flight.', 400, legacy('MessageNotInflight'));

export const overLimit = (limit: number): SqsError =>
  new SqsError('OverLimit', `Too many messages in flight: the limit of a queue is ${limit}.`, 403);

export const purgeQueueInProgress = (name: string): SqsError =>
  new SqsError(
    'PurgeQueueInProgress',
    `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
    403,
    legacy('PurgeQueueInProgress'),
  );

export const emptyBatch = (): SqsError =>
  new SqsError(
    'EmptyBatchRequest',
    'There should be at least one entry in the request.',
    400,
    legacy('EmptyBatchRequest'),
  );

export const tooManyEntries = (count: number): SqsError =>
  new SqsError(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are 10. You have sent ${count}.`,
    400,
    legacy('TooManyEntriesInBatchRequest'),
  );

export const idsNotDistinct = (id: string): SqsError =>
  new SqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`, 400, legacy('BatchEntryIdsNotDistinct'));

export const invalidBatchEntryId = (): SqsError =>
  new SqsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores, and be at most 80 letters long.',
    400,
    legacy('InvalidBatchEntryId'),
  );

export const batchRequestTooLong = (limit: number, size: number): SqsError =>
  new SqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${size} bytes.`,
    400,
    legacy('BatchRequestTooLong'),
  );

export const resourceNotFound = (message: string): SqsError => new SqsError('ResourceNotFoundException', message, 404);

export const unsupportedOperation = (message: string): SqsError =>
  new SqsError('UnsupportedOperation', message, 400, legacy('UnsupportedOperation'));

export const accessDenied = (message: string): SqsError => new SqsError('AccessDeniedException', message, 403);

/** Values in messages are cut: a body must never reach a log through an error text. */
function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
