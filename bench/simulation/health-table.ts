import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import { isTold } from '../../lambdas/domain/endpoint/told.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import type { CircuitStore } from '../../lambdas/stores/circuits.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { isIdle } from '../../lambdas/stores/dynamodb/endpoint-health/rows.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import type { HealingStore } from '../../lambdas/stores/healing.ts';
import type { ToldStore } from '../../lambdas/stores/told.ts';
import { circuitStore } from './circuit-table.ts';
import type { Container } from './container.ts';
import { healingStore } from './healing-table.ts';
import { mustBeSeen, withoutRelease, withoutTally } from './health-rows.ts';
import type { Chance } from './random.ts';
import { senderHealth, type HealthCalls } from './sender-health.ts';
import type { Timeline } from './timeline.ts';
import { toldStore } from './told-table.ts';

/** An eventually consistent read may be older than the last write by less, milliseconds. */
const STALE_MS = 500;
const STALE_READS = 0.3;

type Row = EndpointHealth;

/**
 * The table `EndpointHealth` with the very conditions of lambdas/stores/dynamodb/endpoint-health/health.ts and circuits.ts: an
 * update happens whole or not at all, and two of them in any order.
 */
export class HealthTable {
  readonly rows = new Map<string, Row>();
  /** Subscriptions whose circuit was ever open. */
  readonly everOpen = new Set<string>();
  /** Those that were ever throttled. */
  readonly everThrottled = new Set<string>();
  /** What recovery has claimed to tell. */
  readonly claimedTellings: { subscription: string; state: string; atMs: number }[] = [];
  /** Called when a row has a circuit: whoever runs the schedules can sleep while there is none. */
  onCircuit: () => void = () => undefined;
  /** Subscriptions whose circuit was taken out of a pause while their rows still said so. */
  readonly pausesBroken = new Set<string>();
  /** Whether the row of a subscription says that it is paused. */
  isPaused: (subscription: string) => boolean = () => false;
  readonly #pausing = new Set<string>();
  readonly #before = new Map<string, { row: Row | undefined; atMs: number }>();
  readonly #timeline: Timeline;
  readonly #chance: Chance;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
  }

  /** An organization's row: another's with the same id is none. */
  of({ organization, subscription }: TargetKey): Row | undefined {
    const row = this.rows.get(subscription);
    return row?.organization === organization ? row : undefined;
  }

  /** A read that may be a moment old, as the sender makes it. */
  readEventually(key: TargetKey): Row | undefined {
    const before = this.#before.get(key.subscription);
    const isFresh = before !== undefined && this.#timeline.now - before.atMs < STALE_MS;
    const row = isFresh && this.#chance.happens(STALE_READS) ? before.row : this.rows.get(key.subscription);
    return row?.organization === key.organization ? { ...row } : undefined;
  }

  /** What senders do with it. */
  health(container: Container): SenderDeps['health'] {
    return senderHealth(this.#calls(container));
  }

  /** What recovery does with it. */
  circuits(container: Container): CircuitStore {
    return circuitStore(this.#calls(container));
  }

  /** What recovery does when a pause and its row differ. */
  pauses(container: Container): RecoveryDeps['health'] {
    return {
      letOut: this.#letOut(container),
      pause: (key) => container.call(() => this.pause(key)),
      resume: (key) => container.call(() => this.resume(key)),
      renew: (key) => container.call(() => this.renew(key)),
    };
  }

  /** What the API and the guard do when a subscription is paused. */
  pause({ organization, subscription }: TargetKey): boolean {
    const row: Row = this.rows.get(subscription) ?? { subscription, organization, failures: 0 };
    if (row.organization !== organization || row.circuit === 'paused') return false;
    const { renewed_ms: _, ...rest } = withoutRelease(withoutTally(row));
    for (const name of ['opened_ms', 'throttled_until_ms', 'probed_ms', 'probe_event', 'deactivated_ms'] as const) {
      delete rest[name];
    }
    this.#put({ ...rest, circuit: 'paused', paused_ms: this.#timeline.now });
    this.#pausing.add(subscription);
    return true;
  }

  /** What they do when it is resumed. @returns the release's run. */
  resume({ organization, subscription }: TargetKey): number | undefined {
    const row: Row = this.rows.get(subscription) ?? { subscription, organization, failures: 0 };
    const isReleasable = row.circuit === undefined || row.circuit === 'paused' || row.circuit === 'closing';
    if (row.organization !== organization || !isReleasable) return undefined;
    const { paused_ms: _, pause_notified_ms: __, ...rest } = withoutRelease(row);
    const { now } = this.#timeline;
    this.#put({ ...rest, circuit: 'releasing', release_ms: now, renewed_ms: now });
    return now;
  }

  /** What senders and recovery do about exhausted deliveries. */
  healing(container: Container): HealingStore {
    return healingStore(this.#calls(container));
  }

  /** What senders and recovery do about what organizations are told. */
  told(container: Container): ToldStore {
    return toldStore({
      ...this.#calls(container),
      onClaim: (subscription, { at_ms, state = 'exhausted' }) =>
        void this.claimedTellings.push({ subscription, state, atMs: at_ms }),
    });
  }

  /** What the API and the guard do when a subscription gets another URL or is activated. @returns the release's run. */
  renew(key: TargetKey): number | undefined {
    const row = this.of(key);
    if (!row) return undefined;
    const { failing_since_ms: _, slow_until_ms: __, release_pace: ___, ...kept } = withoutTally(row);
    // What was exhausted before is tried again soon.
    if (row.heal_event !== undefined) kept.heal_ms = this.#timeline.now;
    const heals = row.heal_event !== undefined || row.heal_replay !== undefined;
    if (row.circuit === undefined && (heals || isTold(row))) this.#put({ ...kept, failures: 0 });
    else if (row.circuit === undefined) {
      this.#remove(key.subscription);
    } else if (row.circuit !== 'open' && row.circuit !== 'throttled') this.#put({ ...kept, failures: 0 });
    else {
      const rest = { ...kept };
      for (const name of ['opened_ms', 'throttled_until_ms', 'probed_ms', 'probe_event', 'deactivated_ms'] as const) {
        delete rest[name];
      }
      const { now } = this.#timeline;
      const begun = { failures: 0, circuit: 'releasing' as const, release_ms: now, renewed_ms: now };
      this.#put({ ...withoutRelease(rest), ...begun });
      return now;
    }
    return undefined;
  }

  /** What senders and recovery do for what waits for its turn. */
  #letOut(container: Container): EndpointHealthStore['letOut'] {
    return async ({ organization, subscription }, nowMs) => {
      const begun = await this.#change(
        container,
        subscription,
        (row) => row.organization === organization && (row.circuit === undefined || row.circuit === 'closing'),
        ({ release_step: _, release_step_ms: __, ...row }) => ({ ...row, circuit: 'releasing', release_ms: nowMs }),
        { subscription, organization, failures: 0 },
      );
      return begun && nowMs;
    };
  }

  #calls(container: Container): HealthCalls {
    return {
      step: (work) => container.call(work),
      rows: this.rows,
      of: (key) => this.of(key),
      put: (row) => this.#put(row),
      remove: (subscription) => this.#remove(subscription),
      change: this.#change.bind(this, container),
      deleteIdle: this.#deleteIdle.bind(this, container),
      letOut: this.#letOut(container),
      onThrottle: (subscription) => void this.everThrottled.add(subscription),
    };
  }

  #change(
    container: Container,
    subscription: string,
    condition: (row: Row) => boolean,
    update: (row: Row) => Row,
    orElse?: Row,
  ): Promise<Row | undefined> {
    return container.call(() => {
      const row = this.rows.get(subscription) ?? orElse;
      return row && condition(row) ? this.#put(update(row)) : undefined;
    });
  }

  #deleteIdle(container: Container, subscription: string): Promise<void> {
    return container.call(() => {
      const row = this.rows.get(subscription);
      if (!row || !isIdle(row)) return;
      this.#remove(subscription);
    });
  }

  #put(row: Row): Row {
    this.#remember(row.subscription);
    this.rows.set(row.subscription, row);
    if (row.circuit !== 'paused' && this.#pausing.delete(row.subscription) && this.isPaused(row.subscription)) {
      this.pausesBroken.add(row.subscription);
    }
    if (row.circuit === 'open') this.everOpen.add(row.subscription);
    if (mustBeSeen(row)) this.onCircuit();
    return { ...row };
  }

  #remove(subscription: string): boolean {
    this.#remember(subscription);
    return this.rows.delete(subscription);
  }

  #remember(subscription: string): void {
    this.#before.set(subscription, { row: this.rows.get(subscription), atMs: this.#timeline.now });
  }
}
