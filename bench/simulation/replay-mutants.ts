import { beginOf, startDeps } from './replays.ts';
import { REAL_STAGES, type Stages } from './stages.ts';
import { recoveryWith } from './tamper.ts';

/** Bugs in replays of what was missed, and of everybody's deliveries. */
export const REPLAY_MUTANTS: Record<string, Partial<Stages>> = {
  'api writes a replay down before it asks for its first step': {
    api(world, container) {
      const deps = startDeps(world, container);
      const { replays, startReplay } = deps;
      let ask = (): Promise<boolean> => Promise.resolve(true);
      return beginOf({
        ...deps,
        startReplay: async (...of) => {
          ask = () => startReplay(...of);
          return true;
        },
        replays: {
          ...replays,
          async create(...of) {
            const isNew = await replays.create(...of);
            await ask();
            return isNew;
          },
        },
      });
    },
  },
  'recovery takes a replay that is not written down yet for one that is over': {
    recovery(world, container) {
      const real = REAL_STAGES.recovery(world, container);
      const withoutTime = (body: string): string => body.replace(/,"asked_ms":\d+/, '');
      return {
        ...real,
        work: (received, remainingMs) =>
          real.work(
            received.map((one) => ({ ...one, body: withoutTime(one.body) })),
            remainingMs,
          ),
      };
    },
  },
  'replay of what was missed notes nothing': recoveryWith(({ events }) => ({
    events: { ...events, addMatch: async (_organization, _event, { format }) => format },
  })),
  'replay of what was missed queues nothing that it has noted': recoveryWith(({ events }) => ({
    events: { ...events, addMatch: async (...of) => void (await events.addMatch(...of)) },
  })),
  'replay of what was missed ends behind its first page': recoveryWith(({ replayable }) => ({
    replayable: {
      ...replayable,
      async page(query, after, wants) {
        const page = await replayable.page(query, after, wants);
        return wants ? { deliveries: page.deliveries } : page;
      },
    },
  })),
  'replay of what was missed takes what matched before': recoveryWith(({ replayable }) => ({
    replayable: {
      ...replayable,
      page: (query, after, wants) => replayable.page(query, after, wants && (() => undefined)),
    },
  })),
  'what was missed is noted as sent behind its first page': recoveryWith(({ replayable, missedSent }) => ({
    replayable: {
      ...replayable,
      async page(query, after, wants) {
        const page = await replayable.page(query, after, wants);
        if (wants) await missedSent(query, { since_ms: 0, until_ms: query.until_ms });
        return page;
      },
    },
  })),
  'what was missed stays noted though it was sent': recoveryWith(() => ({ missedSent: async () => undefined })),
  'a step that comes again makes no note of what was missed': recoveryWith(({ replays, missedSent }) => {
    let isFirst = false;
    return {
      replays: { ...replays, advance: async (...of) => (isFirst = await replays.advance(...of)) },
      missedSent: async (...of) => (isFirst ? missedSent(...of) : undefined),
    };
  }),
  'what was missed since then is forgotten as well': recoveryWith(({ missedSent }) => ({
    missedSent: (key) => missedSent(key, { since_ms: 0, until_ms: Infinity }),
  })),
  'replay of everybody’s deliveries ends behind its first page': recoveryWith(({ replayableMany }) => ({
    replayableMany: {
      async page(...of) {
        const { next: _, ...page } = await replayableMany.page(...of);
        return page;
      },
    },
  })),
  'replay of everybody’s deliveries sends to nobody': recoveryWith(({ replayableMany }) => ({
    replayableMany: { page: (query, after) => replayableMany.page(query, after, () => Promise.resolve(false)) },
  })),
  'replay of everybody’s deliveries sends them all to one subscription': recoveryWith(({ replayableMany }) => ({
    replayableMany: {
      async page(...of) {
        const page = await replayableMany.page(...of);
        return { ...page, deliveries: page.deliveries.map((one) => ({ ...one, subscription: 'sub_0' })) };
      },
    },
  })),
};
