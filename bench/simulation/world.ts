import type { CircuitSettings } from '../../lambdas/domain/endpoint/circuit.ts';
import { decodeDeliveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { isHealing, type HealSettings } from '../../lambdas/domain/endpoint/healing.ts';
import { FINAL_OUTCOMES } from '../../lambdas/domain/delivery/attempt.ts';
import {
  EVENT_RECEIVES,
  FAN_OUT_SECONDS,
  IN_HAND_SECONDS,
  JOB_RECEIVES,
  MAX_ATTEMPTS,
  RECOVERY_SECONDS,
  SENDER_SECONDS,
  VISIBILITY_TIMES,
} from '../../lambdas/domain/limits.ts';
import type { Lane } from '../../lambdas/sender/ports.ts';
import { Container, LONGEST_CALL_MS, type Trouble } from './container.ts';
import { Endpoints } from './endpoints.ts';
import { nextLookMs, nextTellingMs } from './looks.ts';
import { Purges } from './purge-state.ts';
import { SimulatedQueue, type Received } from './queue.ts';
import { createChance, type Chance } from './random.ts';
import type { Connected, Recovery, Stage } from './stage.ts';
import { Tables } from './tables.ts';
import { Timeline } from './timeline.ts';

/** Milliseconds that the functions run, at most. */
const FAN_OUT_MS = FAN_OUT_SECONDS * 1000;
const SENDER_MS = SENDER_SECONDS * 1000;
const RECOVERY_MS = RECOVERY_SECONDS * 1000;
const BATCH = 10;
/** A log line so young may have been written while the reconciler ran. */
const RUN_MS = 60_000;

/** Deploy-time settings of one schedule, in milliseconds. */
export interface Settings {
  circuit: CircuitSettings;
  heal: HealSettings;
  probeMs: number;
  downMs: number;
  replayMs: number;
  reconcileMs: number;
  stuckMs: number;
}

/** Runs functions inside containers: each serves one invocation at a time and may be used again. */
type Environments<T> = (
  use: (made: T, remainingMs: () => number) => Promise<void>,
  /** Called when the process dies meanwhile. */
  died?: () => void,
) => void;

interface Environment<T> {
  container: Container;
  made: T;
  /** Of the invocation under way. */
  died?: (() => void) | undefined;
}

/** Queues, tables, endpoints, schedules and time, all simulated, around the real logic of the stages. */
export class World {
  readonly timeline = new Timeline();
  readonly startMs = this.timeline.now;
  readonly clock = { now: (): number => this.timeline.now };
  readonly chance: Chance;
  readonly tables: Tables;
  readonly endpoints: Endpoints;
  readonly trouble: Trouble;
  readonly settings: Settings;
  readonly events: SimulatedQueue;
  readonly eventsDeadLetters: SimulatedQueue;
  readonly deliveries: Record<Lane, SimulatedQueue>;
  readonly deliveriesDeadLetters: SimulatedQueue;
  readonly recovery: SimulatedQueue;
  readonly recoveryDeadLetters: SimulatedQueue;
  /** What operators were told: `<kind> <subscription>`. */
  readonly notices = new Set<string>();
  /** Events that tell organizations of their endpoints, as often as they were queued. */
  readonly told: PosthornEvent[] = [];
  /** When the reconciler queued a delivery, by `<event> <subscription>`. */
  readonly reconciled = new Map<string, number[]>();
  /** What was held at a look of the reconciler: `<event> <subscription>`. */
  readonly heldAtLook = new Set<string>();
  /** What the reconciler must not have queued, in words. */
  readonly wronglyReconciled: string[] = [];
  /** Events that readers of feeds have taken, by subscription: of all that are fetched. */
  readonly fetched = new Map<string, Set<string>>();
  /** When subscriptions got another URL or were activated: what is exhausted is tried again at once then. */
  readonly renewed = new Map<string, number[]>();
  /** Subscriptions that somebody switched off for a moment. */
  readonly switchedOff = new Set<string>();
  /** What rows said no more that it was missed, too soon, in words. */
  readonly forgotten: string[] = [];
  /** Receipt handles about which SQS was ever called, whether the call arrived or not. */
  readonly asked = new Set<string>();
  /** Messages that stay away for too long after the process died that had them in hand, in words. */
  readonly stayedAway: string[] = [];
  /** Releases that began with more than their endpoints were known to take, in words. */
  readonly begunTooFast: string[] = [];
  /** Endpoints that are down and of which one run asked twice, by a probe and by a try of an exhausted delivery, in words. */
  readonly askedTwice: string[] = [];
  /** The moments that releases have given to deliveries, and when. */
  readonly moments: { id: string; event: string; fromMs: number; dueMs: number }[] = [];
  /** Somebody leaves, and everything of theirs is purged. */
  leaves = false;
  readonly purges = new Purges();
  /** Processes that died. */
  crashes = 0;
  /** How long deliveries are gathered for a batch, as the setting for throughput does, milliseconds; before the start. */
  windowMs = 0;

  constructor(seed: number, trouble: Trouble, settings: Settings) {
    this.chance = createChance(seed);
    this.trouble = trouble;
    this.settings = settings;
    this.tables = new Tables(this.timeline, this.chance);
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
    this.recoveryDeadLetters = queue(30_000, Infinity);
    this.events = queue(VISIBILITY_TIMES * FAN_OUT_MS, EVENT_RECEIVES, this.eventsDeadLetters);
    this.deliveries = {
      fast: queue(VISIBILITY_TIMES * SENDER_MS, MAX_ATTEMPTS, this.deliveriesDeadLetters),
      slow: queue(VISIBILITY_TIMES * SENDER_MS, MAX_ATTEMPTS, this.deliveriesDeadLetters),
    };
    this.recovery = queue(VISIBILITY_TIMES * RECOVERY_MS, JOB_RECEIVES, this.recoveryDeadLetters);
  }

  /** Nothing but the delivery log can fail. */
  get calm(): boolean {
    const { crash, refused, lostAnswer, duplicate } = this.trouble;
    return crash + refused + lostAnswer + duplicate === 0;
  }

  /** Nothing at all has failed. */
  get quiet(): boolean {
    return this.calm && this.tables.unwritten === 0;
  }

  /** Connects queues and stages as event source mappings do, and starts the schedules. @param untilMs they run so long. */
  start(stages: Connected, untilMs: number): void {
    this.#consume(
      this.events,
      this.#environments(FAN_OUT_MS, (container) => stages.fanOut(container)),
    );
    for (const lane of ['fast', 'slow'] as const) {
      this.#consume(
        this.deliveries[lane],
        this.#environments(SENDER_MS, (container) => {
          container.lane = lane;
          return stages.sender(container, lane);
        }),
        this.windowMs,
      );
    }
    const recovery = this.#environments(RECOVERY_MS, (container) => stages.recovery(container));
    this.#consume(this.recovery, (use, died) => recovery(({ work }, remainingMs) => use(work, remainingMs), died));
    this.#reconcile(untilMs, (use) => recovery((made, remainingMs) => use(made.reconcile, remainingMs)));
    this.#lookAfter(untilMs, (use) => recovery((made, remainingMs) => use(made.lookAfter, remainingMs)));
  }

  container(): Container {
    return new Container(this.timeline, this.chance, this.trouble);
  }

  /**
   * Notes that the reconciler has queued a delivery, and whether it should not have.
   * @param held what it must have seen to be held: `<event> <subscription>`.
   */
  watchReconciled(subscription: string, event: string, held: ReadonlySet<string>): void {
    const name = `${event} ${subscription}`;
    this.reconciled.set(name, [...(this.reconciled.get(name) ?? []), this.timeline.now]);
    const latest = this.tables.logOf(subscription, event).at(-1);
    const isOld = latest !== undefined && this.tables.writtenMs.get(latest)! < this.timeline.now - RUN_MS;
    if (isOld && FINAL_OUTCOMES.includes(latest.outcome)) this.wronglyReconciled.push(`over: ${name}`);
    if (held.has(name)) this.wronglyReconciled.push(`held: ${name}`);
  }

  /** Notes how many held deliveries a step of a release lets go. @param claimed the steps as this container claimed them. */
  watchReleased(bodies: readonly string[], claimed: ReadonlyMap<string, EndpointHealth>): void {
    const counts = new Map<string, number>();
    for (const body of bodies) {
      if (!body.includes('"released":true')) continue;
      const read = decodeDeliveryMessage(body);
      if (!read.ok || read.message.released !== true) continue;
      const { subscription_id: id, event, due_ms } = read.message;
      counts.set(id, (counts.get(id) ?? 0) + 1);
      if (due_ms !== undefined) this.moments.push({ id, event: event.id, fromMs: this.timeline.now, dueMs: due_ms });
    }
    for (const [id, count] of counts) {
      const { release_step: step, release_pace: pace } = claimed.get(id) ?? {};
      if (step === 0 && count > Math.ceil(pace?.rate ?? 1)) this.begunTooFast.push(`${count} at once: ${id}`);
    }
  }

  /** Notes whom recovery asks for. @param asked in one look, by subscription: a probe, or a try of an exhausted delivery. */
  watchAsked(bodies: readonly string[], asked: Map<string, string>): void {
    for (const body of bodies) {
      const what = /"(probe|heal)":true/.exec(body)?.[1];
      const read = what === undefined ? undefined : decodeDeliveryMessage(body);
      if (what === undefined || !read?.ok) continue;
      const { subscription_id: id } = read.message;
      const before = asked.get(id);
      if (before !== undefined && before !== what) this.askedTwice.push(`asked twice in one look: ${id}`);
      asked.set(id, what);
    }
  }

  #consume(queue: SimulatedQueue, environments: Environments<Stage>, windowMs = 0): void {
    const take = (): boolean => {
      const messages = queue.receive(BATCH);
      if (messages.length === 0) return false;
      // There may be more.
      if (messages.length === BATCH) this.timeline.after(0, () => queue.wake());
      const receivedMs = this.timeline.now;
      environments(
        async (stage, remainingMs) => {
          const left = new Set(await stage(messages, remainingMs));
          for (const { messageId } of messages) if (!left.has(messageId)) queue.delete(messageId);
        },
        () => this.#leftBehind(queue, messages, this.timeline.now - receivedMs),
      );
      return true;
    };
    let isGathering = false;
    const gather = (): void => {
      if (isGathering) return;
      isGathering = true;
      this.timeline.after(windowMs, () => {
        isGathering = false;
        return take();
      });
    };
    queue.wake = windowMs === 0 ? take : () => (gather(), false);
  }

  /** What a dead process had in hand comes again soon, unless it died before SQS could hear that it had it. */
  #leftBehind(queue: SimulatedQueue, messages: readonly Received[], livedMs: number): void {
    for (const { messageId, receiptHandle } of messages) {
      const stored = queue.messages.get(messageId);
      if (stored?.receipt !== receiptHandle || stored.receives > 2) continue;
      const { askedSeconds, visibleMs } = stored;
      const awayMs = visibleMs - this.timeline.now;
      const isOnItsWay = this.asked.has(receiptHandle) && livedMs <= LONGEST_CALL_MS;
      if (askedSeconds === undefined ? isOnItsWay : askedSeconds !== IN_HAND_SECONDS) continue;
      if (awayMs > IN_HAND_SECONDS * 1000)
        this.stayedAway.push(`stayed away for ${awayMs} ms after a crash: ${messageId}`);
    }
  }

  #reconcile(untilMs: number, environments: Environments<Recovery['reconcile']>): void {
    const { reconcileMs } = this.settings;
    const tick = (): void => {
      environments((run, remainingMs) => run(remainingMs));
      // It goes on behind the end until it has looked at everything at least once.
      const through = this.tables.replays.passes[0]?.through_ms ?? 0;
      if (through < untilMs) this.timeline.after(reconcileMs, tick);
    };
    this.timeline.after(reconcileMs, tick);
  }

  /** Ticks with no circuit to look after do nothing, and are left out. */
  #lookAfter(untilMs: number, environments: Environments<Recovery['lookAfter']>): void {
    const { probeMs } = this.settings;
    let nextMs = Infinity;
    const schedule = (): void => {
      const { now } = this.timeline;
      const soonMs = now + probeMs - ((now - this.startMs) % probeMs);
      const atMs = soonMs + Math.ceil(Math.max(nextLookMs(this) - soonMs, 0) / probeMs) * probeMs;
      if (atMs >= nextMs) return;
      nextMs = atMs;
      this.timeline.after(atMs - now, () => {
        if (atMs !== nextMs) return false;
        nextMs = Infinity;
        if (!this.#mustLookAfter(untilMs)) return;
        environments((run, remainingMs) => run(remainingMs));
        schedule();
      });
    };
    this.tables.health.onCircuit = schedule;
    this.tables.held.onHeld = schedule;
  }

  /** Behind the end only what can still recover. */
  #mustLookAfter(untilMs: number): boolean {
    const { health, held, subscriptions } = this.tables;
    for (const row of health.rows.values()) {
      const { subscription, circuit } = row;
      if (isHealing(row) || nextTellingMs(row, this.timeline.now) !== undefined) return true;
      if (circuit === undefined || (this.fetched.has(subscription) && this.timeline.now >= untilMs)) continue;
      if (this.timeline.now < untilMs || circuit !== 'open') return true;
      const { active, url } = subscriptions.find(({ id }) => id === subscription) ?? {};
      // Deleted: recovery forgets it.
      if (url === undefined) return true;
      if (held.of(subscription).size > 0 && active !== false && typeof url === 'string' && this.endpoints.isWell(url))
        return true;
    }
    return false;
  }

  #environments<T>(timeoutMs: number, make: (container: Container) => T): Environments<T> {
    const idle: Environment<T>[] = [];
    return (use, died) => {
      const environment = idle.pop() ?? this.#environment(make);
      environment.died = died;
      const { container, made } = environment;
      const end = this.timeline.now + timeoutMs;
      let isDone = false;
      this.timeline.after(timeoutMs, () => {
        if (!isDone) container.die();
        return false;
      });
      void use(made, () => end - this.timeline.now).then(
        () => {
          isDone = true;
          idle.push(environment);
        },
        // An unhandled error ends the invocation, not the process.
        () => {
          isDone = true;
          idle.push(environment);
        },
      );
    };
  }

  #environment<T>(make: (container: Container) => T): Environment<T> {
    const container = this.container();
    const environment: Environment<T> = { container, made: make(container) };
    const die = container.die.bind(container);
    container.die = () => {
      if (!container.dead) {
        this.crashes += 1;
        environment.died?.();
      }
      die();
    };
    return environment;
  }
}
