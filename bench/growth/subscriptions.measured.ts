import { encodeEventMessage } from '../../lambdas/domain/messages/codec.ts';
import { accepted } from '../../lambdas/domain/messages/events.ts';
import { loadHandler, invokeQueueHandler, queueEvent, type QueueHandler } from '../support/invoke.ts';
import { measureRounds } from '../support/rounds.ts';
import { sampleEvent } from '../support/sample.ts';

// One event to more and more subscriptions.

const handler = await loadHandler<QueueHandler>(process.env.HANDLER!);
const contenders = [10, 100, 1000, 10_000].map((subscriptions) => {
  const body = encodeEventMessage(accepted(sampleEvent(1, `org_${subscriptions}`)));
  const event = queueEvent('eventsQueueUrl', [body]);
  const name = `${subscriptions} subscriptions`;
  return { name, units: subscriptions, run: () => invokeQueueHandler(handler, event) };
});
process.send!(await measureRounds(contenders, { rounds: 5, unitsPerRound: Number(process.env.UNITS) }));
