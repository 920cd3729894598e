import { matches } from '../domain/subscription/matching.ts';
import type { EventMessage } from '../domain/messages/messages.ts';
import type { Subscription } from '../domain/subscription/subscription.ts';
import { readIfSent } from '../domain/subscription/wants.ts';
import type { Match } from '../stores/events.ts';
import type { FanOutDeps } from './ports.ts';

/** Ids of unreadable rows that a log line names; the rows themselves say what is wrong with them. */
const NAMED = 20;

/**
 * Finds the subscriptions that match events. Created for each batch: an organization's rows are read once for all of
 * its events, and are never older than the batch.
 */
export function createFindMatches({
  subscriptions,
  rules,
  logger,
  metrics,
}: Pick<FanOutDeps, 'subscriptions' | 'rules' | 'logger' | 'metrics'>): (message: EventMessage) => Promise<Match[]> {
  const organizations = new Map<string, Promise<Subscription[]>>();

  /** Rows that cannot be understood are left out and counted: they never disturb the others. */
  const readAll = async (organization: string): Promise<Subscription[]> => {
    const understood: Subscription[] = [];
    const unreadable: string[] = [];
    for await (const rows of subscriptions.pages(organization)) {
      for (const row of rows) {
        const read = readIfSent(row, rules);
        if (read.ok) understood.push(read.subscription);
        else unreadable.push(String(row.id).slice(0, 64));
      }
    }
    if (unreadable.length > 0) {
      metrics.count('UnreadableSubscriptions', unreadable.length);
      logger.warn('subscriptions left out, their rows say why', {
        organization,
        count: unreadable.length,
        subscriptions: unreadable.slice(0, NAMED),
      });
    }
    return understood;
  };

  const subscriptionsOf = (organization: string): Promise<Subscription[]> => {
    const known = organizations.get(organization);
    if (known) return known;
    const reading = readAll(organization);
    organizations.set(organization, reading);
    // What failed may be asked for once more.
    reading.catch(() => organizations.delete(organization));
    return reading;
  };

  /** A ping's: that one alone, whatever its events, account and `active`. */
  const onlyOne = async (organization: string, id: string): Promise<Match[]> => {
    const row = await subscriptions.get(organization, id);
    const read = row && readIfSent(row, rules);
    if (read?.ok) return [toMatch(read.subscription)];
    logger.warn('ping target not found', {
      organization,
      subscription_id: id,
      reason: row ? 'its row is unreadable' : 'deleted',
    });
    return [];
  };

  return async ({ event, only }) => {
    if (only !== undefined) return onlyOne(event.organization, only);
    const all = await subscriptionsOf(event.organization);
    return all.filter((subscription) => matches(subscription, event)).map(toMatch);
  };
}

function toMatch({ id, format }: Subscription): Match {
  return { subscription: id, format };
}
