import type { z } from 'zod';
import { nextProbeMs, type EndpointHealth } from '../../domain/endpoint/health.ts';
import { inParallel } from '../../domain/in-parallel.ts';
import type { Logger, LogFields } from '../../domain/telemetry.ts';
import type { CircuitStore } from '../../stores/circuits.ts';
import type { EventStore } from '../../stores/events.ts';
import type { HeldStore } from '../../stores/held.ts';
import { SCHEDULED_TASKS, type RunStore } from '../../stores/runs.ts';
import { stateOf } from '../subscriptions/endpoint-health-view.ts';
import { HELD_STATES, type statusView } from './schema.ts';

type Status = z.output<typeof statusView>;
type HeldState = (typeof HELD_STATES)[number];

/** A queue as SQS and CloudWatch tell of it. */
export interface QueueState {
  name: string;
  waiting: number;
  in_flight: number;
  delayed: number;
  /** Undefined: nobody knows. */
  oldestSeconds?: number | undefined;
}

/** A dead-letter queue. */
export interface DeadLetterState {
  name: string;
  count: number;
  /** How many of those looked at are the platform's own, and how many were looked at; undefined: all are its own. */
  looked?: { ours: number; of: number };
}

export interface StatusDeps {
  queues(): Promise<QueueState[]>;
  deadLetters(): Promise<DeadLetterState[]>;
  /** Undefined: there is no CloudWatch. */
  alarms(): Promise<{ name: string; description: string; since_ms: number }[] | undefined>;
  circuits: Pick<CircuitStore, 'all'>;
  held: Pick<HeldStore, 'count'>;
  events: Pick<EventStore, 'list'>;
  runs: Pick<RunStore, 'load'>;
  /** Milliseconds between two probes of an endpoint, and after which one that is down is given up. */
  settings: { probeMs: number; downMs: number };
  /** Milliseconds since the epoch. */
  now(): number;
  logger: Logger;
  errorFields(error: unknown): LogFields;
}

/** Older ones are not looked for: each day without events costs ten reads. */
const LAST_EVENT_MS = 7 * 86_400_000;
/** Endpoints whose held deliveries are counted, and how many at the same time. */
const MOST_ENDPOINTS = 1000;
const PARALLEL = 20;
const LISTED = 100;

/** Looks everything up. What cannot be read now is null, and says nothing about the rest. */
export async function readStatus(deps: StatusDeps): Promise<Status> {
  const orNull = async <T>(what: string, read: () => Promise<T | undefined>): Promise<T | null> => {
    try {
      return (await read()) ?? null;
    } catch (error) {
      deps.logger.error('status could not be read', { what, ...deps.errorFields(error) });
      return null;
    }
  };
  const [last_event_at, queues, dead_letters, held, runs, alarms] = await Promise.all([
    orNull('last event', () => lastEvent(deps)),
    orNull('queues', async () => (await deps.queues()).map(viewQueue)),
    orNull('dead letters', async () => viewDeadLetters(await deps.deadLetters())),
    orNull('held', () => countHeld(deps)),
    orNull('schedules', () => deps.runs.load()),
    orNull('alarms', async () => viewAlarms(await deps.alarms())),
  ]);
  const reconciled = runs?.get('reconcile');
  return {
    at: iso(deps.now()),
    last_event_at,
    queues,
    dead_letters,
    held,
    stuck: reconciled ? { found: reconciled.stuck ?? 0, at: iso(reconciled.at_ms) } : null,
    schedules: runs && SCHEDULED_TASKS.map((name) => ({ name, last_run_at: isoOrNull(runs.get(name)?.at_ms) })),
    alarms,
  };
}

async function lastEvent({ events, now }: StatusDeps): Promise<string | undefined> {
  const { items } = await events.list({ since_ms: now() - LAST_EVENT_MS }, { limit: 1 });
  return items[0] && iso(items[0].event.enqueued_ms);
}

function viewQueue({ oldestSeconds, ...depth }: QueueState) {
  // In an empty queue nothing has waited, whatever the metric of some minutes ago says.
  const isEmpty = depth.waiting + depth.in_flight + depth.delayed === 0;
  return { ...depth, oldest_seconds: isEmpty ? 0 : (oldestSeconds ?? null) };
}

function viewDeadLetters(found: readonly DeadLetterState[]): NonNullable<Status['dead_letters']> {
  const queues = found.map(({ name, count, looked = { ours: count, of: count } }) => ({
    name,
    ours: looked.ours,
    customers: Math.max(0, count - looked.ours),
    looked_at: looked.of,
  }));
  const sum = (of: 'ours' | 'customers'): number => queues.reduce((all, queue) => all + queue[of], 0);
  return { customers: sum('customers'), ours: sum('ours'), queues };
}

function viewAlarms(ringing: Awaited<ReturnType<StatusDeps['alarms']>>): Status['alarms'] | undefined {
  return ringing
    ?.toSorted((a, b) => a.since_ms - b.since_ms)
    .map(({ name, description, since_ms }) => ({ name, description, since: iso(since_ms) }));
}

async function countHeld(deps: StatusDeps): Promise<NonNullable<Status['held']>> {
  const rows: { health: EndpointHealth; state: HeldState }[] = [];
  for await (const page of deps.circuits.all()) {
    for (const health of page) {
      const state = HELD_STATES.find((one) => one === stateOf(health, deps.now()));
      if (state) rows.push({ health, state });
    }
    if (rows.length > MOST_ENDPOINTS) break;
  }
  const counted = await inParallel(rows.slice(0, MOST_ENDPOINTS), PARALLEL, async ({ health, state }) => ({
    ...(await deps.held.count(health.subscription, health.organization)),
    health,
    state,
  }));
  const sums: Record<HeldState, number> = { down: 0, throttled: 0, paused: 0, releasing: 0 };
  for (const { state, count } of counted) sums[state] += count;
  const isComplete = rows.length <= MOST_ENDPOINTS && counted.every(({ at_least }) => !at_least);
  const most = counted
    .map(({ health, state, count }) => viewEndpoint(health, state, count, deps))
    .sort((a, b) => b.held - a.held)
    .slice(0, LISTED);
  return { ...sums, is_complete: isComplete, endpoints: most };
}

function viewEndpoint(health: EndpointHealth, state: HeldState, held: number, { settings }: StatusDeps) {
  const { organization, subscription, opened_ms, paused_ms } = health;
  const isDown = state === 'down';
  const probe = nextProbeMs(health, settings.probeMs);
  const isGivenUp = health.deactivated_ms !== undefined;
  return {
    organization,
    subscription_id: subscription,
    state,
    held,
    since: isoOrNull(paused_ms ?? opened_ms ?? health.failing_since_ms),
    next_probe_at: isoOrNull(isDown ? probe : state === 'throttled' ? health.throttled_until_ms : undefined),
    gives_up_at: isoOrNull(isDown && !isGivenUp && opened_ms !== undefined ? opened_ms + settings.downMs : undefined),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : iso(ms);
}
