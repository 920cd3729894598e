import { MAX_ATTEMPTS } from '../../lambdas/domain/limits.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import { createChance } from '../simulation/random.ts';
import type { Delivery } from './delivery.ts';
import type { Endpoint } from './endpoints.ts';
import { Account, EventSource } from './event-source.ts';
import { fanOut, type ModelEvent } from './fan-out.ts';
import { ModelHealth } from './health.ts';
import { ModelQueue } from './queue.ts';
import { ModelRecovery } from './recovery.ts';
import { Ages, type Sample, type Summary } from './results.ts';
import { ModelSender, type Lane } from './sender.ts';
import { ModelTable, NEW_TABLE_UNITS } from './table.ts';
import { Timeline } from './timeline.ts';

/** What can be turned. The names of the deploy-time settings where there is one. */
export interface ModelOptions {
  seed: number;
  /** Server of a subscription. */
  endpoints: (subscription: string, chance: ReturnType<typeof createChance>) => Endpoint;
  /** Whose ages count: endpoints that are well. @default all */
  isHealthy?: (subscription: string) => boolean;
  senderConcurrency?: number;
  slowSenderConcurrency?: number;
  fanOutConcurrency?: number;
  senderBatchSize?: number;
  /** Concurrency of the AWS account. @default 1000 */
  accountConcurrency?: number;
  /** Write units a second that the tables Attempts and Events take at once. @default those of new tables */
  warmUnits?: number;
  /** Seconds. @default 10 */
  timeoutSeconds?: number;
  /** @default true */
  lanes?: boolean;
  /** @default as the code does it */
  flagAtOnce?: boolean;
  /** @default true; without, a failure is the end */
  retries?: boolean;
}

/** A line of the delivery log is about 0.8 KB; a long answer makes it more. */
const ATTEMPT_UNITS = 1;
/** GB of the functions (lib/posthorn-stack.ts). */
const SENDER_GB = 0.5;
const FAN_OUT_GB = 1;
const EVENT_RECEIVES = 5;
/** Failures that open a circuit when there are no retries: what is compared with has none of both. */
const NO_CIRCUIT = Infinity;

/** Posthorn between its queues, on paper: AWS's scaling rules around the rules of lambdas/domain. */
export class Model {
  readonly timeline = new Timeline();
  readonly account: Account;
  readonly samples: Sample[] = [];
  readonly #options: ModelOptions;
  readonly #health = new ModelHealth();
  readonly #events: ModelQueue<ModelEvent>;
  readonly #queues: Record<Lane, ModelQueue<Delivery>>;
  readonly #sources: Record<Lane | 'events', Pick<EventSource<unknown>, 'busy' | 'mostBusy' | 'starved' | 'billedMs'>>;
  readonly #sender: ModelSender;
  readonly #recovery: ModelRecovery;
  readonly #attempts: ModelTable;
  readonly #eventsTable: ModelTable;
  readonly #ages = new Ages();
  readonly #ended = { delivered: 0, exhausted: 0, expected: 0, lastMs: 0 };

  constructor(options: ModelOptions) {
    this.#options = options;
    const { timeline } = this;
    const { warmUnits = NEW_TABLE_UNITS, accountConcurrency, retries = true } = options;
    this.account = new Account(accountConcurrency);
    const receives = retries ? MAX_ATTEMPTS : 1;
    this.#events = new ModelQueue(timeline, EVENT_RECEIVES);
    this.#queues = { fast: new ModelQueue(timeline, receives), slow: new ModelQueue(timeline, receives) };
    this.#attempts = new ModelTable(timeline, warmUnits);
    this.#eventsTable = new ModelTable(timeline, warmUnits);
    const heldRows = new ModelTable(timeline, warmUnits);
    const probeMs = DEFAULTS.probeSeconds * 1000;
    this.#recovery = new ModelRecovery({ timeline, health: this.#health, slow: this.#queues.slow, heldRows, probeMs });
    this.#sender = this.#makeSender(heldRows);
    this.#sources = this.#makeSources();
  }

  #makeSender(heldRows: ModelTable): ModelSender {
    const { seed, endpoints, lanes = true, flagAtOnce = true, timeoutSeconds = 10, retries = true } = this.#options;
    const chance = createChance(seed);
    const servers = new Map<string, Endpoint>();
    return new ModelSender({
      timeline: this.timeline,
      chance,
      rules: {
        delays: DEFAULTS.retryDelays as [number, number, number],
        circuit: { failures: retries ? DEFAULTS.circuitFailures : NO_CIRCUIT, spanMs: DEFAULTS.circuitSeconds * 1000 },
        timeoutMs: timeoutSeconds * 1000,
        lanes,
        flagAtOnce,
        attemptUnits: ATTEMPT_UNITS,
      },
      endpoints: (subscription) => {
        let server = servers.get(subscription);
        if (!server) servers.set(subscription, (server = endpoints(subscription, chance)));
        return server;
      },
      health: this.#health,
      queues: this.#queues,
      attempts: this.#attempts,
      heldRows,
      hold: (delivery) => this.#recovery.hold(delivery),
      onRecovered: (subscription) => this.#recovery.release(subscription),
      onEnd: (delivery, outcome, endedMs) => this.#end(delivery, outcome, endedMs),
    });
  }

  #makeSources(): Record<Lane | 'events', EventSource<never>> {
    const { timeline, account } = this;
    const {
      senderConcurrency = DEFAULTS.senderConcurrency,
      slowSenderConcurrency = DEFAULTS.slowSenderConcurrency,
      fanOutConcurrency = DEFAULTS.fanOutConcurrency,
      senderBatchSize: batchSize = DEFAULTS.senderBatchSize,
      lanes = true,
    } = this.#options;
    const lane = (name: Lane, maxConcurrency: number): EventSource<Delivery> =>
      new EventSource({
        timeline,
        queue: this.#queues[name],
        account,
        batchSize,
        windowMs: batchSize > 10 ? 1000 : 0,
        maxConcurrency,
        invoke: (batch, done) => this.#sender.invoke(name, batch, done),
      });
    const events = new EventSource<ModelEvent>({
      timeline,
      queue: this.#events,
      account,
      batchSize: 10,
      windowMs: 0,
      maxConcurrency: fanOutConcurrency,
      invoke: (batch, done) =>
        fanOut(batch, done, {
          timeline,
          queues: this.#queues,
          events: this.#eventsTable,
          queue: this.#events,
          health: this.#health,
          lanes,
        }),
    });
    return { fast: lane('fast', senderConcurrency), slow: lane('slow', slowSenderConcurrency), events } as never;
  }

  /** An event that ingest accepts now. */
  accept(organization: string, subscriptions: readonly string[]): void {
    this.#ended.expected += subscriptions.length;
    this.#events.send({ organization, subscriptions, enqueuedMs: this.timeline.nowMs });
  }

  /** A delivery that fan-out has queued now, for what begins there. */
  deliver(subscription: string): void {
    this.#ended.expected += 1;
    this.#queues.fast.send({ subscription, enqueuedMs: this.timeline.nowMs });
  }

  /** Runs until nothing is left to do or the time is over, and takes a sample now and then. */
  run(untilMs: number, everyMs: number): Summary {
    while (this.timeline.nowMs < untilMs) {
      const next = this.timeline.nowMs + everyMs;
      this.timeline.at(next, () => this.samples.push(this.#sample()));
      this.timeline.run(next);
      const { delivered, exhausted, expected } = this.#ended;
      if (expected > 0 && delivered + exhausted >= expected) break;
    }
    return this.#summary();
  }

  #end(delivery: Delivery, outcome: string, endedMs: number): void {
    const { isHealthy = () => true } = this.#options;
    const { step } = delivery;
    if (step) {
      if (delivery.outcome === 'failed') step.failed -= 1;
      if (outcome === 'failed' || outcome === 'exhausted') step.failed += 1;
      else step.settled += 1;
    }
    delivery.outcome = outcome;
    if (delivery.probe && outcome !== 'held') this.#recovery.forgetProbed(delivery.subscription);
    const dead = outcome === 'exhausted' || (outcome === 'failed' && this.#options.retries === false);
    if (dead) this.#ended.exhausted += 1;
    if (outcome !== 'delivered') return;
    this.#ended.delivered += 1;
    this.#ended.lastMs = Math.max(this.#ended.lastMs, endedMs);
    if (isHealthy(delivery.subscription)) this.#ages.add(endedMs - delivery.enqueuedMs);
  }

  #sample(): Sample {
    const { fast, slow } = this.#queues;
    return {
      atMs: this.timeline.nowMs,
      waitingEvents: this.#events.visible,
      waitingFast: fast.visible,
      waitingSlow: slow.visible,
      inFlight: fast.inFlight + slow.inFlight,
      held: this.#recovery.held,
      delivered: this.#ended.delivered,
      expected: this.#ended.expected,
      busyFast: this.#sources.fast.busy,
      busySlow: this.#sources.slow.busy,
    };
  }

  #summary(): Summary {
    const { fast, slow, events } = this.#sources;
    return {
      delivered: this.#ended.delivered,
      exhausted: this.#ended.exhausted,
      held: this.#recovery.held,
      mostHeld: this.samples.reduce((most, { held }) => Math.max(most, held), 0),
      heldUntilSeconds: (this.samples.findLast(({ held }) => held > 0)?.atMs ?? 0) / 1000,
      lastSeconds: this.#ended.lastMs / 1000,
      p50Seconds: this.#ages.percentile(0.5),
      p99Seconds: this.#ages.percentile(0.99),
      gbSeconds: ((fast.billedMs + slow.billedMs) * SENDER_GB + events.billedMs * FAN_OUT_GB) / 1000,
      mostSenders: fast.mostBusy + slow.mostBusy,
      mostInFlight: Math.max(this.#queues.fast.mostInFlight, this.#queues.slow.mostInFlight),
      starved: fast.starved + slow.starved,
      longestLogWaitSeconds: this.#attempts.longestWaitMs / 1000,
      unwrittenLogLines: this.#sender.unwritten,
    };
  }
}
