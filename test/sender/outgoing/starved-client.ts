import { once } from 'node:events';
import { createOutgoing, type Answer } from '../../../lambdas/sender/outgoing.ts';

// A sender's client in a process of its own, which own-lag.test.ts starves: posts to endpoints never seen, once it is told to,
// and prints what came of it.

const { port, count, ca, timeoutMs, graceMs } = JSON.parse(process.argv[2]!) as Record<string, number> & { ca: string };
const outgoing = createOutgoing({
  allowHttp: false,
  localReceivers: false,
  lookup: async () => ['127.0.0.2'],
  isAllowed: () => true,
  tls: { ca },
});

console.log('ready');
await once(process.stdin, 'data');
const answers = await Promise.all(
  // Names of their own: each is an origin, and a connection.
  Array.from({ length: count! }, (_, n): Promise<Answer> => {
    const url = `https://h${n}.example.com:${port}/hook`;
    return outgoing.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: timeoutMs!, graceMs });
  }),
);
console.log(JSON.stringify(answers));
process.exit(0);
