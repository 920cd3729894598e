import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** What one request turned out to be. */
export interface Receipt {
  eventId: string;
  /** As the customer reads it: `type` or `event` of the body. */
  title: string;
  bytes: number;
  verified: boolean;
  status: number;
}

/** A customer's server on loopback that verifies every request with the public Standard Webhooks library. */
export interface DemoReceiver {
  url: string;
  receipts: Receipt[];
  /** The customer got its signing secret. */
  trust(secret: string): void;
  close(): void;
}

/** @param refusals how many requests are answered 500 before the first 200. */
export async function startDemoReceiver(refusals = 0): Promise<DemoReceiver> {
  const receipts: Receipt[] = [];
  let webhook: Webhook | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const status = receipts.length < refusals ? 500 : 200;
      receipts.push({ ...describe(body), ...check(body), bytes: body.length, status });
      response.writeHead(status).end();
    });
    const check = (body: string): { eventId: string; verified: boolean } => {
      const eventId = String(request.headers['webhook-id']);
      try {
        webhook?.verify(body, request.headers as Record<string, string>);
        return { eventId, verified: webhook !== undefined };
      } catch {
        return { eventId, verified: false };
      }
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    receipts,
    trust: (secret) => (webhook = new Webhook(secret)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function describe(body: string): { title: string } {
  const { type, event } = JSON.parse(body) as { type?: string; event?: string };
  return { title: type ?? event ?? '?' };
}
