import type { Attempt } from '../../lambdas/domain/attempt.ts';
import type { EndpointHealth } from '../../lambdas/domain/endpoint-health.ts';
import type { SubscriptionRow } from '../../lambdas/domain/subscription.ts';
import type { FanOutDeps } from '../../lambdas/fan-out/ports.ts';
import type { PublishDependencies } from '../../lambdas/ingest/publish.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import type { Match } from '../../lambdas/stores/events.ts';
import type { IdempotencyRecord } from '../../lambdas/stores/idempotency.ts';
import { targetName } from '../../lambdas/stores/targets.ts';
import type { Container } from './container.ts';

const SECRET = { key: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', created_ms: 0 };

/** What lies in DynamoDB, and the stores through which one container sees it: every call can go wrong. */
export class Tables {
  readonly subscriptions: SubscriptionRow[] = [];
  readonly recorded = new Map<string, readonly Match[]>();
  readonly attempts: Attempt[] = [];
  readonly held: { subscription: string; event_id: string; message: string }[] = [];
  readonly health = new Map<string, EndpointHealth>();
  readonly claims = new Map<string, IdempotencyRecord>();
  /** Lines of the delivery log that could not be written. */
  unwritten = 0;

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
    return {
      pages: async function* (organization) {
        yield await container.call(() => ofOrganization(organization));
      },
      get: (organization, id) => container.call(() => ofOrganization(organization).find((row) => row.id === id)),
    };
  }

  events(container: Container): FanOutDeps['events'] {
    return {
      record: (event, matches) =>
        container.call(() => {
          const before = this.recorded.get(event.id);
          if (before) return { matches: before, first: false };
          this.recorded.set(event.id, matches);
          return { matches, first: true };
        }),
    };
  }

  targets(container: Container): SenderDeps['targets'] {
    return {
      load: (keys) =>
        container.call(
          () =>
            new Map(
              keys.map((key) => {
                const row = this.subscriptions.find((one) => one.id === key.subscription);
                const health = this.health.get(key.subscription);
                return [
                  targetName(key),
                  { ...(row ? { row: { ...row } } : {}), secrets: [SECRET], ...(health ? { health } : {}) },
                ];
              }),
            ),
        ),
      deactivate: (key, url, problem) =>
        container.call(() => {
          const row = this.subscriptions.find((one) => one.id === key.subscription && one.url === url);
          if (row) Object.assign(row, { active: false, problem });
          return row !== undefined;
        }),
    };
  }

  log(container: Container): SenderDeps['attempts'] {
    return {
      append: (attempts) =>
        container
          .call(() => {
            if (container.happens(container.trouble.log)) throw new Error('refused');
            for (const attempt of attempts) {
              if (!this.attempts.some(({ id }) => id === attempt.id)) this.attempts.push(attempt);
            }
            return [];
          })
          .catch(() => {
            this.unwritten += attempts.length;
            return attempts;
          }),
      latest: (subscription, event) =>
        container.call(() =>
          this.attempts
            .filter((attempt) => attempt.subscription_id === subscription && attempt.event_id === event)
            .reduce<Attempt | undefined>((latest, one) => (latest && latest.id > one.id ? latest : one), undefined),
        ),
    };
  }

  holding(container: Container): SenderDeps['held'] {
    return {
      put: (deliveries) =>
        container
          .call(() => {
            this.held.push(...deliveries);
            return [];
          })
          .catch(() => deliveries),
      remove: async () => undefined,
    };
  }
}
