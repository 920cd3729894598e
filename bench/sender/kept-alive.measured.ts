import { Pool } from 'undici';
import { loadHandler, invokeQueueHandler, queueEvent, type QueueHandler } from '../support/invoke.ts';
import { leadCustomersToLoopback } from '../support/network.ts';
import { measureRounds, type Contender } from '../support/rounds.ts';
import { bareRequest, deliveryBody, type BareRequest } from './requests.ts';

// The sender's handler against a bare loop over undici's pools, one connection per endpoint, all of them warm.

leadCustomersToLoopback();
const port = process.env.RECEIVERS_PORT!;
const batch = Number(process.env.BATCH);
const handler = await loadHandler<QueueHandler>(process.env.HANDLER!);

const numbers = Array.from({ length: batch }, (_, n) => n);
const event = queueEvent('deliveriesQueueUrl', numbers.map(deliveryBody));
const pools = new Map<string, Pool>();
const requests = numbers.map((n) => {
  const request = bareRequest(n, port);
  const lookup = (_name: string, _options: unknown, callback: (error: null, addresses: object[]) => void): void =>
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  pools.set(request.origin, new Pool(request.origin, { connections: 1, connect: { lookup: lookup as never } }));
  return request;
});

async function post({ origin, path, headers, body }: BareRequest): Promise<void> {
  const answer = await pools.get(origin)!.request({ path, method: 'POST', headers, body });
  if (answer.statusCode !== 200) throw new Error(`Expected 200, got ${answer.statusCode}`);
  await answer.body.text();
}

const contenders: Contender[] = [
  { name: 'sender', units: batch, run: () => invokeQueueHandler(handler, event) },
  { name: 'bare undici loop', units: batch, run: () => Promise.all(requests.map(post)) },
];
process.send!(
  await measureRounds(contenders, { unitsPerRound: Number(process.env.UNITS), warmUp: 20_000, rounds: 15 }),
);
