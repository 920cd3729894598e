import type { Attempt } from '../../lambdas/domain/delivery/attempt.ts';
import { mayHeal } from '../../lambdas/domain/endpoint/healing.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import type { FanOutDeps } from '../../lambdas/fan-out/ports.ts';
import type { PublishDependencies } from '../../lambdas/ingest/publish.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import type { AttemptStore, LatestAttempt } from '../../lambdas/stores/attempts.ts';
import type { EventStore, Match } from '../../lambdas/stores/events.ts';
import type { NotedRowStore } from '../../lambdas/stores/subscription-notes.ts';
import type { OrganizationStore } from '../../lambdas/stores/organizations.ts';
import type { IdempotencyRecord } from '../../lambdas/stores/idempotency.ts';
import { targetName, type TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import { ulidTime } from '../../lambdas/domain/ulid-time.ts';
import type { Container } from './container.ts';
import { HealthTable } from './health-table.ts';
import { HeldTable } from './held-table.ts';
import type { Chance } from './random.ts';
import { notedRows } from './noted-rows.ts';
import { ReplaysTable } from './replays-table.ts';
import type { Timeline } from './timeline.ts';

const SECRET = { key: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', created_ms: 0 };
/** Pages may be short although more follow: small ones make every list go on. */
const LONGEST_PAGE = 4;

/** An event as fan-out recorded it. */
export interface Recorded {
  event: PosthornEvent;
  /** Grows when a replay finds that a subscription has missed it. */
  matches: readonly Match[];
  /** When it was recorded, milliseconds. */
  atMs: number;
}

/** Tables that a policy, a key or DynamoDB itself may keep from us; `secrets`: they are there, but none is found. */
export type Kept = 'subscriptions' | 'secrets' | 'events' | 'log';

/** A time in which they are kept from every stage, milliseconds since the epoch. */
export interface Blackout {
  of: readonly Kept[];
  fromMs: number;
  toMs: number;
}

/** What lies in DynamoDB, and the stores through which one container sees it: every call can go wrong. */
export class Tables {
  readonly subscriptions: SubscriptionRow[] = [];
  /** The organization of each id, as its secrets say: rows typed by hand may have the id of another's. */
  readonly owners = new Map<string, string>();
  /** Subscriptions that were ever inactive, with the time of the last change. */
  readonly deactivated = new Map<string, number>();
  /** Subscriptions that were ever paused, with the times of it, milliseconds since the epoch. */
  readonly paused = new Map<string, { fromMs: number; toMs?: number }>();
  readonly recorded = new Map<string, Recorded>();
  readonly attempts = new Map<string, Attempt[]>();
  readonly claims = new Map<string, IdempotencyRecord>();
  readonly health: HealthTable;
  readonly held = new HeldTable();
  readonly replays = new ReplaysTable();
  /** When each line was written: later than its time when it could not be written at once. */
  readonly writtenMs = new Map<Attempt, number>();
  blackout: Blackout | undefined;
  /** Lines of the delivery log that could not be written. */
  unwritten = 0;
  readonly #timeline: Timeline;
  readonly #chance: Chance;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.health = new HealthTable(timeline, chance);
    this.health.isPaused = (id) => this.subscriptions.some((row) => row.id === id && row.paused === true);
  }

  #isKept(table: Kept): boolean {
    if (!this.blackout) return false;
    const { of, fromMs, toMs } = this.blackout;
    return of.includes(table) && this.#timeline.now >= fromMs && this.#timeline.now <= toMs;
  }

  /** A call that needs this table. */
  #call<T>(container: Container, table: Kept, effect: () => T): Promise<T> {
    return container.call(() => {
      if (this.#isKept(table)) throw new Error('kept from us');
      return effect();
    });
  }

  /** The lines of a delivery, oldest first. */
  logOf(subscription: string, event: string): readonly Attempt[] {
    return this.attempts.get(`${subscription} ${event}`) ?? [];
  }

  idempotency(container: Container): PublishDependencies['idempotency'] {
    return {
      claim: (key, record) =>
        container.call(() => {
          const first = this.claims.get(key);
          if (!first) this.claims.set(key, { ...record });
          return first && { ...first };
        }),
      get: (key) => container.call(() => this.claims.get(key)),
      finish: (key) => container.call(() => void (this.claims.get(key)!.done = true)),
    };
  }

  rows(container: Container): FanOutDeps['subscriptions'] {
    const ofOrganization = (organization: string): SubscriptionRow[] =>
      this.subscriptions.filter((row) => row.organization === organization).map((row) => ({ ...row }));
    const read = (organization: string): Promise<SubscriptionRow[]> =>
      this.#call(container, 'subscriptions', () => ofOrganization(organization));
    return {
      pages: async function* (organization) {
        yield await read(organization);
      },
      get: (organization, id) =>
        this.#call(container, 'subscriptions', () => ofOrganization(organization).find((row) => row.id === id)),
    };
  }

  /** @param onForgotten called when a row is about to say no more that something was missed. */
  notedRows(container: Container, onForgotten: (row: SubscriptionRow) => void): Pick<NotedRowStore, 'read' | 'note'> {
    const { subscriptions } = this;
    return notedRows((effect) => this.#call(container, 'subscriptions', effect), { subscriptions, onForgotten });
  }

  events(container: Container): Pick<EventStore, 'record' | 'list' | 'oldestFirst' | 'addMatch'> {
    const sorted = (): Recorded[] => [...this.recorded.values()].sort((a, b) => (a.event.id < b.event.id ? -1 : 1));
    const pageLength = (limit: number): number => Math.min(limit, this.#chance.between(1, LONGEST_PAGE));
    return {
      record: (event, matches) =>
        this.#call(container, 'events', () => {
          const before = this.recorded.get(event.id);
          if (before) return { matches: before.matches, first: false };
          this.recorded.set(event.id, { event, matches, atMs: this.#timeline.now });
          return { matches, first: true };
        }),
      addMatch: (_organization, id, match) =>
        this.#call(container, 'events', () => {
          const row = this.recorded.get(id)!;
          const found = row.matches.find(({ subscription }) => subscription === match.subscription);
          if (found) return found.replay === match.replay ? found.format : undefined;
          row.matches = [...row.matches, match];
          return match.format;
        }),
      list: ({ since_ms = 0, until_ms = Infinity }, { limit, cursor = '~' }) =>
        this.#call(container, 'events', () => {
          const [from, to] = [`evt_${ulidTime(since_ms)}`, `evt_${ulidTime(until_ms)}~`];
          const found = sorted()
            .reverse()
            .filter(({ event: { id } }) => id >= from && id <= to && id < cursor);
          const page = found.slice(0, pageLength(limit));
          const items = page.map(({ event, matches }) => ({ event, matched: matches.map((one) => one.subscription) }));
          return { items, ...(page.length < found.length ? { next: page.at(-1)!.event.id } : {}) };
        }),
      oldestFirst: (organization, { from, to }, limit) =>
        this.#call(container, 'events', () => {
          const found = sorted().filter(
            ({ event }) => event.organization === organization && event.id >= from && event.id <= to,
          );
          // The event behind which a page goes on is on it again: a page of one would go on for ever.
          const items = found.slice(0, Math.max(pageLength(limit), Math.min(limit, 2)));
          return { items, ...(items.length < found.length ? { next: items.at(-1)!.event.id } : {}) };
        }),
    };
  }

  organizations(container: Container): Pick<OrganizationStore, 'names'> {
    return {
      names: (after = '', count) =>
        this.#call(container, 'events', () =>
          [...new Set([...this.recorded.values()].map(({ event }) => event.organization))]
            .sort()
            .filter((organization) => organization > after)
            .slice(0, count),
        ),
    };
  }

  targets(container: Container): SenderDeps['targets'] {
    return {
      load: (keys) =>
        this.#call(
          container,
          'subscriptions',
          () =>
            new Map(
              keys.map((key) => {
                const row = this.subscriptions.find((one) => isOf(one, key));
                const owner = this.owners.get(key.subscription);
                const secrets = owner === key.organization && !this.#isKept('secrets') ? [SECRET] : [];
                const health = this.health.readEventually(key);
                return [targetName(key), { row: row && { ...row }, owner, secrets, health }];
              }),
            ),
        ),
      deactivate: (key, url, { problem }) =>
        container.call(() => {
          const row = this.subscriptions.find((one) => isOf(one, key) && one.url === url);
          if (!row) return false;
          Object.assign(row, { active: false, problem, inactive_since: new Date(this.#timeline.now).toISOString() });
          this.deactivated.set(key.subscription, this.#timeline.now);
          return true;
        }),
    };
  }

  log(container: Container): Pick<AttemptStore, 'append' | 'latest' | 'latestBetween' | 'exhausted'> {
    return {
      append: (attempts) =>
        this.#call(container, 'log', () => {
          if (container.happens(container.trouble.log)) throw new Error('refused');
          for (const attempt of attempts) this.#append(attempt);
          return [];
        }).catch(() => {
          this.unwritten += attempts.length;
          return attempts;
        }),
      latest: (subscription, event) => this.#call(container, 'log', () => this.logOf(subscription, event).at(-1)),
      exhausted: (subscription, from) =>
        this.#call(container, 'log', () => {
          const later = [...this.recorded.keys()].filter((id) => id >= from && this.logOf(subscription, id).length > 0);
          const ids = later.sort();
          const page = ids.slice(0, LONGEST_PAGE);
          const found = page.flatMap((event_id) => {
            const latest = this.logOf(subscription, event_id).at(-1);
            return latest && mayHeal(latest) ? [{ ...latest, event_id }] : [];
          });
          return { found, next: ids[LONGEST_PAGE] };
        }),
      latestBetween: (subscription, from, to) =>
        this.#call(container, 'log', () => {
          const found = new Map<string, LatestAttempt>();
          for (const id of this.recorded.keys()) {
            const latest = id >= from && id <= to ? this.logOf(subscription, id).at(-1) : undefined;
            if (latest) found.set(id, latest);
          }
          return found;
        }),
    };
  }

  #append(attempt: Attempt): void {
    this.writtenMs.set(attempt, this.#timeline.now);
    const name = `${attempt.subscription_id} ${attempt.event_id}`;
    const lines = this.attempts.get(name);
    if (!lines) return void this.attempts.set(name, [attempt]);
    // Nearly always the last: a log may have a thousand lines.
    let place = lines.length;
    while (place > 0 && lines[place - 1]!.id > attempt.id) place--;
    if (lines[place - 1]?.id !== attempt.id) lines.splice(place, 0, attempt);
  }
}

function isOf({ organization, id }: SubscriptionRow, key: TargetKey): boolean {
  return organization === key.organization && id === key.subscription;
}
