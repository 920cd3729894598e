import { keptLine } from '../../lambdas/domain/delivery/kept-line.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import { feedDeps, feedOf } from './feeds.ts';
import type { Stages } from './stages.ts';
import { recoveryWith, senderWith } from './tamper.ts';

/** Bugs on the way of what is fetched. */
export const FEED_MUTANTS: Record<string, Partial<Stages>> = {
  'an acknowledgement ends all up to its event': {
    feed(world, container) {
      const deps = feedDeps(world, container);
      return {
        ...feedOf(deps),
        async acknowledge(row, { through }) {
          const { items } = await deps.held.page(String(row.id), 100);
          const ended = items.filter(({ event_id }) => event_id <= through);
          const lines = ended.flatMap(({ message, held_ms }) => {
            const read = decodeDeliveryMessage(message);
            const end = { outcome: 'delivered' as const, atMs: deps.now(), heldMs: held_ms, fetchedMs: deps.now() };
            return read.ok ? [keptLine(read.message, end)] : [];
          });
          if ((await deps.attempts.append(lines)).length === 0) await deps.held.removeRead(ended);
        },
      };
    },
  },
  'an acknowledgement writes no line': {
    feed: (world, container) => {
      const deps = feedDeps(world, container);
      return feedOf({ ...deps, attempts: { append: () => Promise.resolve([]) } });
    },
  },
  'sender sends what is fetched': senderWith(({ targets }) => ({
    targets: {
      ...targets,
      load: async (keys) =>
        new Map(
          [...(await targets.load(keys))].map(([name, target]) => [
            name,
            { ...target, row: target.row && { ...target.row, delivery: 'push' } },
          ]),
        ),
    },
  })),
  'sender keeps nothing for the feed': senderWith(({ held }, world) => ({
    held: {
      ...held,
      put: (rows) => held.put(rows.filter(({ subscription }) => !world.fetched.has(subscription))),
    },
  })),
  'recovery releases what is fetched': recoveryWith(({ subscriptions }) => ({
    subscriptions: {
      get: async (organization, id) => {
        const row = await subscriptions.get(organization, id);
        return row && { ...row, delivery: 'push' };
      },
    },
  })),
};
