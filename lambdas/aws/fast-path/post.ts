import type { Dispatcher } from 'undici';
import { Pool } from './undici.ts';

/** Without a byte for this long a call has failed: DynamoDB and SQS answer within milliseconds. */
const PATIENCE_MS = 5000;
/** As many as the SDK opens to one service. */
const MOST_CONNECTIONS = 50;
/** An idle connection waits this long for the next call; AWS closes it when it likes, which undici sees. */
const IDLE_MS = 60_000;

/** Posts to one origin over connections that are kept. */
export type Post = (headers: Record<string, string>, body: Buffer) => Promise<string | undefined>;

/**
 * @param origin of an AWS service.
 * @returns the text of an answer of 200; undefined for everything else, also when it is not known whether the call
 *   happened. Never rejects.
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
  readonly #resolve: (text: string | undefined) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;

  constructor(resolve: (text: string | undefined) => void) {
    this.#resolve = resolve;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first, second] = this.#chunks;
    const bytes = first && !second ? first : Buffer.concat(this.#chunks);
    this.#resolve(this.#status === 200 ? bytes.toString('utf8') : undefined);
  }

  onResponseError(): void {
    this.#resolve(undefined);
  }
}
