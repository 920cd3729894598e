import type { z } from 'zod';
import type { Principal } from '../../domain/api-key.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { EndpointHealthStore } from '../../stores/endpoint-health.ts';
import type { SecretStore, SigningSecret } from '../../stores/secrets.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import type { Auditor } from '../audit/audit.ts';
import type { EndpointFollowsDeps } from './endpoint-follows.ts';
import type { subscriptionChange, subscriptionInput } from './schema.ts';

// What the API's subscriptions need from outside, and what they are given.

export interface SubscriptionDeps {
  subscriptions: SubscriptionStore;
  secrets: SecretStore;
  health: Pick<EndpointHealthStore, 'forget' | 'renew' | 'pause' | 'resume'>;
  release: EndpointFollowsDeps['release'];
  rules: SubscriptionRules;
  /** Subscriptions of one organization, at most. */
  most(): number;
  /** @throws Problem while everything of the organization is being deleted. */
  refuseClosed(organization: string): Promise<void>;
  record: Auditor;
  newId(): string;
  /** Names credentials. */
  newRef(): string;
  newSecret(): SigningSecret;
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export type SubscriptionInput = z.output<typeof subscriptionInput>;
export type SubscriptionChange = z.output<typeof subscriptionChange>;

/** A row before and after a change. */
export interface Changed {
  before: SubscriptionRow;
  after: SubscriptionRow;
}

/** Finds a row that a caller may see. @throws Problem not-found for a missing and for a foreign id alike. */
export type Find = (principal: Principal, id: string) => Promise<SubscriptionRow>;
