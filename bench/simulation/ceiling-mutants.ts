import { takeTurns } from '../../lambdas/domain/endpoint/turns.ts';
import type { Stages } from './stages.ts';
import { senderWith } from './tamper.ts';

/** Bugs in keeping to the ceiling of a subscription. */
export const CEILING_MUTANTS: Record<string, Partial<Stages>> = {
  'sender sends what should wait for its turn': senderWith(({ targets }) => ({
    targets: {
      ...targets,
      async load(keys) {
        const loaded = await targets.load(keys);
        for (const { row } of loaded.values()) if (row) delete row.rate_per_second;
        return loaded;
      },
    },
  })),
  'what comes back because nobody could let it go stays held': senderWith(({ held }) => ({
    held: { ...held, removeRead: async () => undefined },
  })),
  'sender takes no turn': senderWith(({ health }) => ({
    health: { ...health, takeTurns: async (_, { count }) => ({ granted: count, waitMs: 0 }) },
  })),
  'sender takes turns without looking whether others have': senderWith(({ health }, world) => ({
    health: {
      ...health,
      async takeTurns({ subscription }, { count, perSecond, before }, nowMs) {
        const { turns, ...taken } = takeTurns(before, count, perSecond, nowMs);
        const row = world.tables.health.rows.get(subscription);
        if (row) row.turns = turns;
        return taken;
      },
    },
  })),
  'each turn is given twice': senderWith(({ health }) => ({
    health: {
      ...health,
      takeTurns: (key, { perSecond, ...wanted }, nowMs) =>
        health.takeTurns(key, { ...wanted, perSecond: 2 * perSecond }, nowMs),
    },
  })),
  'turns are given of an endpoint that takes nothing': senderWith(({ health }) => ({
    health: { ...health, takeTurns: (key, wanted, nowMs) => health.takeTurns(key, { ...wanted, passes: true }, nowMs) },
  })),
  'what waits for its turn begins its tries anew': senderWith(({ held }) => ({
    held: {
      ...held,
      put: (deliveries) =>
        held.put(
          deliveries.map((one) => {
            const { tries: _, ...message } = JSON.parse(one.message) as { tries?: number };
            return { ...one, message: JSON.stringify(message) };
          }),
        ),
    },
  })),
  'what waits for its turn is let go by nobody': senderWith(({ health }) => ({
    health: { ...health, letOut: async () => undefined },
  })),
  'what waits for its turn is acknowledged though nobody lets it go': senderWith(({ health }) => ({
    health: { ...health, letOut: (key, nowMs) => health.letOut(key, nowMs).catch(() => undefined) },
  })),
};
