import type { Ids } from '../domain/ids.ts';
import type { SubscriptionRules } from '../domain/subscription/read-subscription.ts';
import type { SigningSecret } from '../domain/secrets/rotation.ts';
import type { ApiKeyStore } from '../stores/api-keys.ts';
import type { AttemptStore } from '../stores/attempts.ts';
import type { AuditStore } from '../stores/audit.ts';
import type { EndpointHealthStore } from '../stores/endpoint-health.ts';
import type { HeldStore } from '../stores/held.ts';
import type { EventStore } from '../stores/events.ts';
import type { OrganizationStore } from '../stores/organizations.ts';
import type { OnceStore } from '../stores/once.ts';
import type { QuotaStore } from '../stores/quotas.ts';
import type { SecretStore } from '../stores/secrets.ts';
import type { SessionStore } from '../stores/sessions.ts';
import type { StatisticsStore } from '../stores/statistics.ts';
import type { SubscriptionStore } from '../stores/subscriptions.ts';
import type { TriedEventStore } from '../stores/events-by-attempt.ts';
import type { DeliveryStore } from '../stores/deliveries.ts';
import { apiKeyRoutes } from './keys/routes.ts';
import { attemptRoutes } from './deliveries/routes.ts';
import type { RenderBody } from './deliveries/view.ts';
import { createAuditor, createViewRecorder } from './audit/audit.ts';
import { auditRoutes } from './audit/routes.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import { statisticsRoutes } from './counts/routes.ts';
import type { FeedDeps } from './feed/ports.ts';
import { feedRoutes } from './feed/routes.ts';
import { eventRoutes } from './events/routes.ts';
import { filterTestRoutes } from './subscriptions/filter-test.ts';
import { filterTryRoutes } from './subscriptions/filter-try.ts';
import { portalRoutes, type PortalRouteDeps } from './portal/routes.ts';
import { signInRoutes, type SignInDeps } from './sign-in/routes.ts';
import { sourceIpRoutes } from './keys/source-ips.ts';
import { meRoutes } from './keys/me-routes.ts';
import { openApiRoute } from './http/openapi.ts';
import { createRefuseClosed, purgeRoutes, type PurgeRouteDeps } from './purges/routes.ts';
import { organizationRoutes } from './organizations/routes.ts';
import { pingRoutes, type SendEvent } from './subscriptions/ping.ts';
import type { Route } from './http/route.ts';
import type { StatusDeps } from './status/read-status.ts';
import { statusRoutes } from './status/routes.ts';
import { deliveryListRoutes } from './deliveries/list.ts';
import { createRepeats } from './deliveries/repeats.ts';
import { redeliverRoutes, type RedeliverDeps } from './deliveries/redeliver.ts';
import { redeliverManyRoutes, type RedeliverManyDeps } from './replays/redeliver-routes.ts';
import { replayRoutes, type ReplayRouteDeps } from './replays/routes.ts';
import { secretRoutes } from './subscriptions/secrets.ts';
import { subscriptionRoutes, type SubscriptionRouteDeps } from './subscriptions/routes.ts';
import type { SubscriptionDeps } from './subscriptions/ports.ts';
import { createSubscriptions } from './subscriptions/subscriptions.ts';
import { verifyRoutes } from './subscriptions/verify.ts';
import { webhookEventsRoutes } from './subscriptions/webhook-events.ts';

/** Everything the API works with, passed in. */
export interface ApiDeps {
  apiKeys: ApiKeyStore;
  events: EventStore;
  attempts: AttemptStore;
  triedEvents: TriedEventStore;
  deliveries: DeliveryStore;
  organizations: OrganizationStore;
  audit: Pick<AuditStore, 'append' | 'list'>;
  once: OnceStore;
  subscriptions: SubscriptionStore;
  secrets: SecretStore;
  statistics: Pick<StatisticsStore, 'hours'>;
  /** How things are, beside the events. */
  status: Omit<StatusDeps, 'events' | 'held' | 'now'>;
  health: SubscriptionDeps['health'] & Pick<EndpointHealthStore, 'load'>;
  held: Pick<HeldStore, 'count'> & FeedDeps['held'];
  rules: SubscriptionRules;
  render: RenderBody;
  renderRequest: FeedDeps['renderRequest'];
  sendEvent: SendEvent;
  replays: ReplayRouteDeps['replays'] & FeedDeps['replays'];
  replayable: ReplayRouteDeps['replayable'] & RedeliverDeps['replayable'];
  startReplay: ReplayRouteDeps['startReplay'];
  oldestKeptMs: ReplayRouteDeps['oldestKeptMs'];
  replayableMany: RedeliverManyDeps['replayableMany'];
  sendDelivery: RedeliverDeps['sendDelivery'];
  purges: PurgeRouteDeps['purges'];
  purgeCounts: PurgeRouteDeps['purgeCounts'];
  startPurge: PurgeRouteDeps['startPurge'];
  quotas: Pick<QuotaStore, 'take' | 'free' | 'count'>;
  limits: {
    /** Subscriptions of one organization, at most. */
    subscriptions: number;
    /** Replays of one organization that run at the same time, at most. */
    jobs: number;
    /** Deliveries a day that keys of one organization may have sent again. */
    repeatsADay: number;
  };
  release: SubscriptionDeps['release'];
  lookAfter: SubscriptionRouteDeps['lookAfter'];
  ids: Pick<Ids, 'event' | 'subscription' | 'credentials' | 'portalLink' | 'apiKey' | 'audit' | 'replay' | 'purge'>;
  newSecret(): SigningSecret;
  newKey(): { key: string; hash: string };
  sessions: SessionStore;
  signIn: Pick<PortalRouteDeps, 'newToken' | 'hash'> & Pick<SignInDeps, 'newSecretText' | 'challengeOf' | 'logger'>;
  /** Fixed addresses that deliveries come from; none: any of AWS. */
  sourceIps: readonly string[];
  /** Undefined: staff sign in with keys alone. */
  identityProvider: SignInDeps['provider'];
  logger: FeedDeps['logger'];
  errorFields: FeedDeps['errorFields'];
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
  version: string;
}

/** Every route of the api function. */
export function createRoutes(deps: ApiDeps): Route[] {
  const { now, sleep, newSecret, secrets, attempts, events } = deps;
  const record = createAuditor({ audit: deps.audit, newAuditId: () => deps.ids.audit() });
  const view = createViewRecorder({ ...deps, newAuditId: () => deps.ids.audit() });
  const refuseClosed = createRefuseClosed(deps.purges);
  const subscriptions = createSubscriptions({
    ...deps,
    refuseClosed,
    record,
    most: () => deps.limits.subscriptions,
    newId: () => deps.ids.subscription(),
    newRef: () => deps.ids.credentials(),
  });
  const pipeline = { subscriptions, record, sendEvent: deps.sendEvent, newEvent: () => deps.ids.event() };
  const repeats = createRepeats({ quotas: deps.quotas, most: () => deps.limits.repeatsADay, now });
  const jobs = { subscriptions, record, repeats, most: () => deps.limits.jobs, newReplayId: () => deps.ids.replay() };
  const routes = [
    ...subscriptionRoutes({
      ...deps,
      subscriptions,
      store: deps.subscriptions,
      probeMs: () => deps.status.settings.probeMs,
    }),
    ...secretRoutes({ subscriptions, secrets, record, newSecret, now }),
    ...pingRoutes({ ...pipeline, repeats, render: deps.render, attempts, quotas: deps.quotas, now, sleep }),
    ...feedRoutes({ ...deps, subscriptions, view }),
    ...verifyRoutes({ ...deps, subscriptions, store: deps.subscriptions }),
    ...filterTestRoutes({ subscriptions, events, rules: deps.rules, view, now }),
    ...filterTryRoutes({ events, view }),
    ...eventRoutes({ ...deps, view }),
    ...organizationRoutes(deps),
    ...purgeRoutes({ ...deps, record, newPurgeId: () => deps.ids.purge() }),
    ...deliveryListRoutes(deps),
    ...redeliverRoutes({ ...deps, repeats, subscriptions, record }),
    ...replayRoutes({ ...deps, ...jobs }),
    ...redeliverManyRoutes({ ...deps, ...jobs, store: deps.subscriptions }),
    ...attemptRoutes({ attempts, events, render: deps.render, view }),
    ...catalogueRoutes({ render: deps.render }),
    ...statisticsRoutes(deps),
    ...statusRoutes({ ...deps.status, events, held: deps.held, now }),
    ...meRoutes(),
    ...sourceIpRoutes(deps),
    ...signInRoutes({ ...deps.signIn, provider: deps.identityProvider, sessions: deps.sessions, record, now }),
    ...portalRoutes({
      ...deps.signIn,
      sessions: deps.sessions,
      refuseClosed,
      record,
      newLinkId: () => deps.ids.portalLink(),
      now,
    }),
    ...apiKeyRoutes({
      apiKeys: deps.apiKeys,
      refuseClosed,
      record,
      newKey: () => ({ id: deps.ids.apiKey(), ...deps.newKey() }),
      now,
    }),
    ...auditRoutes({ audit: deps.audit }),
    ...webhookEventsRoutes({ ...pipeline, rules: deps.rules }),
  ];
  return [...routes, openApiRoute(routes, deps.version)];
}
