import type { InHand, TakeInHand } from '../../lambdas/domain/messages/in-hand.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import { recoveryDeps } from './recovery-deps.ts';
import { fanOutDeps } from './sender-deps.ts';
import { recoveryOf, type Stages } from './stages.ts';
import { senderWith } from './tamper.ts';

/** A sender that takes its batches in hand otherwise. */
export const senderTaking = (tamper: (real: TakeInHand) => TakeInHand): Partial<Stages> =>
  senderWith(({ queues }) => ({
    queues: { ...queues, take: { fast: tamper(queues.take.fast), slow: tamper(queues.take.slow) } },
  }));

/** Gives back what the sender wants to give back, and takes nothing in hand. */
const notTaking =
  (real: TakeInHand): TakeInHand =>
  () =>
    real([]);

/** Takes in hand once, and says no more afterwards. */
const once =
  (real: TakeInHand): TakeInHand =>
  (messages) => {
    const first = real(messages);
    void first.end();
    return real([]);
  };

/** Bugs in how messages are kept while they are worked on. */
export const IN_HAND_MUTANTS: Record<string, Partial<Stages>> = {
  'sender takes nothing in hand': senderTaking(notTaking),
  'sender never prolongs what it has in hand': senderTaking(once),
  'sender prolongs what it has just given back': senderTaking((real) => (messages) => {
    const given = real([]);
    const giveBack: InHand['giveBack'] = async (changes) => {
      await given.giveBack(changes);
      const back = new Set(changes.map(({ receiptHandle }) => receiptHandle));
      await real(messages.filter(({ receiptHandle }) => back.has(receiptHandle))).end();
    };
    return { giveBack, end: (stay) => given.end(stay) };
  }),
  'fan-out takes nothing in hand': {
    fanOut(world, container) {
      const deps = fanOutDeps(world, container);
      const fanOut = createFanOut({ ...deps, take: notTaking(deps.take) });
      return (messages, remainingMs) => fanOut(messages, () => remainingMs() < 10_000);
    },
  },
  'recovery takes nothing in hand': {
    recovery(world, container) {
      const deps = recoveryDeps(world, container);
      return recoveryOf(world, container, { ...deps, take: notTaking(deps.take) });
    },
  },
};
