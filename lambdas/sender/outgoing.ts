import { createSecureContext } from 'node:tls';
import { createAddresses, type Lookup } from './outgoing/addresses.ts';
import type { Answer, OutgoingRequest } from './outgoing/answer.ts';
import { createDeadlines } from './outgoing/deadlines.ts';
import { Exchange } from './outgoing/exchange.ts';
import { classify } from './outgoing/failure.ts';
import { createPool } from './outgoing/pool.ts';
import { createSessionCache } from './outgoing/session-cache.ts';
import { createSilence, type Silence } from './outgoing/silence.ts';
import { createTargets, type Destination } from './outgoing/destination.ts';

export type { Answer, ErrorClass, Failure, OutgoingRequest, Response } from './outgoing/answer.ts';

/** Settings of {@link createOutgoing}. */
export interface OutgoingOptions {
  /** Admit `http://127.0.0.1:<port>` and `http://localhost:<port>`: the local platform alone sets this. */
  localReceivers: boolean;
  /** Admit http besides https: development alone. */
  allowHttp: boolean;
  /** Connections to one origin at the same time; further requests wait inside their deadline. @default 20 */
  maxConnectionsPerOrigin?: number;
  /** Resolves a name to its addresses. Tests put a stub here. @default DNS queries of A and AAAA */
  lookup?: Lookup;
  /** What the lookup notes its answers in. @default one of its own */
  silence?: Silence;
  /** Tests let their own loopback addresses pass as public. @default none */
  isAllowed?: (address: string) => boolean;
  /** Tests trust their own authority, PEM. @default the authorities that Node ships */
  tls?: { ca?: string };
  /** Monotonic clock, milliseconds. @default performance.now */
  now?: () => number;
}

/** Sends requests to customers. The one object in the tree that does. */
export interface Outgoing {
  /** Sends one POST. Never rejects: whatever happens is an answer. Never sends a request twice. */
  post(request: OutgoingRequest): Promise<Answer>;
  /** For how long this process was late while requests were open, milliseconds, in all: not their endpoints' time. */
  ownLagMs(): number;
  /** Closes all connections; requests under way end as `connection_lost`. */
  close(): Promise<void>;
}

/** Makes the sender's HTTP client; one for the life of the process, so that connections are reused. */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { maxConnectionsPerOrigin = 20, now = () => performance.now() } = options;
  const { silence = createSilence(now) } = options;
  const parse = createTargets(options);
  const deadlines = createDeadlines(now);
  const pool = createPool(
    {
      addresses: createAddresses({ ...options, silence }),
      // TLS 1.2 is Node's own floor; said here because NODE_OPTIONS could lower it.
      secureContext: createSecureContext({ minVersion: 'TLSv1.2', ...options.tls }),
      sessions: createSessionCache(),
    },
    maxConnectionsPerOrigin,
    now,
  );
  return {
    post: (request) =>
      new Promise((resolve) => {
        let target: Destination;
        try {
          target = parse(request.url);
        } catch (error) {
          const { class: errorClass, message } = classify(error, 'response');
          return resolve({ kind: 'error', class: errorClass, reason: message, timings: { total: 0 } });
        }
        const clocks = { now, ownLagMs: deadlines.ownLagMs, isSilent: silence.isComplete };
        const exchange = new Exchange(target, request, clocks, (answer) => {
          deadlines.release(exchange);
          pool.forget(exchange);
          resolve(answer);
        });
        deadlines.watch(exchange);
        pool.place(exchange);
      }),
    ownLagMs: deadlines.ownLagMs,
    close: async () => pool.close(),
  };
}
