import { once } from 'node:events';
import { createOutgoing } from '../../lambdas/sender/outgoing.ts';
import { receiverUrl } from '../support/sample.ts';
import { leadCustomersToLoopback } from '../support/network.ts';

// The sender's client with the share of a processor that own-lag.ts gives it: batches to endpoints never seen.

leadCustomersToLoopback();
const { RECEIVERS_PORT, BATCH, BATCHES, TIMEOUT_MS, GRACE_MS } = process.env;
const outgoing = createOutgoing({ allowHttp: false, localReceivers: false });

process.send!('loaded');
await once(process, 'message');
const answers = [];
for (let batch = 0; batch < Number(BATCHES); batch++) {
  const posts = Array.from({ length: Number(BATCH) }, (_, n) =>
    outgoing.post({
      url: receiverUrl(`sub_${batch * Number(BATCH) + n}`, RECEIVERS_PORT!),
      headers: {},
      body: Buffer.from('{}'),
      timeoutMs: Number(TIMEOUT_MS),
      graceMs: Number(GRACE_MS),
    }),
  );
  answers.push(...(await Promise.all(posts)));
}
process.send!(answers);
