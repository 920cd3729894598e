import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { healthChange, shouldOpen, observe, admit, type HealthChange } from '../../lambdas/domain/endpoint/circuit.ts';
import { FAILING, isTold } from '../../lambdas/domain/endpoint/told.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { decodeDeliveryMessage, encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import type { DeliveryMessage, RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { decide } from '../../lambdas/domain/delivery/outcome.ts';
import { lookAfterAll, work } from '../../lambdas/recovery/recovery.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { LatestAttempt } from '../../lambdas/stores/attempts.ts';
import type { HeldDelivery } from '../../lambdas/stores/held.ts';
import { takeInHand } from './in-hand.ts';
import { anEvent, ORGANIZATION } from './sender.ts';
import { deliveryBody } from './delivery-body.ts';

const SUBSCRIPTION = 'sub_1';
const CIRCUIT = { failures: 20, spanMs: 60_000 };
const TICK_MS = 60_000;

/** Something that happens at a time. */
interface Due {
  ms: number;
  /** What was put there first happens first. */
  order: number;
  run: () => void | Promise<void>;
}

/**
 * One endpoint, on a simulated clock: recovery is the real code over stores in memory, the sender is made of the real
 * domain functions, and the endpoint answers what a test says.
 */
export class RecoveryWorld {
  now = 1_700_000_000_000;
  health: EndpointHealth | undefined;
  row: Record<string, unknown> | undefined = {
    organization: ORGANIZATION,
    id: SUBSCRIPTION,
    url: 'https://a.example/',
    active: true,
  };
  held = new Map<string, HeldDelivery>();
  log = new Map<string, LatestAttempt>();
  /** Events in the order of their first request after they were accepted or released. */
  delivered: string[] = [];
  notices: string[] = [];
  /** Times of which all that was missed was queued. */
  missedSent: { since_ms: number; until_ms: number }[] = [];
  /** What its organization was told of it, as its row in EndpointHealth says, and the events that told it. */
  told: Pick<EndpointHealth, 'told' | 'told_exhausted' | 'untold_exhausted' | 'untold_from_ms'> = {};
  published: PosthornEvent[] = [];
  opened = 0;
  /** Requests by second. */
  load = new Map<number, number>();
  /** Whether the endpoint answers 200. @param load requests in this second, this one included */
  answers: (nowMs: number, load: number) => boolean = () => true;
  private agenda: Due[] = [];
  private made = 0;
  private orders = 0;
  readonly deps = this.dependencies();

  /** Accepts an event and queues its delivery. @returns its id. */
  publish(): string {
    const id = `evt_${String((this.made += 1)).padStart(26, '0')}`;
    this.queue(
      encodeDeliveryMessage(
        encodeEvent(anEvent({ id, data: '{}', enqueued_ms: this.now })),
        first({ subscription_id: SUBSCRIPTION, format: 'standard' }, { nowMs: this.now }),
      ),
      1,
      this.now,
    );
    return id;
  }

  /** What the API does when the subscription gets another URL. */
  renew(): void {
    const { subscription, organization, circuit } = this.health!;
    if (circuit !== 'open' && circuit !== 'throttled') throw new Error(`Expected an open circuit, got ${circuit}`);
    const begun = { failures: 0, circuit: 'releasing' as const, release_ms: this.now, renewed_ms: this.now };
    this.health = { subscription, organization, ...begun };
    this.job({ kind: 'release', organization, subscription_id: subscription, run: this.now });
  }

  /** What a sender does when the endpoint asks to wait. */
  throttle(ms: number): void {
    const { release_ms: _, release_step: __, release_step_ms: ___, renewed_ms: ____, ...row } = this.health!;
    this.health = { ...row, circuit: 'throttled', throttled_until_ms: this.now + ms };
    this.job({ kind: 'look', organization: ORGANIZATION, subscription_id: SUBSCRIPTION }, 0, ms / 1000);
  }

  /** What the API does when somebody pauses the subscription. @param circuit false: it ended before the circuit followed. */
  pause(circuit = true): void {
    this.row = { ...this.row, paused: true };
    if (circuit) this.pauseCircuit();
  }

  /** What it does when somebody resumes it. */
  resume(circuit = true): void {
    this.row = { ...this.row, paused: false };
    const run = circuit ? this.resumeCircuit() : undefined;
    if (run === undefined) return;
    this.job({ kind: 'release', organization: ORGANIZATION, subscription_id: SUBSCRIPTION, run });
  }

  private pauseCircuit(): boolean {
    const row = this.health ?? { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 };
    if (row.circuit === 'paused') return false;
    const { subscription, organization, failures } = row;
    this.health = { subscription, organization, failures, circuit: 'paused', paused_ms: this.now };
    return true;
  }

  private resumeCircuit(): number | undefined {
    const row = this.health ?? { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 };
    if (row.circuit !== undefined && row.circuit !== 'paused' && row.circuit !== 'closing') return undefined;
    const { subscription, organization, failures } = row;
    const begun = { circuit: 'releasing' as const, release_ms: this.now, renewed_ms: this.now };
    this.health = { subscription, organization, failures, ...begun };
    return this.now;
  }

  private ticked = this.now;
  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    // Whole ticks since the beginning, however short the times that pass are.
    for (; this.ticked + TICK_MS <= end; this.ticked += TICK_MS) {
      this.at(this.ticked + TICK_MS, () => lookAfterAll(this.deps, () => false));
    }
    for (;;) {
      const due = this.next(end);
      if (!due) break;
      this.now = Math.max(this.now, due.ms);
      await due.run();
    }
    this.now = end;
  }

  private at(ms: number, run: Due['run']): void {
    this.agenda.push({ ms, order: (this.orders += 1), run });
  }

  private sorted = 0;
  /** The earliest thing to happen until a time. New things are sorted in when the sorted part is used up or later. */
  private next(end: number): Due | undefined {
    if (this.sorted !== this.agenda.length) this.agenda.sort((a, b) => b.ms - a.ms || b.order - a.order);
    const due = this.agenda.at(-1);
    if (!due || due.ms > end) {
      this.sorted = this.agenda.length;
      return undefined;
    }
    this.agenda.pop();
    this.sorted = this.agenda.length;
    return due;
  }

  private queue(body: string, attempt: number, ms: number): void {
    this.at(ms, () => this.receive(body, attempt));
  }

  private receive(body: string, attempt: number): void {
    const decoded = decodeDeliveryMessage(body);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { message } = decoded;
    if (!this.row) return this.cancel(message);
    const isPaused = this.row.paused === true;
    const may = isPaused ? (message.probe ? 'drop' : 'hold') : admit(this.health, message);
    if (may === 'drop') return;
    if (may === 'hold') return this.hold(message, body);
    if (message.recheck && this.log.get(message.event.id)?.outcome === 'delivered') return;
    this.send(message, body, attempt);
  }

  /** What the sender does when the subscription is deleted. */
  private cancel({ event: { id }, probe }: DeliveryMessage): void {
    this.note(id, 'cancelled');
    if (probe) this.held.delete(id);
  }

  private hold(message: DeliveryMessage, body: string): void {
    const { id } = message.event;
    const { probe: _, released: __, ...plain } = message;
    const { event, v: ___, ...fields } = plain;
    this.held.set(id, {
      subscription: SUBSCRIPTION,
      event_id: id,
      organization: ORGANIZATION,
      held_ms: this.now,
      message: message.released ? deliveryBody(event, fields) : body,
    });
    this.note(id, 'held');
  }

  private send(message: DeliveryMessage, body: string, attempt: number): void {
    const { id } = message.event;
    const second = Math.floor(this.now / 1000);
    const load = (this.load.get(second) ?? 0) + 1;
    this.load.set(second, load);
    const ok = this.answers(this.now, load);
    const decision = decide(
      { kind: 'answered', status: ok ? 200 : 503 },
      {
        attempt,
        times: { firstMs: this.now, beganMs: this.now, endedMs: this.now },
        delays: [10, 60, 180],
        random: 0.5,
        probe: message.probe === true,
      },
    );
    this.note(id, decision.outcome!);
    if (ok) this.delivered.push(id);
    if (ok && message.probe) this.held.delete(id);
    if (decision.then.do === 'retry') this.queue(body, attempt + 1, decision.then.atMs);
    this.learn(ok);
  }

  private note(id: string, outcome: LatestAttempt['outcome']): void {
    this.log.set(id, { outcome, attempted_ms: this.now, format: 'standard' });
  }

  private learn(success: boolean): void {
    const seen = observe(undefined, { success, answered: true, hung: false, durationMs: 50 });
    const change = healthChange(this.health, seen, this.now);
    if (!change) return;
    const after = this.apply(change);
    if (after.circuit === 'releasing' && change.circuit) {
      after.release_ms = this.now;
      this.job({ kind: 'release', organization: ORGANIZATION, subscription_id: SUBSCRIPTION, run: this.now });
    }
    if (!shouldOpen(after, CIRCUIT, this.now)) return;
    this.opened += 1;
    after.circuit = 'open';
    after.opened_ms = this.now;
  }

  private apply(change: HealthChange): EndpointHealth {
    const row = (this.health ??= { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 });
    row.failures = change.reset ? change.add : row.failures + change.add;
    if (row.failures === 0) delete row.failing_since_ms;
    else if (change.reset || row.failing_since_ms === undefined) row.failing_since_ms = this.now;
    if (change.circuit && row.circuit === 'open') {
      row.circuit = change.circuit;
      delete row.release_step;
      delete row.release_step_ms;
      delete row.renewed_ms;
    }
    return row;
  }

  private job(job: RecoveryMessage['job'], step = 0, delaySeconds = 0): void {
    this.at(this.now + delaySeconds * 1000, () => work({ v: 1, job, step }, this.deps));
  }

  private dependencies(): RecoveryDeps {
    const nothing = () => undefined;
    const forget = (...names: (keyof EndpointHealth)[]) => names.forEach((name) => delete this.health![name]);
    return {
      circuits: {
        all: () => this.circuits(),
        get: async () => this.health,
        claimProbe: async (_, event, before, nowMs) => {
          if (this.health?.circuit !== 'open' || (this.health.probed_ms ?? 0) >= before) return false;
          Object.assign(this.health, { probed_ms: nowMs, probe_event: event });
          return true;
        },
        note: async (_, notes) => {
          if (this.health?.circuit !== 'open' && this.health?.circuit !== 'paused') return false;
          for (const [name, value] of Object.entries(notes)) {
            if (value === null) forget(name as keyof EndpointHealth);
            else Object.assign(this.health, { [name]: value });
          }
          return true;
        },
        beginRelease: async (_, nowMs) => {
          const { circuit } = this.health ?? {};
          if (circuit === undefined || circuit === 'throttled' || circuit === 'paused') return undefined;
          Object.assign(this.health!, { circuit: 'releasing', release_ms: nowMs });
          forget('release_step', 'release_step_ms');
          return nowMs;
        },
        endThrottle: async (_, untilMs, nowMs) => {
          if (this.health?.circuit !== 'throttled' || this.health.throttled_until_ms !== untilMs) return undefined;
          Object.assign(this.health, { circuit: 'releasing', release_ms: nowMs, renewed_ms: nowMs });
          forget('throttled_until_ms', 'release_step', 'release_step_ms');
          return nowMs;
        },
        claimStep: async (_, run, step, nowMs, pace) => {
          const row = this.health;
          const runs = row?.circuit === 'releasing' || row?.circuit === 'closing';
          if (!row || !runs || row.release_ms !== run || (row.release_step ?? 0) > step) return undefined;
          return Object.assign(row, { release_step: step, release_step_ms: nowMs }, pace && { release_pace: pace });
        },
        reopen: async (_, run, nowMs) => {
          if (this.health?.release_ms !== run) return;
          this.opened += 1;
          Object.assign(this.health, { circuit: 'open', opened_ms: nowMs });
          forget('release_ms', 'release_step', 'release_step_ms', 'renewed_ms');
        },
        closing: async (_, run) => {
          if (this.health?.release_ms !== run) return false;
          this.health.circuit = 'closing';
          return true;
        },
        close: async (_, run) => {
          if (this.health?.circuit !== 'closing' || this.health.release_ms !== run) return;
          const { subscription, organization, failures, failing_since_ms: since } = this.health;
          const left = {
            subscription,
            organization,
            failures,
            ...(since === undefined ? {} : { failing_since_ms: since }),
          };
          this.health = failures > 0 ? left : undefined;
        },
        forget: async (_, run, organization) => {
          const row = this.health;
          const isRun = row?.circuit === 'closing' && row.release_ms === run && row.organization === organization;
          if (isRun) this.health = undefined;
          return isRun;
        },
      },
      health: {
        pause: async () => this.pauseCircuit(),
        resume: async () => this.resumeCircuit(),
        // Nothing of it is held by turns: its senders hold what the circuit says.
        letOut: async () => undefined,
      },
      held: {
        oldest: async (_, limit, after = '') =>
          [...this.held.keys()]
            .sort()
            .filter((id) => id > after)
            .slice(0, limit)
            .map((id) => this.held.get(id)!),
        removeRead: async (deliveries) =>
          deliveries.forEach(({ event_id, held_ms }) => {
            if (this.held.get(event_id)?.held_ms === held_ms) this.held.delete(event_id);
          }),
      },
      attempts: {
        append: async (lines) => {
          for (const line of lines) this.log.set(line.event_id, line);
          return [];
        },
        // Recovery looks at what the world keeps of it only.
        latest: async (_, event) => this.log.get(event) as Attempt | undefined,
        latestBetween: async (_, from, to) => {
          const found = new Map<string, LatestAttempt>();
          for (let n = Number(from.slice(4)); n <= Number(to.slice(4)); n++) {
            const id = `evt_${String(n).padStart(26, '0')}`;
            const latest = this.log.get(id);
            if (latest) found.set(id, latest);
          }
          return found;
        },
        exhausted: async () => ({ found: [] }),
      },
      healing: {
        claimTry: async () => false,
        moveOn: async () => undefined,
        begun: async () => undefined,
        end: async () => true,
        forgetReplay: async () => undefined,
      },
      subscriptions: { get: async () => this.row },
      missedSent: async (_key, sent) => void this.missedSent.push(sent),
      targets: {
        deactivate: async () => {
          this.row = { ...this.row, active: false };
          return true;
        },
      },
      replays: {
        create: async () => undefined,
        get: async () => undefined,
        advance: async () => false,
        end: async () => undefined,
        chosen: async () => [],
      },
      purges: {
        get: async () => undefined,
        add: async () => undefined,
        advance: async () => false,
        end: async () => undefined,
        tombstones: async () => [],
      },
      purgeable: { remove: async () => ({ deleted: {} }) },
      replayable: { page: async () => ({ deliveries: [] }), one: async () => undefined },
      replayableMany: { page: async () => ({ deliveries: [], leftOut: 0 }) },
      events: { addMatch: async () => undefined },
      rules: { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set() },
      slowLane: this.lane(),
      fastLane: this.lane(),
      next: async ({ job, step }, delaySeconds) => this.job(job, step, delaySeconds),
      toDeadLetters: async () => new Set(),
      take: takeInHand(),
      comeBack: async () => ({ stay: new Set(), buried: 0 }),
      tell: async ({ kind }) => this.notices.push(kind) > 0,
      logger: { info: nothing, warn: nothing, error: nothing },
      metrics: { count: nothing, milliseconds: nothing },
      errorFields: () => ({}),
      settings: {
        probeMs: TICK_MS,
        downMs: 5 * 86_400_000,
        keptMs: Infinity,
        purgeMs: 300_000,
        replayMs: 7 * 86_400_000,
        heal: { delaysMs: [900_000] },
      },
      told: {
        claim: async (_, name, telling) => {
          this.told = { ...this.told, [name]: telling };
          if (name === 'told_exhausted') delete this.told.untold_exhausted;
          return true;
        },
        queued: async (_, name) => {
          const { due: __, ...telling } = this.told[name]!;
          this.told = { ...this.told, [name]: telling };
        },
        forget: async (_, name) => void delete this.told[name],
      },
      publish: async (event) => void this.published.push(event),
      now: () => this.now,
    };
  }

  private async *circuits(): AsyncGenerator<EndpointHealth[]> {
    const none = { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 };
    const row: EndpointHealth = { ...(this.health ?? none), ...this.told };
    if (row.circuit !== undefined || isTold(row) || row.failures >= FAILING.failures) yield [row];
  }

  private lane(): RecoveryDeps['slowLane'] {
    return {
      send: async (entries) => {
        for (const { body, delaySeconds = 0 } of entries) this.queue(body, 1, this.now + delaySeconds * 1000);
        return new Set();
      },
    };
  }
}
