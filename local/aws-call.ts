import type { IncomingHttpHeaders } from 'node:http';

/** A request to a local AWS service, read whole. */
export interface AwsRequest {
  method?: string | undefined;
  /** Path and query. */
  url?: string | undefined;
  headers: IncomingHttpHeaders;
  /** Undefined: larger than the service takes. */
  body: Buffer | undefined;
}

/** The way back to who asked. */
export interface Reply {
  /** Nobody waits for it, or it was sent. */
  readonly isOver: boolean;
  /** @param headers beside the length. */
  send(status: number, headers: Record<string, string>, text: string): void;
  /** Closes the connection without an answer. */
  cut(): void;
  /** @returns what aborts when the caller hangs up before the answer was sent. */
  hangUp(): AbortSignal;
}

/** Answers a request, at once or later. Must not throw. */
export type Serve = (request: AwsRequest, reply: Reply) => void;
