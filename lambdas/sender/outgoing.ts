import type { Answer, OutgoingRequest } from './outgoing/answer.ts';

export type { Answer, ErrorClass, Failure, OutgoingRequest, Response } from './outgoing/answer.ts';

/** Settings of {@link createOutgoing}. */
export interface OutgoingOptions {
  /** Admit `http://127.0.0.1:<port>` and `http://localhost:<port>`: the local platform alone sets this. */
  localReceivers: boolean;
  /** Admit http besides https: development alone. */
  allowHttp: boolean;
  /** Connections to one origin at the same time; further requests wait inside their deadline. @default 20 */
  maxConnectionsPerOrigin?: number;
  /** Resolves a name to all its addresses. Tests put a stub here. @default DNS queries of A and AAAA */
  lookup?: (hostname: string) => Promise<string[]>;
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
  /** Closes all connections; requests under way end as `connection_lost`. */
  close(): Promise<void>;
}

/** Makes the sender's HTTP client; one for the life of the process, so that connections are reused. */
export function createOutgoing(_options: OutgoingOptions): Outgoing {
  throw new Error('being written');
}
