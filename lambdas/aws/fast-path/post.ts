import type { Dispatcher } from 'undici';
import { Pool } from './undici.ts';

/** Without a byte for this long a call has failed: DynamoDB and SQS answer within milliseconds. */
const PATIENCE_MS = 5000;
/** As many as the SDK opens to one service. */
const MOST_CONNECTIONS = 50;
/** An idle connection waits this long for the next call; AWS closes it when it likes, which undici sees. */
const IDLE_MS = 60_000;

/** What a service answered. */
export interface ServiceAnswer {
  status: number;
  text: string;
  /** For whoever asks AWS about the call. */
  requestId?: string | undefined;
}

/** Posts to one origin over connections that are kept. */
export type Post = (headers: Record<string, string>, body: Buffer) => Promise<ServiceAnswer | undefined>;

/**
 * @param origin of an AWS service.
 * @returns undefined when there was no whole answer; then it is not known whether the call happened. Never rejects.
 */
export function createPost(origin: string): Post {
  const pool = new Pool(origin, {
    connections: MOST_CONNECTIONS,
    pipelining: 1,
    connectTimeout: PATIENCE_MS,
    headersTimeout: PATIENCE_MS,
    bodyTimeout: PATIENCE_MS,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    allowH2: false,
  });
  return (headers, body) =>
    new Promise((resolve) => {
      pool.dispatch({ path: '/', method: 'POST', headers, body }, new Reception(resolve));
    });
}

/** Gathers one answer. */
class Reception implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: ServiceAnswer | undefined) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #requestId: string | undefined;

  constructor(resolve: (answer: ServiceAnswer | undefined) => void) {
    this.#resolve = resolve;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#requestId = headers['x-amzn-requestid']?.toString();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first, second] = this.#chunks;
    const bytes = first && !second ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, text: bytes.toString('utf8'), requestId: this.#requestId });
  }

  onResponseError(): void {
    this.#resolve(undefined);
  }
}
