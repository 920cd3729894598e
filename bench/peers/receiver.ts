import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { numberOf } from './products.ts';

/** What came to the endpoints since {@link Receiver.begin}. */
export interface Arrivals {
  /** First arrival of each delivery, milliseconds of `performance.now()`, by `<path> <number of the event>`. */
  first: Map<string, number>;
  /** Requests beyond the first of a delivery. */
  duplicates: number;
}

/** All customers' servers: one for every product, which answers at once or, at paths that hang, not at all. */
export interface Receiver {
  url(path: string): string;
  /**
   * Forgets what came, and says which paths hang from now on.
   * @param from number of the first event of this load: a product tries again later what hung in an earlier one.
   */
  begin(from: number, hanging?: readonly string[]): Arrivals;
  close(): void;
}

/** Starts it on a free port of the loopback. */
export async function startReceiver(): Promise<Receiver> {
  let arrivals: Arrivals = { first: new Map(), duplicates: 0 };
  let hangs = new Set<string>();
  let first = 0;
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (hangs.has(path)) return void open.add(response);
      const number = numberOf(Buffer.concat(chunks).toString('utf8'));
      if (number !== undefined && number >= first) {
        const delivery = `${path} ${number}`;
        if (arrivals.first.has(delivery)) arrivals.duplicates += 1;
        else arrivals.first.set(delivery, performance.now());
      }
      response.writeHead(200).end();
    });
  });
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    begin: (from, hanging = []) => {
      first = from;
      hangs = new Set(hanging);
      for (const response of open) response.destroy();
      open.clear();
      return (arrivals = { first: new Map(), duplicates: 0 });
    },
    close: () => {
      for (const response of open) response.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
