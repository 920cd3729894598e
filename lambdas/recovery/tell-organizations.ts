import { OWNER_PATTERN } from '../domain/event.ts';
import { asText } from '../domain/subscription/hand-typed.ts';
import type { EndpointHealth } from '../domain/endpoint/health.ts';
import { exhaustedToTell, overOf, stateToTell } from '../domain/endpoint/told.ts';
import { operationalEvent, type OperationalType, type Telling } from '../domain/operational.ts';
import type { DeactivatedJob } from '../domain/messages/messages.ts';
import type { SubscriptionRow } from '../domain/subscription/subscription.ts';
import type { RecoveryDeps } from './ports.ts';

/**
 * Events that one run queues for one organization, at most; a later run has the others. One customer's outage of 1,000
 * endpoints must not become 1,000 events at once, each for every endpoint that asked to be told.
 */
export const MOST_TOLD_AT_ONCE = 10;

type Deps = Pick<RecoveryDeps, 'told' | 'publish' | 'subscriptions' | 'metrics' | 'logger' | 'now'>;

/** Tells organizations how their endpoints are. Made anew for each run. */
export function createTellOrganizations(deps: Deps): (health: EndpointHealth) => Promise<void> {
  const told = new Map<string, number>();
  return async (health) => {
    const { organization } = health;
    const nowMs = deps.now();
    const all = tellingsOf(health, nowMs);
    // What is told anew takes its place, by the row as it was read.
    const over = overOf(health, nowMs).filter((name) => !all.some((one) => one.name === name));
    for (const name of over) await deps.told.forget(health, name);
    for (const next of all) {
      const before = told.get(organization) ?? 0;
      if (before >= MOST_TOLD_AT_ONCE) return;
      told.set(organization, before + 1);
      await tell(health, next, deps);
    }
  };
}

/** What there is to tell of an endpoint now. */
interface Next {
  name: 'told' | 'told_exhausted';
  type: OperationalType;
  atMs: number;
  facts: Telling['facts'];
  /** It was claimed by a run that may have died. */
  isClaimed: boolean;
  claim: (store: Deps['told']) => Promise<boolean>;
}

function tellingsOf(health: EndpointHealth, nowMs: number): Next[] {
  const next: Next[] = [];
  const state = stateToTell(health, nowMs);
  if (state) {
    next.push({
      name: 'told',
      type: `posthorn.endpoint.${state.state}`,
      atMs: state.at_ms,
      facts: state.due.facts,
      isClaimed: health.told?.due !== undefined,
      claim: (store) => store.claim(health, 'told', state),
    });
  }
  const exhausted = exhaustedToTell(health, nowMs);
  if (exhausted) {
    next.push({
      name: 'told_exhausted',
      type: 'posthorn.delivery.exhausted',
      atMs: exhausted.at_ms,
      facts: exhausted.due.facts,
      isClaimed: health.told_exhausted?.due !== undefined,
      claim: (store) => store.claim(health, 'told_exhausted', exhausted),
    });
  }
  return next;
}

/** Claims, queues, notes: a run that dies in between leaves it to the next one, which queues the same event. */
async function tell({ organization, subscription }: EndpointHealth, next: Next, deps: Deps): Promise<void> {
  const { name, type, atMs, facts, isClaimed } = next;
  if (!isClaimed && !(await next.claim(deps.told))) return;
  const row = await deps.subscriptions.get(organization, subscription);
  // Of a deleted one there is nothing to tell; its row here goes with it.
  if (row) await publish({ type, atMs, organization, subscription, facts }, row, deps);
  await deps.told.queued(subscription, name, atMs);
}

/** Tells the organization that the platform has switched a subscription of it off. @throws when SQS does not take it. */
export async function tellOfDeactivation(
  { organization, subscription_id: subscription, why, since_ms, at_ms = since_ms }: DeactivatedJob,
  row: SubscriptionRow,
  deps: Deps,
): Promise<void> {
  const facts = { why, since: new Date(since_ms).toISOString() };
  const type = 'posthorn.subscription.deactivated';
  await publish({ type, atMs: at_ms, organization, subscription, facts }, row, deps);
}

async function publish(telling: Telling, row: SubscriptionRow, { publish, metrics, logger }: Deps): Promise<void> {
  const account = asText(row.account);
  // One that cannot be understood is nobody's: then only who sees the whole organization is told.
  const isAccount = account !== undefined && OWNER_PATTERN.test(account);
  const event = operationalEvent({ ...telling, ...(isAccount && { account }) }, row.url);
  await publish(event);
  const { organization, subscription, type } = telling;
  metrics.count('OperationalEvents', 1);
  logger.info('organization is told about its endpoint', {
    organization,
    subscription_id: subscription,
    event_id: event.id,
    type,
  });
}
