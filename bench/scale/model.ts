import { MAX_ATTEMPTS } from '../../lambdas/domain/limits.ts';
import { senderMemory } from '../../lib/sender-memory.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import { createChance } from '../simulation/random.ts';
import { costsOf, type Costs } from './costs.ts';
import type { Delivery } from './delivery.ts';
import type { Endpoint } from './endpoints.ts';
import { Account, EventSource } from './event-source.ts';
import { FAN_OUT_MB, ModelFanOut, type ModelEvent } from './fan-out.ts';
import { ModelHealth } from './health.ts';
import type { ModelOptions } from './options.ts';
import { ModelQueue } from './queue.ts';
import { ModelRecovery } from './recovery.ts';
import { Ages, type Sample, type Summary } from './results.ts';
import { ModelSender, type Lane } from './sender.ts';
import { ModelTable, NEW_TABLE_UNITS } from './table.ts';
import { Timeline } from './timeline.ts';

/** A line of the delivery log is about 0.8 KB; a long answer makes it more. */
const ATTEMPT_UNITS = 1;
const MB_OF_GB = 1024;
const EVENT_RECEIVES = 5;
/** Failures that open a circuit when there are no retries: what is compared with has none of both. */
const NO_CIRCUIT = Infinity;

/** Posthorn between its queues, on paper: AWS's scaling rules around the rules of lambdas/domain. */
export class Model {
  readonly timeline = new Timeline();
  readonly account: Account;
  readonly samples: Sample[] = [];
  readonly #options: ModelOptions;
  readonly #costs: Costs;
  readonly #memoryMb: number;
  readonly #health = new ModelHealth();
  readonly #events: ModelQueue<ModelEvent>;
  readonly #queues: Record<Lane, ModelQueue<Delivery>>;
  readonly #sources: Record<
    Lane | 'events',
    Pick<EventSource<unknown>, 'invoking' | 'mostBusy' | 'starved' | 'billedMs'>
  >;
  readonly #sender: ModelSender;
  readonly #recovery: ModelRecovery;
  readonly #attempts: ModelTable;
  readonly #eventsTable: ModelTable;
  readonly #ages = new Ages();
  readonly #ended = { delivered: 0, exhausted: 0, expected: 0, lastMs: 0 };

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#costs = costsOf(options.seed);
    this.#memoryMb = senderMemory(options.senderBatchSize ?? DEFAULTS.senderBatchSize);
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
    const { connectionMs, serverOf = (subscription: string) => subscription } = this.#options;
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
        memoryMb: this.#memoryMb,
        ...(connectionMs !== undefined && { connectionMs }),
      },
      costs: this.#costs,
      serverOf,
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
        callMs: this.#costs.sqsMs,
        invoke: (batch, done) => this.#sender.invoke(name, batch, done),
      });
    const fanOut = new ModelFanOut({
      timeline,
      costs: this.#costs,
      queues: this.#queues,
      events: this.#eventsTable,
      queue: this.#events,
      health: this.#health,
      lanes,
    });
    const events = new EventSource<ModelEvent>({
      timeline,
      queue: this.#events,
      account,
      batchSize: 10,
      windowMs: 0,
      maxConcurrency: fanOutConcurrency,
      callMs: this.#costs.sqsMs,
      invoke: (batch, done) => fanOut.invoke(batch, done),
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
    this.#options.onDelivered?.(delivery.subscription, delivery.enqueuedMs, endedMs);
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
      sending: this.#sources.fast.invoking + this.#sources.slow.invoking,
      fanningOut: this.#sources.events.invoking,
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
      gbSeconds: ((fast.billedMs + slow.billedMs) * this.#memoryMb + events.billedMs * FAN_OUT_MB) / (1000 * MB_OF_GB),
      mostSenders: fast.mostBusy + slow.mostBusy,
      mostInFlight: Math.max(this.#queues.fast.mostInFlight, this.#queues.slow.mostInFlight),
      starved: fast.starved + slow.starved,
      longestLogWaitSeconds: this.#attempts.longestWaitMs / 1000,
      unwrittenLogLines: this.#sender.unwritten,
    };
  }
}
