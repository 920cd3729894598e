import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import type { Stage } from './stage.ts';
import { fanOutDeps } from './sender-deps.ts';
import type { Stages } from './stages.ts';
import { recoveryWith, senderWith } from './tamper.ts';

/** After so long without a line of a release's step it goes on, milliseconds. */
const SILENCE_MS = 100_000;

/** Bugs in what organizations are told of their endpoints. */
export const TOLD_MUTANTS: Record<string, Partial<Stages>> = {
  'sender counts no exhausted deliveries': senderWith(({ told }) => ({
    told: { ...told, countExhausted: async () => undefined },
  })),
  'sender counts exhausted deliveries twice': senderWith(({ told }) => ({
    told: { ...told, countExhausted: (key, count, fromMs) => told.countExhausted(key, 2 * count, fromMs) },
  })),
  'recovery tells without a claim': recoveryWith(({ told }) => ({ told: { ...told, claim: async () => true } })),
  'recovery claims for good before it queues': recoveryWith(({ told }) => ({
    told: {
      ...told,
      claim: async (read, name, telling) => {
        const { due: _, ...rest } = telling;
        return told.claim(read, name, rest as typeof telling);
      },
    },
  })),
  'recovery takes what it claimed for queued': recoveryWith(({ publish }, world) => ({
    publish: async (event) => (world.chance.happens(0.5) ? publish(event) : undefined),
  })),
  'recovery makes a new id whenever it tells': recoveryWith(({ publish }, world) => ({
    publish: (event) => publish({ ...event, enqueued_ms: world.timeline.now + 1 }),
  })),
  'recovery never forgets what it told last': recoveryWith(({ told }) => ({
    told: { ...told, queued: async () => undefined },
  })),
  'release takes silence for a refusal': recoveryWith(({ attempts, now }) => {
    const askedMs = new Map<string, number>();
    return {
      attempts: {
        ...attempts,
        async latestBetween(subscription, from, to) {
          const real = await attempts.latestBetween(subscription, from, to);
          const part = `${subscription} ${from} ${to}`;
          const sinceMs = askedMs.get(part) ?? now();
          askedMs.set(part, sinceMs);
          if (real.size > 0 || now() - sinceMs < SILENCE_MS) return real;
          return new Map([[from, { outcome: 'failed', attempted_ms: now(), format: 'standard' }]]);
        },
      },
    };
  }),
  'fan-out tells endpoints of themselves': {
    fanOut(world, container): Stage {
      const deps = fanOutDeps(world, container);
      const { events } = deps;
      const fanOut = createFanOut({
        ...deps,
        events: {
          record: (event, matches) => {
            const { resource_id: subscription } = event;
            const isTold = subscription !== undefined && event.type.startsWith('posthorn.');
            return events.record(event, isTold ? [...matches, { subscription, format: 'standard' }] : matches);
          },
        },
      });
      return (messages, remainingMs) => fanOut(messages, () => remainingMs() < 10_000);
    },
  },
};
