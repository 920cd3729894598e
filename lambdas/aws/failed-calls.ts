/** A call of AWS that failed. Names of calls, tables and queues are the operator's own; nothing of the input but these. */
export interface FailedCall {
  /** Service and operation: `DynamoDB PutItem`. */
  call?: string;
  /** Table, queue, topic or bus; of several, all. */
  on?: string;
  /** Where it was called from, a stack without the SDK's own frames, which are all that its errors have. */
  from?: string;
}

/** What the SDK's clients have in common, as far as it is used here. */
interface Client {
  send: (command: never, ...rest: never[]) => unknown;
  middlewareStack: {
    add(
      middleware: (
        next: (args: { input: object }) => Promise<unknown>,
        context: { clientName?: string; commandName?: string },
      ) => (args: { input: object }) => Promise<unknown>,
      options: { step: 'initialize'; name: string },
    ): void;
  };
}

const failed = new WeakMap<object, FailedCall>();

/** What is known of the call that failed with this error; undefined for all other errors. */
export function failedCall(error: unknown): FailedCall | undefined {
  return isObject(error) ? failed.get(error) : undefined;
}

/**
 * Notes of each error of this client which call failed and where it was made: the SDK's `AccessDeniedException` says so
 * in its message only, which is never logged.
 */
export function noteFailedCalls<C extends object>(given: C): C {
  const client = given as C & Client;
  client.middlewareStack.add(
    (next, { clientName = '', commandName = '' }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          // Strings of the SDK's own, which minifying leaves alone: `DynamoDBClient`, `PutItemCommand`.
          const call = `${clientName.replace(/Client$/, '')} ${commandName.replace(/Command$/, '')}`;
          note(error, { call, on: nameTarget(args.input) });
          throw error;
        }
      },
    { step: 'initialize', name: 'noteFailedCalls' },
  );
  const send = client.send.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const noting = async (...args: unknown[]): Promise<unknown> => {
    try {
      return await send(...args);
    } catch (error) {
      // V8 writes the functions that wait for this one below it: the only place that knows who called.
      note(error, { from: new Error().stack });
      throw error;
    }
  };
  client.send = noting;
  return client;
}

function note(error: unknown, fields: FailedCall): void {
  if (isObject(error)) failed.set(error, { ...failed.get(error), ...fields });
}

function nameTarget(input: object): string | undefined {
  const { TableName, RequestItems, QueueUrl, TopicArn, Entries } = input as Record<string, unknown>;
  if (typeof TableName === 'string') return TableName;
  if (isObject(RequestItems)) return Object.keys(RequestItems).join(', ');
  if (typeof QueueUrl === 'string') return QueueUrl.split('/').at(-1);
  if (typeof TopicArn === 'string') return TopicArn.split(':').at(-1);
  const bus = Array.isArray(Entries) ? (Entries[0] as { EventBusName?: unknown } | undefined)?.EventBusName : undefined;
  return typeof bus === 'string' ? bus : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
