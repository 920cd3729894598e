import { Agent } from 'undici';
import { createOutgoing } from '../../lambdas/sender/outgoing.ts';
import { receiverUrl } from '../support/sample.ts';
import { loadHandler, invokeQueueHandler, queueEvent, type QueueHandler } from '../support/invoke.ts';
import { leadCustomersToLoopback } from '../support/network.ts';
import { measureRounds } from '../support/rounds.ts';
import { bareRequest, deliveryBody, type BareRequest } from './requests.ts';

// Every answer ends its connection. Compared with an undici Agent as it comes: the whole handler, and its client alone.

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

const [forHandler, forClient, forUndici] = [createNumbers(), createNumbers(), createNumbers()];
const template = bareRequest(0, port);
const contenders = [
  {
    name: 'sender',
    units: BATCH,
    run: () => invokeQueueHandler(handler, queueEvent('deliveriesQueueUrl', forHandler().map(deliveryBody))),
  },
  { name: "sender's client alone", units: BATCH, run: () => Promise.all(forClient().map((n) => postOwn(n, template))) },
  {
    name: "undici's connect",
    units: BATCH,
    run: () =>
      Promise.all(forUndici().map((n) => post({ ...template, origin: new URL(receiverUrl(`sub_${n}`, port)).origin }))),
  },
];
// Long warm-up and many rounds: a round spreads by a third either way, and code that the compiler has not seen often is slow.
process.send!(await measureRounds(contenders, { unitsPerRound: Number(process.env.UNITS), warmUp: 1500, rounds: 15 }));
