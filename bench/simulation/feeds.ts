import { catalogue } from '../../lambdas/domain/catalogue/index.ts';
import { render } from '../../lambdas/domain/formats/index.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import { acknowledge } from '../../lambdas/api/feed/acknowledge.ts';
import { writePage } from '../../lambdas/api/feed/place.ts';
import { readFeed, type FeedPage } from '../../lambdas/api/feed/read-feed.ts';
import type { TargetKey } from '../../lambdas/stores/delivery-targets.ts';
import type { Container } from './container.ts';
import type { Plan } from './plan.ts';
import type { Chance } from './random.ts';
import type { World } from './world.ts';

// Subscriptions whose customers fetch: the feed as the api function has it, readers who die or dawdle, and what must hold.

/** What the api function does for a feed, in a container. */
export interface Feed {
  read(key: TargetKey, limit: number): Promise<FeedPage>;
  acknowledge(row: SubscriptionRow, asked: { through: string; page: string }): Promise<unknown>;
}

export type FeedDeps = Parameters<typeof acknowledge>[2] & Parameters<typeof readFeed>[2];

export function feedDeps(world: World, container: Container): FeedDeps {
  return {
    held: world.tables.held.store(container),
    attempts: world.tables.log(container),
    replays: world.tables.replays.store(container),
    logger: { warn: () => undefined },
    errorFields: () => ({}),
    secrets: { get: () => Promise.resolve(undefined) },
    renderRequest: (event, format) =>
      render(event, format, {
        resource: catalogue.get(event.type)?.resource ?? null,
        clinicV1StatusCodes: {},
        clinicV1Sunset: '',
      }),
    rules: { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set() },
    version: '0',
    now: world.clock.now,
  };
}

export function feedOf(deps: FeedDeps): Feed {
  return {
    read: (key, limit) => readFeed(key, { limit }, deps),
    acknowledge: (row, asked) => acknowledge(row, asked, deps),
  };
}

/** In a quarter of the schedules the customers of endpoints that are well fetch instead; when the circuit follows the row. */
export function choosePulls(chance: Chance, { subscriptions }: Plan): Plan['pulls'] {
  if (!chance.happens(0.25)) return [];
  return subscriptions.flatMap(({ id, endpoint }) =>
    endpoint.manner === 'well' ? [{ id, followsMs: chance.pick([1, 500, 3000, 20_000]) }] : [],
  );
}

/** Longer than any call; a function that died never answers. */
const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 1_800_000;
/** Looks in a row by which nothing came out of the feed, before its reader gives up: four days at the longest pause. */
const LOOKS = 200;

/** Has a customer read its feed, as long as something is kept for it. */
export function startReader(world: World, key: TargetKey, feed: (container: Container) => Feed, chance: Chance): void {
  const { tables, timeline } = world;
  const row = tables.subscriptions.find((one) => one.id === key.subscription)!;
  const taken = new Set<string>();
  world.fetched.set(key.subscription, taken);
  const inTime = <T>(call: Promise<T>): Promise<T | undefined> =>
    Promise.race([call.catch(() => undefined), timeline.sleep(PATIENCE_MS).then(() => undefined)]);

  const readOnce = async (): Promise<void> => {
    const { items } = (await inTime(feed(world.container()).read(key, chance.between(1, 4)))) ?? { items: [] };
    if (items.length === 0) return;
    const page = writePage({ atMs: timeline.now, deliveries: items.map(({ held }) => held) });
    await timeline.sleep(chance.between(0, 20_000));
    const last = chance.between(1, items.length);
    const through = items[last - 1]!.held.event_id;
    for (const { held } of items.slice(0, last)) taken.add(held.event_id);
    // A reader that dies now has taken them, and fetches them once more.
    if (!chance.happens(0.2)) await inTime(feed(world.container()).acknowledge(row, { through, page }));
  };
  let isReading = false;
  const readAll = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    let pauseMs = 1000;
    const kept = tables.held.of(key.subscription);
    for (let fruitless = 0; kept.size > 0 && fruitless < LOOKS; fruitless++) {
      await timeline.sleep(chance.between(1, pauseMs));
      const before = kept.size;
      await readOnce();
      const isFruitful = kept.size < before;
      if (isFruitful) fruitless = 0;
      pauseMs = isFruitful ? 10_000 : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
    isReading = false;
  };
  const { onHeld } = tables.held;
  tables.held.onHeld = () => {
    onHeld();
    void readAll();
  };
}

/** What holds for subscriptions that are fetched. That nobody calls them, `unexpected` says. */
export function ofFeeds(world: World, plan: Plan): string[] {
  const violations: string[] = [];
  const letters = [...world.deliveriesDeadLetters.messages.values(), ...world.eventsDeadLetters.messages.values()];
  for (const { id: subscription } of plan.pulls) {
    const { organization, isLate } = plan.subscriptions.find(({ id }) => id === subscription)!;
    const taken = world.fetched.get(subscription)!;
    const expect = (holds: boolean, otherwise: string): void =>
      void (holds || violations.push(`${otherwise} ${subscription}`));
    expect(world.tables.health.rows.get(subscription)?.circuit === 'paused', 'fetched, and its circuit is not paused:');
    for (const accepted of plan.accepted) {
      if (accepted.organization !== organization) continue;
      const { id } = accepted;
      // What it missed, and nobody could note as missed: the replay that was to do so was given up after a day of trouble.
      const isNoted = world.tables.recorded.get(id)?.matches.some((match) => match.subscription === subscription);
      if (isLate && !isNoted) continue;
      const lines = world.tables.logOf(subscription, id).filter(({ outcome }) => outcome === 'delivered');
      const isDead = letters.some(
        ({ body }) => body.includes(id) && (body.includes(subscription) || !body.includes('sub_')),
      );
      // Nothing ends without its line, so a log that takes none keeps all of it, and its reader gets the beginning again and again.
      const isKept = world.trouble.log > 0 && world.tables.held.of(subscription).has(id);
      expect(taken.has(id) || isDead || isKept, `never fetched: ${id}`);
      expect(lines.length > 0 || isDead || isKept, `acknowledged without a line: ${id}`);
      expect(taken.has(id) || lines.length === 0, `logged as delivered, but never fetched: ${id}`);
    }
  }
  return violations;
}
