import { formatApiKey } from '../../lambdas/domain/api-key.ts';
import { encodeEventMessage } from '../../lambdas/domain/messages/codec.ts';
import { accepted } from '../../lambdas/domain/messages/events.ts';
import { deliveryBody } from '../sender/requests.ts';
import { CONTEXT, queueEvent } from '../support/invoke.ts';
import { leadCustomersToLoopback } from '../support/network.ts';
import { POSTED, sampleEvent } from '../support/sample.ts';

// Loads one module in a fresh process, invokes it once, and says what CPU both took, milliseconds.

const EVENTS: Record<string, () => unknown> = {
  ingest: () => ({
    routeKey: 'POST /v1/events',
    headers: { authorization: `Bearer ${formatApiKey(new Uint8Array(32))}`, 'content-type': 'application/json' },
    requestContext: { requestId: 'JKJaXmPLvHcESHA=', http: { method: 'POST', path: '/v1/events' } },
    body: POSTED,
    isBase64Encoded: false,
  }),
  'fan-out': () => queueEvent('eventsQueueUrl', [encodeEventMessage(accepted(sampleEvent(1, 'org_1')))]),
  sender: () => queueEvent('deliveriesQueueUrl', [deliveryBody(1)]),
};

leadCustomersToLoopback();
const event = EVENTS[process.env.STAGE!]?.();
const before = process.cpuUsage();
const { handler } = (await import(process.env.HANDLER!)) as {
  handler: (event: unknown, context: unknown) => Promise<{ statusCode?: number; batchItemFailures?: unknown[] }>;
};
if (event !== undefined) {
  const answer = await handler(event, { ...CONTEXT });
  if ((answer.statusCode ?? 200) >= 300 || (answer.batchItemFailures ?? []).length > 0) {
    throw new Error(`Expected the invocation to succeed, got ${JSON.stringify(answer)}`);
  }
}
const { user, system } = process.cpuUsage(before);
process.send!((user + system) / 1000);
