import type { Principal } from '../../lambdas/domain/api-key.ts';
import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import type { SubscriptionRules } from '../../lambdas/domain/read-subscription.ts';
import { createFanOut } from '../../lambdas/fan-out/fan-out.ts';
import { acceptEvent } from '../../lambdas/ingest/accept.ts';
import { createSender } from '../../lambdas/sender/sender.ts';
import type { Lane, SenderDeps } from '../../lambdas/sender/ports.ts';
import { Container, type Trouble } from './container.ts';
import { Endpoints } from './endpoints.ts';
import { SimulatedQueue, type Received } from './queue.ts';
import { createChance, type Chance } from './random.ts';
import { Tables } from './tables.ts';
import { Timeline } from './timeline.ts';

/** What one stage does with a batch; returns the ids of the messages that are not done. */
export type Stage = (messages: readonly Received[], remainingMs: () => number) => Promise<readonly string[]>;

/** Makes a stage inside a container; mutants replace these by broken ones. */
export interface Stages {
  ingest(world: World, container: Container): (text: string, idempotencyKey: string) => Promise<unknown>;
  fanOut(world: World, container: Container): Stage;
  sender(world: World, container: Container, lane: Lane): Stage;
}

/** Deadlines and visibility as in lib/posthorn-stack.ts, milliseconds. */
const FAN_OUT_MS = 120_000;
const SENDER_MS = 45_000;
const BATCH = 10;

const nothing = (): void => undefined;
export const silent = { info: nothing, warn: nothing, error: nothing };
export const noMeter = { count: nothing, milliseconds: nothing };
const rules: SubscriptionRules = {
  checkUrl: (url) => ({ ok: true, url }),
  knownTypes: new Set(catalogue.types.map(({ name }) => name)),
};
const KEY: Principal = { keyId: 'key_producer', scopes: ['events:write'] };

/** Queues, tables, endpoints and time, all simulated, around the real logic of the stages. */
export class World {
  readonly timeline = new Timeline();
  readonly chance: Chance;
  readonly tables = new Tables();
  readonly endpoints: Endpoints;
  readonly trouble: Trouble;
  readonly events: SimulatedQueue;
  readonly eventsDeadLetters: SimulatedQueue;
  readonly deliveries: Record<Lane, SimulatedQueue>;
  readonly deliveriesDeadLetters: SimulatedQueue;
  /** Processes that died. */
  crashes = 0;

  constructor(seed: number, trouble: Trouble) {
    this.chance = createChance(seed);
    this.trouble = trouble;
    this.endpoints = new Endpoints(this.timeline, this.chance);
    const queue = (visibilityMs: number, maxReceives: number, deadLetters?: SimulatedQueue): SimulatedQueue =>
      new SimulatedQueue(this.timeline, this.chance, {
        visibilityMs,
        maxReceives,
        duplicateProbability: deadLetters ? trouble.duplicate : 0,
        ...(deadLetters ? { deadLetters } : {}),
      });
    this.eventsDeadLetters = queue(30_000, Infinity);
    this.deliveriesDeadLetters = queue(30_000, Infinity);
    this.events = queue(6 * FAN_OUT_MS, 5, this.eventsDeadLetters);
    this.deliveries = {
      fast: queue(6 * SENDER_MS, 4, this.deliveriesDeadLetters),
      slow: queue(6 * SENDER_MS, 4, this.deliveriesDeadLetters),
    };
  }

  /** Nothing but the delivery log can fail. */
  get calm(): boolean {
    const { crash, refused, lostAnswer, duplicate } = this.trouble;
    return crash + refused + lostAnswer + duplicate === 0;
  }

  /** Connects queues and stages as event source mappings do. */
  start(stages: Stages): void {
    this.#consume(this.events, FAN_OUT_MS, (container) => stages.fanOut(this, container));
    for (const lane of ['fast', 'slow'] as const) {
      this.#consume(this.deliveries[lane], SENDER_MS, (container) => stages.sender(this, container, lane));
    }
  }

  container(): Container {
    return new Container(this.timeline, this.chance, this.trouble);
  }

  #consume(queue: SimulatedQueue, timeoutMs: number, make: (container: Container) => Stage): void {
    const idle: { container: Container; stage: Stage }[] = [];
    queue.wake = () => {
      const messages = queue.receive(BATCH);
      if (messages.length === 0) return;
      const environment = idle.pop() ?? this.#environment(make);
      const { container, stage } = environment;
      const end = this.timeline.now + timeoutMs;
      this.timeline.after(timeoutMs, () => !done && container.die());
      let done = false;
      void stage(messages, () => end - this.timeline.now).then(
        (failed) => {
          done = true;
          const left = new Set(failed);
          for (const { messageId } of messages) if (!left.has(messageId)) queue.delete(messageId);
          idle.push(environment);
        },
        () => (done = true),
      );
    };
  }

  #environment(make: (container: Container) => Stage): { container: Container; stage: Stage } {
    const container = this.container();
    const died = container.die.bind(container);
    container.die = () => {
      if (!container.dead) this.crashes += 1;
      died();
    };
    return { container, stage: make(container) };
  }
}

/** Sends to a queue as SendMessageBatch does: part of it may fail, and a lost answer counts as failed. */
export function sendAll(container: Container, queue: SimulatedQueue) {
  return async (entries: readonly { body: string }[]): Promise<Set<number>> => {
    const failed = new Set<number>();
    await Promise.all(
      entries.map(({ body }, index) => container.call(() => queue.send(body)).catch(() => void failed.add(index))),
    );
    return failed;
  };
}

/** The stages as they are. */
export const REAL_STAGES: Stages = {
  ingest(world, container) {
    const ids = createIds({ now: () => world.timeline.now, random: () => world.chance.next() });
    const dependencies = {
      catalogue,
      ids,
      idempotency: world.tables.idempotency(container),
      queue: { send: sendAll(container, world.events) },
      now: () => world.timeline.now,
      sleep: (ms: number) => world.timeline.sleep(ms),
    };
    return (text, idempotencyKey) => acceptEvent(dependencies, { principal: KEY, text, idempotencyKey });
  },
  fanOut(world, container) {
    const fanOut = createFanOut({
      subscriptions: world.tables.rows(container),
      events: world.tables.events(container),
      lanes: { load: () => container.call(() => ({ isSlow: () => false })) },
      queues: {
        fast: { send: sendAll(container, world.deliveries.fast) },
        slow: { send: sendAll(container, world.deliveries.slow) },
      },
      toDeadLetters: sendAll(container, world.eventsDeadLetters),
      rules,
      log: silent,
      meter: noMeter,
      errorFields: () => ({}),
      now: () => world.timeline.now,
      sleep: (ms) => world.timeline.sleep(ms),
    });
    return (messages, remainingMs) => fanOut(messages, () => remainingMs() < 10_000);
  },
  sender: (world, container, lane) => {
    const sender = createSender(senderDeps(world, container));
    return (messages, remainingMs) => sender({ lane, messages, remainingMs });
  },
};

/** What the sender gets in a container. */
export function senderDeps(world: World, container: Container): SenderDeps {
  const ids = createIds({ now: () => world.timeline.now, random: () => world.chance.next() });
  return {
    customers: world.endpoints.from(container),
    targets: world.tables.targets(container),
    attempts: world.tables.log(container),
    held: world.tables.holding(container),
    health: { apply: async () => undefined, open: async () => false },
    queues: {
      changeVisibility: (lane, changes) =>
        container
          .call(() => {
            for (const { receiptHandle, seconds } of changes)
              world.deliveries[lane].changeVisibility(receiptHandle, seconds);
          })
          .catch(nothing),
      toSlowLane: sendAll(container, world.deliveries.slow),
      toDeadLetters: sendAll(container, world.deliveriesDeadLetters),
    },
    replays: { count: async () => undefined },
    release: async () => undefined,
    log: silent,
    meter: noMeter,
    errorFields: () => ({}),
    rules,
    resourceOf: (type) => catalogue.get(type)?.resource ?? null,
    settings: {
      delays: [10, 60, 180],
      circuit: { failures: 1_000_000, spanMs: 60_000 },
      version: '0',
      clinicV1StatusCodes: {},
      clinicV1Sunset: '',
    },
    now: () => world.timeline.now,
    after: (ms, happen) => {
      let isDue = true;
      world.timeline.after(ms, () => isDue && happen());
      return () => void (isDue = false);
    },
    random: () => world.chance.next(),
    newUlid: ids.attempt,
  };
}
