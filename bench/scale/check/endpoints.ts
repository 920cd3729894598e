import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A process of its own: customers' servers. Paths that begin with /hangs never answer, all others within half and one and a half
// times the mean, as the model's do; /arrivals lists what was answered, each delivery once.

const meanMs = Number(process.argv[2]);
const arrivals = new Map<string, { subscription: string; acceptedMs: number; arrivedMs: number }>();

const server = createServer((request, response) => {
  const path = request.url ?? '';
  if (path === '/arrivals') return void response.end(JSON.stringify([...arrivals.values()]));
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    if (path.startsWith('/hangs')) return;
    const { id, timestamp } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id: string; timestamp: string };
    setTimeout(
      () => {
        const arrival = { subscription: path.slice(1), acceptedMs: Date.parse(timestamp), arrivedMs: Date.now() };
        if (!arrivals.has(`${path} ${id}`)) arrivals.set(`${path} ${id}`, arrival);
        response.writeHead(200).end();
      },
      meanMs * (0.5 + Math.random()),
    );
  });
});
server.keepAliveTimeout = 120_000;
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send?.({ port: String((server.address() as AddressInfo).port) }));
