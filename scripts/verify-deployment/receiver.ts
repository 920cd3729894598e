import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where the verification has its deliveries sent. */
export interface Receiver {
  /** Takes every delivery; best if its answers repeat the headers that it got. */
  url: string;
  /** Answers 404 to every delivery. */
  refusing: string;
  close(): Promise<void>;
}

/** A receiver of our own, for a Posthorn on this machine: it repeats headers and body in its answer. */
export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const echo = { headers: request.headers, body: Buffer.concat(chunks).toString() };
      response.writeHead(request.url === '/refusing' ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(echo));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${root}/taking`,
    refusing: `${root}/refusing`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Somebody's receiver. What refuses is our own API, at an address that it does not have. */
export function receiverAt(url: string, apiUrl: string): Receiver {
  return { url, refusing: `${apiUrl}/posthorn-verification-answers-404`, close: async () => {} };
}
