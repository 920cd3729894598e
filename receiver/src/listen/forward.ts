import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { FeedItem } from './posthorn.ts';

/** What came of a request to the target: a status, or why there was none. */
export type Forwarded = { status: number } | { failure: string };

/** Names that HTTP itself writes for each connection. */
const OF_THE_CONNECTION = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

/**
 * Sends a delivery to the target just as it came: headers by name and value, the body byte for byte. Nothing is added but what
 * HTTP needs to carry them. Never rejects.
 * @param timeoutMs for the whole answer.
 */
export function forward(target: URL, { headers, body = '' }: FeedItem, timeoutMs: number): Promise<Forwarded> {
  const bytes = Buffer.from(body);
  const passed = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase()));
  return new Promise((resolve) => {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const deadline = AbortSignal.timeout(timeoutMs);
    const fail = (error: NodeJS.ErrnoException): void =>
      resolve({ failure: deadline.aborted ? `no answer in ${timeoutMs / 1000} s` : (error.code ?? error.message) });
    try {
      const request = send(target, {
        method: 'POST',
        headers: { ...Object.fromEntries(passed), 'content-length': bytes.byteLength },
        signal: deadline,
      });
      request.on('error', fail);
      request.on('response', (response) => {
        response.on('error', fail);
        response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
        response.resume();
      });
      request.end(bytes);
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
  });
}
