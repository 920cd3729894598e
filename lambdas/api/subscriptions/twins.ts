import { Problem } from '../../domain/problem.ts';
import {
  readSubscription,
  type ReadSubscription,
  type SubscriptionRules,
} from '../../domain/subscription/read-subscription.ts';
import type { Subscription, SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';

/** As long as an equal subscription made at the same moment may take to notice this one and go, milliseconds. */
const TWIN_WAIT_MS = 1000;

/** What two equal subscriptions have in common, and their keys. Not the headers: they are half of a large row. */
const COMPARED = [
  'organization',
  'id',
  'url',
  'delivery',
  'account',
  'filter',
  'format',
  'events',
  'description',
] as const satisfies readonly (keyof Subscription)[];

interface TwinDeps {
  subscriptions: Pick<SubscriptionStore, 'pages' | 'get'>;
  rules: SubscriptionRules;
  /** Largest number of subscriptions of one organization. */
  most(): number;
  sleep(ms: number): Promise<void>;
}

/** Keeps two equal subscriptions, and too many of them, out of an organization. */
export function createTwins({ subscriptions, rules, most, sleep }: TwinDeps) {
  /** @throws Problem conflict when the organization has as many as it may have, or an equal one. */
  async function refuseAnother(subscription: Subscription): Promise<void> {
    const { count, twin } = await lookAround(subscription);
    if (count >= most()) {
      throw new Problem(
        'conflict',
        `Expected at most ${most()} subscriptions of one organization, it has ${count}. Delete unused ones.`,
      );
    }
    if (twin) throw conflict(twin);
  }

  /** @throws Problem conflict when the organization has the same URL, account, filter, format and events already. */
  async function refuseDuplicate(subscription: Subscription): Promise<void> {
    const { twin } = await lookAround(subscription);
    if (twin) throw conflict(twin);
  }

  /** Two rows typed by hand may be equal; whoever deactivates or describes one of them makes no new duplicate. */
  function isSame(before: ReadSubscription, after: Subscription): boolean {
    return before.ok && fingerprint(before.subscription) === fingerprint(after);
  }

  /**
   * Two equal ones made at the same moment both passed the first look. Then the one with the greater id gives way; the
   * other waits for that. One that is still there afterwards looked before this one was written: this one gives way.
   * The same goes for a change that makes two equal.
   */
  async function giveWayIfDoubled(subscription: Subscription, giveWay: () => Promise<void>): Promise<void> {
    let { twin } = await lookAround(subscription);
    if (twin !== undefined && twin > subscription.id) {
      await sleep(TWIN_WAIT_MS);
      ({ twin } = await lookAround(subscription));
    }
    if (!twin) return;
    await giveWay();
    throw conflict(twin);
  }

  /** The organization's rows: how many there are, and the equal one with the smallest id. */
  async function lookAround(subscription: Subscription): Promise<{ count: number; twin: string | undefined }> {
    const wanted = fingerprint(subscription);
    let count = 0;
    let twin: string | undefined;
    for await (const rows of subscriptions.pages(subscription.organization, COMPARED)) {
      count += rows.length;
      for (const row of rows) {
        if (twin !== undefined || row.id === subscription.id) continue;
        const read = readSubscription(row, rules);
        if (read.ok && fingerprint(read.subscription) === wanted && (await isReadable(row)))
          twin = read.subscription.id;
      }
    }
    return { count, twin };
  }

  /** Whether all of a row can be understood: one that cannot gets nothing, so another may do what it does not. */
  async function isReadable({ organization, id }: SubscriptionRow): Promise<boolean> {
    const row = await subscriptions.get(String(organization), String(id));
    return row !== undefined && readSubscription(row, rules).ok;
  }

  return { refuseAnother, refuseDuplicate, isSame, giveWayIfDoubled };
}

export type Twins = ReturnType<typeof createTwins>;

/** Feeds are told apart by what people call them: each of several readers may want every event. */
function fingerprint(subscription: Subscription): string {
  const { url, delivery, account, filter, format, events, description = '' } = subscription;
  const to = delivery === 'pull' ? { feed: description } : { url };
  return JSON.stringify([to, account ?? null, canonical(filter), format, [...new Set(events)].sort()]);
}

/** A value whose JSON does not depend on the order of keys. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).map(([name, one]) => [name, canonical(one)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function conflict(twin: string): Problem {
  return new Problem(
    'conflict',
    `The subscription ${twin} has the same url (with delivery pull: description), account, filter, format and events. Change that one, or make this one different.`,
  );
}
