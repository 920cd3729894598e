import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import { createSender } from '../../lambdas/sender/sender.ts';
import type { Container } from './container.ts';
import type { Received } from './queue.ts';
import { CEILING_MUTANTS } from './ceiling-mutants.ts';
import { COUNTS_MUTANTS } from './counts-mutants.ts';
import { FEED_MUTANTS } from './feed-mutants.ts';
import { HEALING_MUTANTS } from './healing-mutants.ts';
import { IN_HAND_MUTANTS, senderTaking } from './in-hand-mutants.ts';
import { REPLAY_MUTANTS } from './replay-mutants.ts';
import { RECOVERY_MUTANTS } from './recovery-mutants.ts';
import type { Stage } from './stage.ts';
import { senderDeps } from './sender-deps.ts';
import { REAL_STAGES, type Stages } from './stages.ts';
import { PURGE_MUTANTS } from './purge-mutants.ts';
import { answering, senderWith, through } from './tamper.ts';
import { TOLD_MUTANTS } from './told-mutants.ts';
import { TROUBLE_MUTANTS } from './trouble-mutants.ts';
import type { World } from './world.ts';

type Ingest = ReturnType<Stages['ingest']>;

const ignoringFailures =
  (container: Container): Container['call'] =>
  (effect) =>
    container.call(effect).catch(() => new Set() as never);

const withReceiveCount =
  (count: (real: number) => number) =>
  (received: readonly Received[]): Received[] =>
    received.map((message) => ({
      ...message,
      attributes: {
        ...message.attributes,
        ApproximateReceiveCount: String(count(Number(message.attributes.ApproximateReceiveCount))),
      },
    }));

/** Bugs on the way of an event. */
const FLOW_MUTANTS: Record<string, Partial<Stages>> = {
  'ingest answers before SQS has the event': {
    ingest(world, container): Ingest {
      const early = through(container, ((effect: () => unknown) => {
        void container.call(effect).catch(() => undefined);
        return Promise.resolve(undefined);
      }) as Container['call']);
      return REAL_STAGES.ingest(world, early);
    },
  },
  'ingest ignores what SQS refused': {
    ingest: (world, container) => REAL_STAGES.ingest(world, through(container, ignoringFailures(container))),
  },
  'ingest forgets its idempotency keys': {
    ingest(world, container): Ingest {
      const real = REAL_STAGES.ingest(world, container);
      let n = 0;
      return (text, key) => real(text, `${key}-${world.timeline.now}-${n++}`);
    },
  },
  'fan-out acknowledges whatever happened': answering('fanOut', async (real) => {
    await real();
    return [];
  }),
  'fan-out acknowledges before it queues': answering('fanOut', async (real) => {
    void real();
    return [];
  }),
  'fan-out ignores what SQS refused': {
    fanOut: (world, container) => REAL_STAGES.fanOut(world, through(container, ignoringFailures(container))),
  },
  'fan-out never acknowledges': answering('fanOut', async (real, received) => {
    await real();
    return received.map(({ messageId }) => messageId);
  }),
  'fan-out sends to every organization': {
    fanOut(world, container): Stage {
      const everybody = Object.create(world) as World;
      const tables = Object.create(world.tables) as World['tables'];
      tables.rows = (calls) => ({
        ...world.tables.rows(calls),
        pages: async function* (organization) {
          yield await calls.call(() => world.tables.subscriptions.map((row) => ({ ...row, organization })));
        },
      });
      Object.defineProperty(everybody, 'tables', { value: tables });
      return REAL_STAGES.fanOut(everybody, container);
    },
  },
  'fan-out matches rows that say nothing is sent': {
    fanOut(world, container): Stage {
      const blind = Object.create(world) as World;
      const tables = Object.create(world.tables) as World['tables'];
      tables.rows = (calls) => ({
        ...world.tables.rows(calls),
        pages: async function* (organization) {
          for await (const rows of world.tables.rows(calls).pages(organization)) {
            yield rows.map(({ problem: _, ...row }) => row);
          }
        },
      });
      Object.defineProperty(blind, 'tables', { value: tables });
      return REAL_STAGES.fanOut(blind, container);
    },
  },
  'sender reads nothing when two organizations have one id': senderWith(({ targets }) => ({
    targets: {
      ...targets,
      load: async (keys) => {
        const organizations = new Map(keys.map((key) => [key.subscription, key.organization]));
        // DynamoDB refuses a call that names one key of a table twice.
        if (keys.some((key) => organizations.get(key.subscription) !== key.organization)) throw new Error('refused');
        return targets.load(keys);
      },
    },
  })),
  'sender takes every id for its own organization’s': senderWith(({ targets }) => ({
    targets: {
      ...targets,
      load: async (keys) => {
        const loaded = await targets.load(keys);
        return new Map([...loaded].map(([name, { owner: _, ...target }]) => [name, target]));
      },
    },
  })),
  'sender acknowledges before it sends': answering('sender', async (real) => {
    void real();
    return [];
  }),
  'sender acknowledges failures': answering('sender', async (real) => {
    await real();
    return [];
  }),
  'sender fails the whole batch for one failure': {
    sender(world, container, lane): Stage {
      const { queues } = senderDeps(world, container);
      const real = REAL_STAGES.sender(world, container, lane);
      return async (received, remainingMs) => {
        const failed = await real(received, remainingMs);
        if (failed.length === 0) return failed;
        const atMs = world.timeline.now + 10_000;
        await queues.take[lane]([]).giveBack(received.map(({ receiptHandle }) => ({ receiptHandle, atMs })));
        return received.map(({ messageId }) => messageId);
      };
    },
  },
  'sender counts receives from 0': senderWith(
    () => ({}),
    withReceiveCount((real) => real - 1),
  ),
  'sender takes every receive for the first': senderWith(
    () => ({}),
    withReceiveCount(() => 1),
  ),
  'sender gives up one try too early': senderWith(
    () => ({}),
    withReceiveCount((real) => real + 1),
  ),
  'sender repeats deliveries when the log fails': {
    sender(world, container, lane): Stage {
      let failed = false;
      const deps = senderDeps(world, container);
      const append: SenderDeps['attempts']['append'] = async (attempts) => {
        const missing = await deps.attempts.append(attempts);
        failed ||= missing.length > 0;
        return missing;
      };
      const sender = createSender({ ...deps, attempts: { ...deps.attempts, append } });
      return async (received, remainingMs) => {
        failed = false;
        const open = await sender({ lane, messages: received, remainingMs });
        return failed ? received.map(({ messageId }) => messageId) : open;
      };
    },
  },
  'sender writes no log': senderWith((deps) => ({ attempts: { ...deps.attempts, append: async () => [] } })),
  'sender logs success whatever the answer': senderWith((deps) => ({
    attempts: {
      ...deps.attempts,
      append: (attempts) =>
        deps.attempts.append(attempts.map((one) => ({ ...one, outcome: 'delivered' as const, status: 200 }))),
    },
  })),
  'sender drops exhausted deliveries': {
    sender(world, container, lane): Stage {
      const real = REAL_STAGES.sender(world, container, lane);
      return async (received, remainingMs) => {
        const last = received.filter((one) => one.attributes.ApproximateReceiveCount === '4');
        const dropped = new Set(last.map(({ messageId }) => messageId));
        return (await real(received, remainingMs)).filter((id) => !dropped.has(id));
      };
    },
  },
  'sender tries again at once': senderTaking((take) => (messages) => {
    const inHand = take(messages);
    return {
      giveBack: (changes) => inHand.giveBack(changes.map((one) => ({ ...one, atMs: 0 }))),
      end: (stay) => inHand.end(stay),
    };
  }),
  'sender writes the time into the body': senderWith((deps, world) => ({
    customers: {
      ...deps.customers,
      post: (request) =>
        deps.customers.post({
          ...request,
          body: Buffer.concat([Buffer.from(String(world.timeline.now)), request.body]),
        }),
    },
  })),
  'sender makes a new id for every try': senderWith((deps, world) => ({
    customers: {
      ...deps.customers,
      post: (request) =>
        deps.customers.post({
          ...request,
          headers: { ...request.headers, 'webhook-id': `evt_${world.timeline.now}` },
        }),
    },
  })),
  'sender keeps sending after 410': senderWith((deps) => ({
    customers: {
      ...deps.customers,
      post: async (request) => {
        const answer = await deps.customers.post(request);
        return answer.kind === 'response' && answer.status === 410 ? { ...answer, status: 500 } : answer;
      },
    },
  })),
};

/** Bugs that people make, one for each place where a crash or a fault can strike. The simulation must find every one. */
export const MUTANTS: Record<string, Partial<Stages>> = {
  ...FLOW_MUTANTS,
  ...TROUBLE_MUTANTS,
  ...RECOVERY_MUTANTS,
  ...IN_HAND_MUTANTS,
  ...HEALING_MUTANTS,
  ...FEED_MUTANTS,
  ...PURGE_MUTANTS,
  ...CEILING_MUTANTS,
  ...TOLD_MUTANTS,
  ...REPLAY_MUTANTS,
  ...COUNTS_MUTANTS,
};

/** A mutant's stages: its own, and the real ones beside. */
export function stagesOf(mutant: string): Stages {
  return { ...REAL_STAGES, ...MUTANTS[mutant]! };
}
