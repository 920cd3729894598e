import { EVERY, isReplayed, type ReplayQuery } from '../../domain/delivery/replay.ts';
import { isStatus } from '../../domain/delivery/status.ts';
import { PING, type PosthornEvent } from '../../domain/event.ts';
import type { FormatName } from '../../domain/formats/names.ts';
import { inParallel } from '../../domain/in-parallel.ts';
import { eventIdsAt } from '../../domain/ulid-time.ts';
import type { AttemptStore, LatestAttempt } from '../attempts.ts';
import type { EventStore } from '../events.ts';
import type { OrganizationStore } from '../organizations.ts';
import type { ChosenDelivery, ChosenPage, IsSendable, ReplayableManyStore, ReplayableStore } from '../replayable.ts';

/** Events of one read, and reads of one page at most. */
const EVENTS_PER_READ = 100;
const READS_PER_PAGE = 10;
/** Deliveries of one page: an event may have thousands. */
const DELIVERIES_PER_PAGE = 500;
/** Of those that were named one by one. */
const CHOSEN_PER_PAGE = 100;
/** Logs, or deliveries, asked for at the same time. */
const PARALLEL = 10;
/** In a place: behind all subscriptions of its event. No id sorts behind it. */
const BEHIND_ALL = '~';

interface ReplayableManyProps {
  events: Pick<EventStore, 'oldestFirst'>;
  attempts: Pick<AttemptStore, 'latestBetween'>;
  replayable: Pick<ReplayableStore, 'one'>;
  organizations: Pick<OrganizationStore, 'names'>;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** How long the log keeps an attempt, milliseconds: that it knows of none says nothing about older events. */
  logMs: number;
}

/** A delivery that may be asked for. */
type Candidate = Pick<ChosenDelivery, 'organization' | 'subscription' | 'place'> & {
  event: PosthornEvent;
  matched: FormatName;
};

export function createReplayableManyStore(props: ReplayableManyProps): ReplayableManyStore {
  return {
    page: ({ chosen, ...query }, after, isSendable) =>
      chosen
        ? pageOfChosen({ chosen, account: query.account }, Number(after ?? 0), isSendable, props)
        : pageOfQuery(query, after, isSendable, props),
  };
}

/** @param from how many of them have been looked at. */
async function pageOfChosen(
  { chosen, account }: { chosen: readonly string[]; account: string | undefined },
  from: number,
  isSendable: IsSendable,
  { replayable }: ReplayableManyProps,
): Promise<ChosenPage> {
  const to = Math.min(from + CHOSEN_PER_PAGE, chosen.length);
  const found = await inParallel(
    chosen.slice(from, to),
    PARALLEL,
    async (one, index): Promise<ChosenDelivery | undefined> => {
      const [organization, event, subscription] = one.split('/') as [string, string, string];
      const delivery = await replayable.one(organization, subscription, event);
      // An old ping asks nothing any more.
      if (!delivery || delivery.event.type === PING) return undefined;
      if (account !== undefined && delivery.event.account !== account) return undefined;
      if (!(await isSendable(organization, subscription))) return undefined;
      return { ...delivery, organization, subscription, place: String(from + index + 1) };
    },
  );
  const deliveries = found.filter((one) => one !== undefined);
  const leftOut = found.length - deliveries.length;
  return to < chosen.length ? { deliveries, leftOut, next: String(to) } : { deliveries, leftOut };
}

async function pageOfQuery(
  query: ReplayQuery,
  after: string | undefined,
  isSendable: IsSendable,
  props: ReplayableManyProps,
): Promise<ChosenPage> {
  const { organizations } = props;
  const first = query.organization === EVERY ? undefined : query.organization;
  let place: string | undefined = after ?? startOf(first ?? (await organizations.names(undefined, 1))[0]);
  for (let reads = 0; place !== undefined && reads < READS_PER_PAGE; reads++) {
    const organization = place.slice(0, place.indexOf('/'));
    const { candidates, next } = await candidatesBehind(place, organization, query, props);
    place = next ?? (first === undefined ? startOf((await organizations.names(organization, 1))[0]) : undefined);
    const wanted = await thoseThatStandSo(candidates, query, props);
    if (wanted.length === 0) continue;
    const sendable = await inParallel(wanted, PARALLEL, (one) => isSendable(one.organization, one.subscription));
    const deliveries = wanted.filter((_, index) => sendable[index]);
    // A key of one account is not told of what goes to others' subscriptions.
    const leftOut = query.account === undefined ? wanted.length - deliveries.length : 0;
    return { deliveries, leftOut, next: place };
  }
  return { deliveries: [], leftOut: 0, next: place };
}

function startOf(organization: string | undefined): string | undefined {
  return organization === undefined ? undefined : `${organization}//`;
}

/** The next deliveries of an organization that are like the query says, whatever became of them. */
async function candidatesBehind(
  place: string,
  organization: string,
  { account, since_ms, until_ms, which = {} }: ReplayQuery,
  { events }: ReplayableManyProps,
): Promise<{ candidates: Candidate[]; next?: string }> {
  const [, lastEvent, lastSubscription] = place.split('/') as [string, string, string];
  const range = { from: lastEvent === '' ? eventIdsAt(since_ms).first : lastEvent, to: eventIdsAt(until_ms).last };
  const { items, next } = await events.oldestFirst(organization, range, EVENTS_PER_READ, which.resource_id);
  const candidates: Candidate[] = [];
  for (const { event, matches } of items) {
    if (event.type === PING || (account !== undefined && event.account !== account)) continue;
    if (which.type !== undefined && event.type !== which.type) continue;
    if (which.resource_id !== undefined && event.resource_id !== which.resource_id) continue;
    for (const { subscription, format } of matches.toSorted((a, b) => (a.subscription < b.subscription ? -1 : 1))) {
      if (which.subscription !== undefined && subscription !== which.subscription) continue;
      if (event.id === lastEvent && subscription <= lastSubscription) continue;
      if (candidates.length === DELIVERIES_PER_PAGE) return { candidates, next: candidates.at(-1)!.place };
      candidates.push({
        organization,
        subscription,
        event,
        matched: format,
        place: `${organization}/${event.id}/${subscription}`,
      });
    }
  }
  return next === undefined ? { candidates } : { candidates, next: `${organization}/${next}/${BEHIND_ALL}` };
}

async function thoseThatStandSo(
  candidates: readonly Candidate[],
  { outcomes, which }: ReplayQuery,
  { attempts, now, logMs }: ReplayableManyProps,
): Promise<ChosenDelivery[]> {
  const logs = [...Map.groupBy(candidates, ({ subscription }) => subscription)];
  const latest = new Map(
    await inParallel(logs, PARALLEL, async ([subscription, ofIt]): Promise<[string, Map<string, LatestAttempt>]> => [
      subscription,
      await attempts.latestBetween(subscription, ofIt[0]!.event.id, ofIt.at(-1)!.event.id),
    ]),
  );
  return candidates.flatMap(({ matched, ...one }) => {
    const newest = latest.get(one.subscription)!.get(one.event.id);
    const isKnown = newest !== undefined || now() - one.event.enqueued_ms < logMs;
    if (!isKnown || !isReplayed(newest, one.event.enqueued_ms, { outcomes }, now())) return [];
    const { status } = which ?? {};
    if (status && !(newest?.status !== undefined && status.some((wanted) => isStatus(newest.status!, wanted))))
      return [];
    return [{ ...one, format: newest?.format ?? matched }];
  });
}
