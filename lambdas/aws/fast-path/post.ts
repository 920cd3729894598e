import { Connection, createDialler, type ConnectionOwner } from './connection.ts';

/** DynamoDB and SQS answer within milliseconds. */
const PATIENCE_MS = 5000;
/** As many as the SDK opens to one service. */
const MOST_CONNECTIONS = 50;

/** What a service answered. */
export interface ServiceAnswer {
  status: number;
  text: string;
  /** For whoever asks AWS about a call that it refused. */
  requestId?: string | undefined;
}

/** Posts to one origin over connections that are kept. */
export type Post = (headers: Record<string, string>, body: string) => Promise<ServiceAnswer | undefined>;

interface Waiting {
  request: string;
  resolve: (answer: ServiceAnswer | undefined) => void;
}

/**
 * HTTP/1.1 as these two services speak it, without a client that knows all of it: undici takes twice as much for a call, and its
 * code a tenth of a cold start. Whatever is not understood is for the SDK.
 * @param origin of an AWS service.
 * @param options.patienceMs without a byte for this long a call has failed.
 * @returns undefined when there was no whole answer; then it is not known whether the call happened. Never rejects.
 */
export function createPost(origin: string, { patienceMs = PATIENCE_MS } = {}): Post {
  const dial = createDialler(origin);
  /** Those used last come last. */
  const idle: Connection[] = [];
  const waiting: Waiting[] = [];
  let open = 0;

  const owner: ConnectionOwner = {
    free(connection) {
      const next = waiting.shift();
      if (next) connection.carry(next.request, next.resolve);
      else idle.push(connection);
    },
    gone(connection) {
      open -= 1;
      const place = idle.indexOf(connection);
      if (place >= 0) idle.splice(place, 1);
      const next = waiting.shift();
      if (next) placeCall(next);
    },
  };

  const placeCall = (call: Waiting): void => {
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (!connection.isFresh) connection.destroy();
      else if (connection.hasRested) return lookAtOnceMore(connection, call);
      else return connection.carry(call.request, call.resolve);
    }
    if (open >= MOST_CONNECTIONS) return void waiting.push(call);
    open += 1;
    new Connection(dial, owner, patienceMs).carry(call.request, call.resolve);
  };

  /** Two turns of the event loop: in the first one what came while the process was frozen may not have been asked for yet. */
  const lookAtOnceMore = (connection: Connection, call: Waiting): void => {
    const carry = (): void => {
      if (connection.isFresh) connection.carry(call.request, call.resolve);
      else placeCall(call);
    };
    setImmediate(() => setImmediate(carry));
  };

  return (headers, body) =>
    new Promise((resolve) => {
      let request = 'POST / HTTP/1.1\r\n';
      for (const name of Object.keys(headers)) request += `${name}: ${headers[name]}\r\n`;
      placeCall({ request: `${request}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, resolve });
    });
}
