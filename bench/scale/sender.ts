import { healthChange, isSlow, shouldOpen, observe, admit, SLOW_MS } from '../../lambdas/domain/endpoint/circuit.ts';
import type { CircuitSettings, Observed } from '../../lambdas/domain/endpoint/circuit.ts';
import { decide, type Finding } from '../../lambdas/domain/delivery/outcome.ts';
import type { RetryDelays } from '../../lambdas/domain/delivery/retry-schedule.ts';
import type { Chance } from '../simulation/random.ts';
import type { Costs } from './costs.ts';
import type { Delivery } from './delivery.ts';
import type { Endpoint } from './endpoints.ts';
import { Environments } from './environments.ts';
import type { ModelHealth } from './health.ts';
import type { ModelQueue, Received } from './queue.ts';
import { makeRequests, type Sent } from './requests.ts';
import type { ModelTable } from './table.ts';
import type { Timeline } from './timeline.ts';

export type Lane = 'fast' | 'slow';

// Measured, milliseconds of a whole processor (docs/performance.md; npm run bench -- sender | new-connections | cold-start).
/** A batch, and each of its deliveries on a connection that is there. */
const BATCH_MS = 0.7;
const DELIVERY_MS = 0.16;
/** A new connection with TLS. */
const CONNECTION_MS = 2.5;
/** A new environment loads its code, and runs it for the first time. */
const LOAD_MS = 100;
const FIRST_MS = 65;
/** Keys that one BatchGetItem reads, of three for each delivery, and lines that one BatchWriteItem writes. */
const READ_AT_ONCE = 100;
const KEYS = 3;
const WRITTEN_AT_ONCE = 25;
/** Time for the log: the function's 45 s less what it keeps to answer. Milliseconds. */
const LOG_DEADLINE_MS = 43_500;

export interface SenderRules {
  delays: RetryDelays;
  circuit: CircuitSettings;
  /** Deadline of a request, milliseconds. */
  timeoutMs: number;
  /** Deliveries to slow endpoints are handed over to the slow lane. */
  lanes: boolean;
  /** An endpoint counts as slow as soon as a request has taken {@link SLOW_MS}, not only at the end of its batch. */
  flagAtOnce: boolean;
  /** Write units of one line of the delivery log. */
  attemptUnits: number;
  /** Of the function, MB. */
  memoryMb: number;
  /** Milliseconds of a whole processor for a new connection. @default with TLS */
  connectionMs?: number;
}

interface SenderDeps {
  timeline: Timeline;
  chance: Chance;
  rules: SenderRules;
  costs: Costs;
  endpoints: (subscription: string) => Endpoint;
  /** Name of the server that an endpoint is at. */
  serverOf: (subscription: string) => string;
  health: ModelHealth;
  queues: Record<Lane, ModelQueue<Delivery>>;
  attempts: ModelTable;
  heldRows: ModelTable;
  hold: (delivery: Delivery) => void;
  onRecovered: (subscription: string) => void;
  /** @param endedMs when its request ended. */
  onEnd: (delivery: Delivery, outcome: string, endedMs: number) => void;
}

/** A batch whose requests have ended. */
interface Finished {
  lane: Lane;
  sent: Sent[];
  held: Received<Delivery>[];
  sentMs: number;
  /** Since the invocation began, milliseconds. */
  elapsedMs: number;
}

/** The sender's rules on a timeline: its decisions are those of lambdas/domain, its requests are the model's. */
export class ModelSender {
  /** Lines that the delivery log did not take in time. */
  unwritten = 0;
  attempts = 0;
  readonly #deps: SenderDeps;
  readonly #environments: Environments;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#environments = new Environments(deps.costs, deps.rules.memoryMb, { loadMs: LOAD_MS, firstMs: FIRST_MS });
  }

  invoke(lane: Lane, batch: Received<Delivery>[], done: () => void): void {
    const { timeline, costs } = this.#deps;
    const startedMs = timeline.nowMs;
    const { environment, coldMs } = this.#environments.take();
    const readMs = costs.dynamoDbMs(Math.ceil((KEYS * batch.length) / READ_AT_ONCE));
    timeline.after(coldMs + this.#environments.cpuMs(BATCH_MS) + readMs, () => {
      const { held, handedOver, due } = this.#plan(lane, batch);
      for (const message of handedOver) {
        this.#deps.queues.slow.send(message.body);
        this.#deps.queues[lane].delete();
      }
      const sentMs = timeline.nowMs;
      const servers = due.map(({ body }) => this.#deps.serverOf(body.subscription));
      const sent = this.#send(due, environment.connect(servers, sentMs));
      this.#flagSlow(sent);
      const requestsMs = sent.reduce((longest, { ms }) => Math.max(longest, ms), 0);
      timeline.after(requestsMs, () => {
        environment.rest(servers, timeline.nowMs);
        const waitMs = this.#settle({ lane, sent, held, sentMs, elapsedMs: timeline.nowMs - startedMs });
        // SQS is told meanwhile that the batch has ended.
        const writeMs = Math.max(costs.dynamoDbMs(Math.ceil(batch.length / WRITTEN_AT_ONCE)) + waitMs, costs.sqsMs());
        timeline.after(writeMs, () => {
          this.#environments.give(environment);
          done();
        });
      });
    });
  }

  /** Each request costs the function's share of a processor before it is out. */
  #send(due: Received<Delivery>[], opened: number): Sent[] {
    const { endpoints, timeline, rules } = this.#deps;
    const { timeoutMs, connectionMs = CONNECTION_MS } = rules;
    const cpuMs = due.length * DELIVERY_MS + opened * connectionMs;
    const paceMs = due.length === 0 ? 0 : this.#environments.cpuMs(cpuMs) / due.length;
    return makeRequests(due, endpoints, { nowMs: timeline.nowMs, timeoutMs, paceMs });
  }

  #plan(lane: Lane, batch: Received<Delivery>[]) {
    const { health, rules, timeline } = this.#deps;
    const held: Received<Delivery>[] = [];
    const handedOver: Received<Delivery>[] = [];
    const due: Received<Delivery>[] = [];
    for (const message of batch) {
      const row = health.get(message.body.subscription);
      const may = admit(row, message.body);
      if (may === 'drop') this.#deps.queues[lane].delete();
      else if (may === 'hold') held.push(message);
      else if (rules.lanes && lane === 'fast' && message.receiveCount === 1 && isSlow(row, timeline.nowMs)) {
        handedOver.push(message);
      } else due.push(message);
    }
    return { held, handedOver, due };
  }

  #flagSlow(sent: Sent[]): void {
    const { rules, timeline, health } = this.#deps;
    const slow = new Set(sent.filter(({ ownMs }) => ownMs > SLOW_MS).map(({ message }) => message.body.subscription));
    if (!rules.flagAtOnce || slow.size === 0) return;
    timeline.after(SLOW_MS, () => {
      for (const subscription of slow) {
        const seen: Observed = { succeeded: false, failures: 0, pace: 'slow', tries: 0, failed: 0 };
        const change = healthChange(health.get(subscription), seen, timeline.nowMs);
        if (change) health.apply(subscription, change, timeline.nowMs);
      }
    });
  }

  /** @returns how long the writes wait for capacity, milliseconds. */
  #settle({ lane, sent, held, sentMs, elapsedMs }: Finished): number {
    const { rules, attempts, heldRows, hold } = this.#deps;
    const patience = Math.max(LOG_DEADLINE_MS - elapsedMs, 0);
    let longest = 0;
    const log = (subscription: string): void => {
      const waitMs = attempts.write(subscription, rules.attemptUnits);
      if (waitMs > patience) this.unwritten += 1;
      longest = Math.max(longest, Math.min(waitMs, patience));
    };
    for (const message of held) {
      longest = Math.max(longest, heldRows.write(message.body.subscription, rules.attemptUnits));
      hold(message.body);
      this.#end(lane, message, { kind: 'kept', why: 'the endpoint is down' }, { sentMs, endedMs: sentMs });
      log(message.body.subscription);
    }
    sent.sort((a, b) => a.ms - b.ms);
    for (const one of sent) {
      this.attempts += 1;
      log(one.message.body.subscription);
      this.#end(lane, one.message, finding(one), { sentMs, endedMs: sentMs + one.ms });
    }
    this.#writeHealth(sent);
    return longest;
  }

  #end(
    lane: Lane,
    message: Received<Delivery>,
    found: Finding,
    { sentMs, endedMs }: { sentMs: number; endedMs: number },
  ): void {
    const { rules, chance, queues, onEnd } = this.#deps;
    const decision = decide(found, {
      attempt: message.receiveCount,
      // Waits count from the beginning of a try; the model has no first receive, and its window is never too short.
      times: { firstMs: Infinity, beganMs: sentMs, endedMs },
      delays: rules.delays,
      probe: message.body.probe === true,
      random: chance.next(),
    });
    if (decision.then.do === 'ack') queues[lane].delete();
    else
      queues[lane].changeVisibility(
        message,
        decision.then.do === 'retry' ? Math.max(decision.then.atMs - endedMs, 0) : 0,
      );
    onEnd(message.body, decision.outcome!, endedMs);
  }

  #writeHealth(sent: Sent[]): void {
    const { health, timeline, rules, onRecovered } = this.#deps;
    const seen = new Map<string, Observed>();
    for (const { message, success, hung, ownMs } of sent) {
      const { subscription } = message.body;
      const one = { success, answered: !hung, hung, durationMs: ownMs };
      seen.set(subscription, observe(seen.get(subscription), one));
    }
    const nowMs = timeline.nowMs;
    for (const [subscription, observed] of seen) {
      const change = healthChange(health.get(subscription), observed, nowMs);
      if (!change) continue;
      const after = health.apply(subscription, change, nowMs);
      if (change.circuit) onRecovered(subscription);
      if (after && shouldOpen(after, rules.circuit, nowMs)) health.setCircuit(subscription, 'open');
    }
  }
}

function finding({ success, hung }: Sent): Finding {
  if (hung) return { kind: 'unanswered', reason: 'timeout' };
  return { kind: 'answered', status: success ? 200 : 503 };
}
