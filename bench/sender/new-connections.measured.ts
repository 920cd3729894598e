import { Agent } from 'undici';
import { createOutgoing } from '../../lambdas/sender/outgoing.ts';
import { receiverUrl } from '../support/sample.ts';
import { loadHandler, invokeQueueHandler, queueEvent, type QueueHandler } from '../support/invoke.ts';
import { leadCustomersToLoopback } from '../support/network.ts';
import { measureRounds } from '../support/rounds.ts';
import { createBareTls } from './bare-tls.ts';
import { bareRequest, deliveryBody, type BareRequest } from './requests.ts';

// Every answer ends its connection. Compared with an undici Agent as it comes: the whole handler, its client alone, and what
// Node's sockets take by themselves, which is the least that a client could reach.

leadCustomersToLoopback();
const BATCH = 10;
const port = process.env.RECEIVERS_PORT!;
const seen = process.env.SEEN === 'yes';
const handler = await loadHandler<QueueHandler>(process.env.HANDLER!);
const outgoing = createOutgoing({ allowHttp: false, localReceivers: false });

/** Numbers of the endpoints of the next batch; each contender counts for itself. */
function createNumbers(): () => number[] {
  let next = 0;
  return () => Array.from({ length: BATCH }, () => (seen ? next++ % 100 : next++));
}

const lookup = (_name: string, _options: unknown, callback: (error: null, addresses: object[]) => void): void =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);
const agent = new Agent({ connect: { lookup: lookup as never } });

async function post({ origin, path, headers, body }: BareRequest): Promise<void> {
  const answer = await agent.request({ origin, path, method: 'POST', headers, body });
  if (answer.statusCode !== 200) throw new Error(`Expected 200, got ${answer.statusCode}`);
  await answer.body.text();
}

async function postOwn(n: number, { headers, body }: BareRequest): Promise<void> {
  const answer = await outgoing.post({ url: receiverUrl(`sub_${n}`, port), headers, body, timeoutMs: 10_000 });
  if (answer.kind !== 'response') throw new Error(`Expected an answer, got ${answer.reason}`);
}

const forHandler = createNumbers();
const forClient = createNumbers();
const forSockets = createNumbers();
const forUndici = createNumbers();
const template = bareRequest(0, port);
const to = (n: number): BareRequest => ({ ...template, origin: new URL(receiverUrl(`sub_${n}`, port)).origin });
const postOverSockets = createBareTls(port);
const contenders = [
  {
    name: 'sender',
    units: BATCH,
    run: () => invokeQueueHandler(handler, queueEvent('deliveriesQueueUrl', forHandler().map(deliveryBody))),
  },
  { name: "sender's client alone", units: BATCH, run: () => Promise.all(forClient().map((n) => postOwn(n, template))) },
  {
    name: "Node's sockets alone",
    units: BATCH,
    run: () => Promise.all(forSockets().map((n) => postOverSockets(to(n)))),
  },
  { name: "undici's connect", units: BATCH, run: () => Promise.all(forUndici().map((n) => post(to(n)))) },
];
// Long warm-up and many rounds: a round spreads by a third either way, and code that the compiler has not seen often is slow.
process.send!(await measureRounds(contenders, { unitsPerRound: Number(process.env.UNITS), warmUp: 1500, rounds: 15 }));
