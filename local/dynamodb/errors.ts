/** An answer that tells the caller what was wrong. dynalite throws errors of the same shape. */
export class ServiceError extends Error {
  readonly statusCode: number;
  readonly body: Record<string, unknown>;

  /**
   * @param type the `__type` of the answer, with its namespace; clients read the part after `#`.
   * @param more further members, such as CancellationReasons.
   */
  constructor(type: string, message: string, more: Record<string, unknown> = {}, statusCode = 400) {
    super(message);
    this.name = type.slice(type.indexOf('#') + 1);
    this.statusCode = statusCode;
    this.body = { __type: type, message, ...more };
  }
}

/** Whether an error is meant for the caller, whichever of the two sources made it. */
export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}

/** The name of a service error without its namespace, e.g. `ConditionalCheckFailedException`. */
export function errorName(error: ServiceError): string {
  const type = String(error.body['__type']);
  return type.slice(type.indexOf('#') + 1);
}

/** A modelled error of DynamoDB, e.g. `ResourceNotFoundException`. */
export function dynamoDbError(name: string, message: string, more?: Record<string, unknown>): ServiceError {
  return new ServiceError(`com.amazonaws.dynamodb.v20120810#${name}`, message, more);
}

/** The input breaks a rule that AWS checks before it does anything. */
export function validationError(message: string): ServiceError {
  return new ServiceError('com.amazon.coral.validate#ValidationException', message);
}

/** An error of the service's front, e.g. `UnknownOperationException` or `AccessDeniedException`. */
export function frontError(name: string, message: string, statusCode = 400): ServiceError {
  return new ServiceError(`com.amazon.coral.service#${name}`, message, {}, statusCode);
}
