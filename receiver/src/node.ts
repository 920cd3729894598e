import {
  BodyTooLarge,
  DEFAULT_MAX_BYTES,
  type OnDelivery,
  type ReceiveOptions,
  rawBodyOf,
  receive,
} from './receive.ts';

/** What is used of `http.IncomingMessage` and of Express's request. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  method?: string | undefined;
  headers: Record<string, string | string[] | undefined>;
  /** Express: set by a body parser that ran before. */
  body?: unknown;
}

/** What is used of `http.ServerResponse` and of Express's response. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(): unknown;
}

const ADVICE =
  "With Express, mount this route before express.json(), or give it express.raw({ type: () => true, limit: '1mb' }).";

/**
 * A request listener for node:http and a route handler for Express. It reads the raw body itself, so no body parser may
 * run before it, except `express.raw`.
 */
export function createNodeHandler(options: ReceiveOptions, onDelivery: OnDelivery) {
  return async (request: NodeRequest, response: NodeResponse): Promise<void> => {
    response.statusCode = request.method === 'POST' ? await answer(request) : 405;
    if (response.statusCode === 405) response.setHeader('allow', 'POST');
    // The rest of a body that was too long is not read: the connection cannot be used again.
    if (response.statusCode === 413) response.setHeader('connection', 'close');
    response.end();
  };

  function answer(request: NodeRequest): Promise<number> {
    const read = async (): Promise<string | Uint8Array> =>
      request.body === undefined
        ? collect(request, options.maxBytes ?? DEFAULT_MAX_BYTES)
        : rawBodyOf(request.body, ADVICE);
    return receive(read, request.headers, options, onDelivery);
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Not `for await`: leaving it early would destroy the socket before the answer is out.
  const iterator = stream[Symbol.asyncIterator]();
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    bytes += next.value.byteLength;
    if (bytes > maxBytes) throw new BodyTooLarge(`Expected at most ${maxBytes} bytes of body.`);
    chunks.push(next.value);
  }
  return Buffer.concat(chunks);
}
