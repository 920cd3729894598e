import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { ComeBack } from '../../lambdas/domain/delivery/trouble.ts';
import type { TakeInHand } from '../../lambdas/domain/messages/in-hand.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import type { Received } from './queue.ts';
import type { Stage } from './stage.ts';
import { fanOutDeps } from './sender-deps.ts';
import type { Stages } from './stages.ts';
import { forged, senderWith } from './tamper.ts';

/**
 * A sender that writes other things into the messages that take the place of others.
 * @param isMeant by how long they are delayed. @default all
 */
const resumingWith = (
  change: (message: DeliveryMessage) => Partial<DeliveryMessage>,
  isMeant: (delaySeconds: number | undefined) => boolean = () => true,
): Partial<Stages> =>
  senderWith(({ queues }) => ({
    queues: {
      ...queues,
      send: (lane, messages) =>
        queues.send(
          lane,
          messages.map((one) => (isMeant(one.delaySeconds) ? { ...one, body: changed(one.body, change) } : one)),
        ),
    },
  }));

function changed(body: string, change: (message: DeliveryMessage) => Partial<DeliveryMessage>): string {
  const read = decodeDeliveryMessage(body);
  if (!read.ok || read.message.resumed_ms === undefined) return body;
  return forged({ ...read.message, ...change(read.message) });
}

/** A fan-out in which events come back otherwise. */
const fanOutComingBack = (tamper: (real: ComeBack) => ComeBack): Partial<Stages> => ({
  fanOut(world, container): Stage {
    const deps = fanOutDeps(world, container);
    const fanOut = createFanOut({ ...deps, comeBack: tamper(deps.comeBack) });
    return (messages, remainingMs) => fanOut(messages, () => remainingMs() < 10_000);
  },
});

/** As if each message had been handed out for the first time just now: then no receive seems to have been lost. */
const withoutLoss = (received: readonly Received[]): Received[] =>
  received.map((message) => ({
    ...message,
    attributes: { ...message.attributes, ApproximateFirstReceiveTimestamp: String(Number.MAX_SAFE_INTEGER) },
  }));

/** Bugs in what becomes of our own failures. */
export const TROUBLE_MUTANTS: Record<string, Partial<Stages>> = {
  'sender counts our own failures as tries': resumingWith(({ tries = 0 }) => ({ tries: tries + 1 })),
  'sender forgets the tries before': resumingWith(() => ({ tries: 0 })),
  'retries of an endpoint that hangs stay in the fast lane': senderWith(({ queues, targets }) => ({
    queues: { ...queues, send: (_lane, messages) => queues.send('fast', messages) },
    targets: {
      ...targets,
      async load(keys) {
        const loaded = await targets.load(keys);
        for (const { health } of loaded.values()) delete health?.slow_until_ms;
        return loaded;
      },
    },
  })),
  'sender has long waits spent in flight': senderWith(({ queues }) => {
    const long =
      (take: TakeInHand): TakeInHand =>
      (messages) => {
        const inHand = take(messages);
        return {
          giveBack: (changes) => inHand.giveBack(changes.map((one) => ({ ...one, atMs: one.atMs + 100_000 }))),
          end: (stay) => inHand.end(stay),
        };
      };
    return { queues: { ...queues, take: { fast: long(queues.take.fast), slow: long(queues.take.slow) } } };
  }),
  'sender forgets since when it is in trouble': resumingWith(({ resumed_ms }) => ({ trouble_ms: resumed_ms })),
  'a delivery that is handed over forgets since when it is in trouble': resumingWith(
    () => ({ trouble_ms: undefined }),
    // What comes back later is delayed.
    (delaySeconds) => delaySeconds === undefined,
  ),
  'sender gives up at the first return': resumingWith(() => ({ trouble_ms: 0 })),
  'sender sends again what came back without asking the log': resumingWith(() => ({
    recheck: undefined,
    resumed_ms: undefined,
  })),
  'sender acknowledges although SQS refused the new message': senderWith(({ queues }) => ({
    queues: {
      ...queues,
      async send(lane, messages) {
        await queues.send(lane, messages);
        return new Set();
      },
    },
  })),
  'sender keeps in the queue what fails for a reason of ours': senderWith(({ queues }) => ({
    queues: { ...queues, send: async (_lane, messages) => new Set(messages.keys()) },
  })),
  'sender takes a receive that was lost for a try': senderWith(() => ({}), withoutLoss),
  'fan-out acknowledges although SQS refused the new message': fanOutComingBack((real) => async (troubled) => {
    const { buried } = await real(troubled);
    return { stay: new Set(), buried };
  }),
  'fan-out keeps in the queue what fails for a reason of ours': fanOutComingBack(() => async (troubled) => ({
    stay: new Set(troubled.keys()),
    buried: 0,
  })),
  'fan-out forgets since when it is in trouble': fanOutComingBack(
    (real) => (troubled) => real(troubled.map((one) => ({ ...one, troubleMs: undefined }))),
  ),
};
