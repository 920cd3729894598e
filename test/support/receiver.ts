import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One request as a customer's server got it. */
export interface ReceivedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  /** The very bytes, read as UTF-8. */
  body: string;
  /** Order of arrival over all paths, from 1. */
  order: number;
}

/** What to answer: a status, or nothing until the test says so. */
export type Answer = number | { status: number; headers?: Record<string, string>; body?: string } | Promise<number>;

/** A customer's server on loopback. */
export interface Receiver {
  url(path?: string): string;
  /** Requests to a path, in order of arrival. */
  requests(path?: string): ReceivedRequest[];
  /** Paths and queries of all requests. */
  addresses(): string[];
  /** How the n-th request (from 1) to a path is answered. @default always 200 */
  answer(path: string, answer: (n: number, request: ReceivedRequest) => Answer): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedRequest[] = [];
  const answers = new Map<string, (n: number, request: ReceivedRequest) => Answer>();
  const to = (path: string): ReceivedRequest[] => received.filter((request) => request.path === path);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '/';
      const body = Buffer.concat(chunks).toString();
      const arrived = { path, headers: request.headers, body, order: received.length + 1 };
      received.push(arrived);
      const answer = answers.get(path)?.(to(path).length, arrived) ?? 200;
      void Promise.resolve(answer).then((given) => {
        const { status, headers = {}, body: text = 'ok' } = typeof given === 'number' ? { status: given } : given;
        response.writeHead(status, headers).end(text);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path = '/') => `http://127.0.0.1:${port}${path}`,
    requests: (path = '/') => to(path),
    addresses: () => received.map(({ path }) => path),
    answer: (path, answer) => answers.set(path, answer),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Checks a request as a customer would: with the public library.
 * @returns the body as JSON. @throws when the signature is wrong.
 */
export function verify(request: ReceivedRequest, secret: string): unknown {
  return new Webhook(secret).verify(request.body, request.headers as Record<string, string>);
}
