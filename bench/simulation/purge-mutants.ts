import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import { graveyardOf } from '../../lambdas/stores/purges.ts';
import type { Stage } from './stage.ts';
import { fanOutDeps } from './sender-deps.ts';
import type { Stages } from './stages.ts';
import { recoveryWith, senderWith } from './tamper.ts';

const knowingNothing = { load: () => Promise.resolve(graveyardOf([])), isUnsure: () => false };

/** Bugs in what becomes of who leaves. */
export const PURGE_MUTANTS: Record<string, Partial<Stages>> = {
  'sender does not know who is purged': senderWith(() => ({ graves: knowingNothing })),
  'fan-out does not know who is purged': {
    fanOut(world, container): Stage {
      const fanOut = createFanOut({ ...fanOutDeps(world, container), graves: knowingNothing });
      return (messages, remainingMs) => fanOut(messages, () => remainingMs() < 10_000);
    },
  },
  'fan-out takes nobody for purged while it cannot be read who is': {
    fanOut(world, container): Stage {
      const deps = fanOutDeps(world, container);
      const fanOut = createFanOut({ ...deps, graves: { ...deps.graves, isUnsure: () => false } });
      return (messages, remainingMs) => fanOut(messages, () => remainingMs() < 10_000);
    },
  },
  'sender takes nobody for purged while it cannot be read who is': senderWith(({ graves }) => ({
    graves: { ...graves, isUnsure: () => false },
  })),
  'a purge does not wait for those who began before it': recoveryWith(({ settings }) => ({
    settings: { ...settings, purgeMs: 0 },
  })),
  'a purge ends behind its first pass': recoveryWith(({ purges, settings }) => ({
    settings: { ...settings, purgeMs: 0 },
    purges: {
      ...purges,
      get: async (id) => {
        const purge = await purges.get(id);
        return purge && purge.pass > 1 ? { ...purge, place: { at: 5 }, found: 0 } : purge;
      },
    },
  })),
  'a purge forgets its next step': recoveryWith(({ next }) => ({
    next: (message, delaySeconds) => (message.job.kind === 'purge' ? Promise.resolve() : next(message, delaySeconds)),
    purges: {
      get: async () => undefined,
      add: async () => undefined,
      advance: async () => false,
      end: async () => undefined,
      tombstones: async () => [],
    },
  })),
};
