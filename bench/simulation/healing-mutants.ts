import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { heal } from '../../lambdas/recovery/heal.ts';
import type { DeliveryQueue } from '../../lambdas/recovery/ports.ts';
import type { Stages } from './stages.ts';
import { forged, recoveryWith, senderWith } from './tamper.ts';

/** A queue whose messages are written otherwise. */
function rewriting(
  queue: DeliveryQueue,
  change: (message: DeliveryMessage) => Partial<DeliveryMessage>,
): DeliveryQueue {
  return {
    send: (entries) => queue.send(entries.map((one) => ({ ...one, body: changed(one.body, change) }))),
  };
}

function changed(body: string, change: (message: DeliveryMessage) => Partial<DeliveryMessage>): string {
  const read = decodeDeliveryMessage(body);
  if (!read.ok || read.message.automatic === undefined) return body;
  return forged({ ...read.message, ...change(read.message) });
}

/** Bugs in what becomes of exhausted deliveries. */
export const HEALING_MUTANTS: Record<string, Partial<Stages>> = {
  'sender forgets what is exhausted': senderWith(({ healing }) => ({
    healing: { ...healing, note: async () => undefined },
  })),
  'sender remembers what nobody may try again': senderWith(({ settings }) => ({
    settings: { ...settings, heal: { ...settings.heal, hours: 24 } },
  })),
  'sender asks for no automatic replay': senderWith(({ healing }) => ({
    healing: { ...healing, askReplay: async () => false },
  })),
  'sender remembers the newest exhausted delivery only': senderWith(({ healing }, world) => ({
    healing: {
      ...healing,
      async note(key, exhausted) {
        await healing.note(key, exhausted);
        const row = world.tables.health.of(key);
        if (row?.heal_event !== undefined) row.heal_event = exhausted.event;
      },
    },
  })),
  'recovery takes a try of an exhausted delivery for a new one': recoveryWith(({ slowLane }) => ({
    slowLane: rewriting(slowLane, ({ heal }) => (heal ? { heal: undefined } : {})),
  })),
  'recovery tries exhausted deliveries again at once': recoveryWith(({ settings }) => ({
    settings: { ...settings, heal: { delaysMs: [60_000] } },
  })),
  'recovery tries an exhausted delivery beside the probe of its endpoint': recoveryWith((deps, world) => {
    const { circuits, held } = deps;
    return {
      circuits: {
        ...circuits,
        async claimProbe(subscription, ...of) {
          const isClaimed = await circuits.claimProbe(subscription, ...of);
          const row = world.tables.health.rows.get(subscription);
          if (isClaimed && row) await heal(row, { ...deps, held: { ...held, oldest: async () => [] } });
          return isClaimed;
        },
      },
    };
  }),
  'recovery tries the newest exhausted delivery': recoveryWith(({ attempts }) => ({
    attempts: {
      ...attempts,
      async exhausted(subscription, from) {
        const page = await attempts.exhausted(subscription, from);
        return { ...page, found: page.found.toReversed() };
      },
    },
  })),
  'recovery forgets exhausted deliveries after the first try': recoveryWith(({ healing }) => ({
    healing: {
      ...healing,
      async claimTry(read, next) {
        const claimed = await healing.claimTry(read, next);
        await healing.end({ ...read, heal_ms: next.nextMs });
        return claimed;
      },
    },
  })),
  'recovery never gives up': recoveryWith(({ now, healing }) => ({
    // For ten days, that the schedule ends.
    healing: {
      ...healing,
      end: (read) => (now() < read.heal_until_ms! + 864e6 ? Promise.resolve(false) : healing.end(read)),
    },
  })),
  'recovery begins no automatic replay': recoveryWith(({ replays, next }) => ({
    replays: { ...replays, create: async () => true },
    next: async (message, seconds) =>
      message.job.kind === 'replay' && message.step === 0 ? undefined : next(message, seconds),
  })),
  'recovery asks twice for the first step of an automatic replay': recoveryWith(({ next }) => ({
    async next(message, seconds) {
      await next(message, seconds);
      if (message.job.kind === 'replay' && message.step === 0) await next(message, seconds);
    },
  })),
  'recovery begins an automatic replay for ever': recoveryWith(({ healing }) => ({
    healing: { ...healing, begun: async () => undefined },
  })),
  'automatic replay takes what was refused for good': recoveryWith(({ replayable, fastLane }) => ({
    replayable: {
      ...replayable,
      page: ({ automatic, ...query }, after) =>
        replayable.page(automatic ? { ...query, outcomes: ['exhausted'] } : query, after),
    },
    fastLane: rewriting(fastLane, () => ({ automatic: 1 })),
  })),
};
