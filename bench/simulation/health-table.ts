import { isHealing } from '../../lambdas/domain/endpoint/healing.ts';
import { isIdle } from '../../lambdas/stores/dynamodb/endpoint-health/rows.ts';
import { FAILING, isTold } from '../../lambdas/domain/endpoint/told.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { HealthChange } from '../../lambdas/domain/endpoint/circuit.ts';
import type { CircuitStore } from '../../lambdas/stores/circuits.ts';
import type { EndpointHealthStore } from '../../lambdas/stores/endpoint-health.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import type { ToldStore } from '../../lambdas/stores/told.ts';
import type { HealingStore } from '../../lambdas/stores/healing.ts';
import { takeTurns } from '../../lambdas/domain/endpoint/turns.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import type { Container } from './container.ts';
import type { Chance } from './random.ts';
import { healingStore } from './healing-table.ts';
import { toldStore } from './told-table.ts';
import type { Timeline } from './timeline.ts';

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
    return {
      letOut: this.#letOut(container),
      takeTurns: async (key, { count, perSecond, before }, nowMs) => {
        let known = before;
        for (;;) {
          const { turns, ...taken } = takeTurns(known, count, perSecond, nowMs);
          if (taken.granted === 0) return { ...taken, turns: known };
          const read = known;
          const newer = await container.call(() => {
            const row = this.rows.get(key.subscription) ?? { ...key, failures: 0 };
            if (row.turns !== read) return { turns: row.turns };
            this.#put({ ...row, turns });
            return undefined;
          });
          if (!newer) return { ...taken, turns };
          known = newer.turns;
        }
      },
      apply: async ({ organization, subscription }, change, nowMs) => {
        const after = await container.call(() => {
          const own = this.of({ organization, subscription });
          if (!own && this.rows.get(subscription)?.circuit !== undefined) return undefined;
          const row: Row = own ?? { subscription, organization, failures: 0 };
          const next = { ...row, failures: change.reset ? change.add : row.failures + change.add };
          if (change.add > 0) next.failing_since_ms = change.reset ? nowMs : (row.failing_since_ms ?? nowMs);
          else if (change.reset) delete next.failing_since_ms;
          if (change.slow_until_ms === null) delete next.slow_until_ms;
          else if (change.slow_until_ms !== undefined) next.slow_until_ms = change.slow_until_ms;
          tally(next, change, nowMs);
          if (change.circuit !== undefined && row.circuit === 'open') {
            Object.assign(next, { circuit: change.circuit, release_ms: nowMs });
            delete next.release_step;
            delete next.release_step_ms;
            delete next.renewed_ms;
          }
          return this.#put(next);
        });
        if (!after || !isIdle(after)) return after;
        await this.#deleteIdle(container, subscription);
        return undefined;
      },
      open: ({ organization, subscription }, by, nowMs) =>
        this.#change(
          container,
          subscription,
          (row) =>
            row.organization === organization &&
            ('failures' in by
              ? row.failures >= by.failures && !['open', 'throttled', 'paused'].includes(row.circuit ?? 'closed')
              : row.tally_ms === by.tally_ms && row.circuit === undefined),
          (row) => ({ ...withoutTally(row), circuit: 'open', opened_ms: nowMs }),
        ).then((row) => row !== undefined),
      throttle: ({ organization, subscription }, untilMs, nowMs) =>
        container.call(() => {
          const stored = this.rows.get(subscription);
          const row: Row = stored ?? { subscription, organization, failures: 0 };
          const { circuit, throttled_until_ms: before = -Infinity, opened_ms = nowMs } = row;
          const isLonger = circuit === undefined || (circuit !== 'open' && circuit !== 'paused' && before < untilMs);
          if (row.organization !== organization || !isLonger) return undefined;
          const { renewed_ms: _, ...rest } = withoutRelease(withoutTally(row));
          this.#put({ ...rest, circuit: 'throttled', throttled_until_ms: untilMs, opened_ms });
          this.everThrottled.add(subscription);
          return circuit ?? 'closed';
        }),
    };
  }

  /** What recovery does with it. */
  circuits(container: Container): CircuitStore {
    const change = this.#change.bind(this, container);
    return {
      all: this.#all.bind(this, container),
      get: (subscription) => container.call(() => copy(this.rows.get(subscription))),
      claimProbe: async (subscription, event, before, nowMs) => {
        const isDue = (row: Row): boolean => row.circuit === 'open' && (row.probed_ms ?? -Infinity) < before;
        const probed = { probed_ms: nowMs, probe_event: event };
        return (await change(subscription, isDue, (row) => ({ ...row, ...probed }))) !== undefined;
      },
      note: async (subscription, notes) => {
        const noted = await change(
          subscription,
          (row) => row.circuit === 'open' || row.circuit === 'paused',
          (row) => {
            const next: Record<string, unknown> = { ...row };
            for (const [name, value] of Object.entries(notes)) {
              if (value === null) delete next[name];
              else next[name] = value;
            }
            return next as unknown as Row;
          },
        );
        return noted !== undefined;
      },
      beginRelease: async (subscription, nowMs) => {
        const begun = await change(
          subscription,
          (row) => row.circuit !== undefined && row.circuit !== 'throttled' && row.circuit !== 'paused',
          (row) => ({ ...withoutRelease(row), circuit: 'releasing', release_ms: nowMs }),
        );
        return begun && nowMs;
      },
      endThrottle: async (subscription, untilMs, nowMs) => {
        const begun = await change(
          subscription,
          (row) => row.circuit === 'throttled' && row.throttled_until_ms === untilMs,
          ({ throttled_until_ms: _, ...row }) => ({
            ...withoutRelease(row),
            circuit: 'releasing',
            release_ms: nowMs,
            renewed_ms: nowMs,
          }),
        );
        return begun && nowMs;
      },
      claimStep: (subscription, run, step, nowMs, pace) =>
        change(
          subscription,
          (row) => isReleased(row, run) && (row.release_step ?? step) <= step,
          (row) => ({ ...row, release_step: step, release_step_ms: nowMs, ...(pace && { release_pace: pace }) }),
        ),
      reopen: async (subscription, run, nowMs) => {
        const isRun = (row: Row): boolean => row.release_ms === run;
        await change(subscription, isRun, ({ renewed_ms: _, ...row }) => ({
          ...withoutRelease(withoutTally(row)),
          circuit: 'open',
          opened_ms: nowMs,
        }));
      },
      closing: async (subscription, run) => {
        const isRun = (row: Row): boolean => isReleased(row, run);
        return (await change(subscription, isRun, (row) => ({ ...row, circuit: 'closing' }))) !== undefined;
      },
      close: async (subscription, run) => {
        const row = await change(
          subscription,
          (one) => one.circuit === 'closing' && one.release_ms === run,
          (one) => {
            const next = { ...withoutRelease(withoutTally(one)) };
            for (const name of CIRCUIT_ATTRIBUTES) delete next[name];
            return next;
          },
        );
        if (row && isIdle(row)) await this.#deleteIdle(container, subscription);
      },
      forget: (subscription, run, organization) =>
        container.call(() => {
          const row = this.rows.get(subscription);
          if (row?.circuit !== 'closing' || row.release_ms !== run || row.organization !== organization) return false;
          this.#remember(subscription);
          return this.rows.delete(subscription);
        }),
    };
  }

  /** What recovery does when a pause and its row differ. */
  pauses(container: Container): RecoveryDeps['health'] {
    return {
      letOut: this.#letOut(container),
      pause: (key) => container.call(() => this.pause(key)),
      resume: (key) => container.call(() => this.resume(key)),
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
    return healingStore({
      change: this.#change.bind(this, container),
      deleteIdle: this.#deleteIdle.bind(this, container),
    });
  }

  /** What senders and recovery do about what organizations are told. */
  told(container: Container): ToldStore {
    return toldStore({
      change: this.#change.bind(this, container),
      deleteIdle: this.#deleteIdle.bind(this, container),
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
      this.#remember(key.subscription);
      this.rows.delete(key.subscription);
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

  async *#all(container: Container): AsyncGenerator<Row[]> {
    yield await container.call(() =>
      [...this.rows.values()].filter((row) => mustBeSeen(row)).map((row) => ({ ...row })),
    );
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
      this.#remember(subscription);
      this.rows.delete(subscription);
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

  #remember(subscription: string): void {
    this.#before.set(subscription, { row: this.rows.get(subscription), atMs: this.#timeline.now });
  }
}

/** What `close` takes away, beside tally and release. */
const CIRCUIT_ATTRIBUTES = [
  'circuit',
  'opened_ms',
  'probed_ms',
  'probe_event',
  'notified_ms',
  'deactivated_ms',
  'renewed_ms',
  'release_pace',
] as const;

/** The filter of the real scan. */
function mustBeSeen(row: Row): boolean {
  return row.circuit !== undefined || isHealing(row) || isTold(row) || row.failures >= FAILING.failures;
}

function copy(row: Row | undefined): Row | undefined {
  return row && { ...row };
}

/** As `tallyUpdate` of the real store. */
function tally(
  row: Row,
  { add, tally: change = { anew: false, tries: add, failed: add } }: HealthChange,
  nowMs: number,
): void {
  if (change === null) {
    for (const name of ['tally_ms', 'tally_tries', 'tally_failed'] as const) delete row[name];
    return;
  }
  const { anew, tries, failed } = change;
  if (tries === 0) return;
  const before: Partial<Row> = anew ? {} : row;
  row.tally_ms = before.tally_ms ?? nowMs;
  row.tally_tries = (before.tally_tries ?? 0) + tries;
  row.tally_failed = (before.tally_failed ?? 0) + failed;
}

function withoutTally({ tally_ms: _, tally_tries: __, tally_failed: ___, ...row }: Row): Row {
  return row;
}

function isReleased({ circuit, release_ms }: Row, run: number): boolean {
  return (circuit === 'releasing' || circuit === 'closing') && release_ms === run;
}

function withoutRelease({ release_ms: _, release_step: __, release_step_ms: ___, ...row }: Row): Row {
  return row;
}
