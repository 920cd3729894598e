import type { Principal } from '../../domain/api-key.ts';
import { properly } from '../../domain/secrets/stored.ts';
import { hasOwnProblem, othersProblem, problemText } from '../../domain/subscription/problem-note.ts';
import { readSubscription } from '../../domain/subscription/read-subscription.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { SigningSecret } from '../../stores/secrets.ts';
import { accountOfNew, maySeeRow, notFound, ownerOfNew } from '../http/access.ts';
import { about } from './about.ts';
import { createChange } from './change.ts';
import { createCredentials, unmasked } from './credentials.ts';
import { createEndpointFollows } from './endpoint-follows.ts';
import { asGiven, createGiven } from './given.ts';
import { createPause } from './pause.ts';
import type { SubscriptionDeps, SubscriptionInput } from './ports.ts';
import { createTwins } from './twins.ts';

/** What the API does with subscriptions, whichever route asks: `/v1/subscriptions` or `/webhook-events`. */
export function createSubscriptions(deps: SubscriptionDeps) {
  const { subscriptions, secrets, rules, record } = deps;
  const credentials = createCredentials(deps);
  const twins = createTwins(deps);
  const follows = createEndpointFollows(deps);
  const given = createGiven(rules);

  /** @throws Problem not-found for a missing and for a foreign id alike. */
  async function find(principal: Principal, id: string): Promise<SubscriptionRow> {
    // The key's own organization is asked directly; only keys that may see all look the owner up.
    const organization = principal.organization ?? (await secrets.get(id))?.organization;
    const row = organization === undefined ? undefined : await subscriptions.get(organization, id);
    if (!row || !maySeeRow(principal, row)) throw notFound();
    return row;
  }

  async function create(principal: Principal, input: SubscriptionInput): Promise<SubscriptionRow> {
    const { auth, secret, ...plain } = { ...input, account: accountOfNew(principal, input.account) };
    const organization = ownerOfNew(principal, input.organization);
    await deps.refuseClosed(organization);
    const time = new Date(deps.now()).toISOString();
    const prepared = auth && credentials.prepare(auth, given.checkedUrl(input.url ?? ''));
    if (plain.headers) unmasked(plain.headers, {});
    const subscription = given.interpret({
      ...plain,
      organization,
      id: deps.newId(),
      auth: prepared?.mark,
      created_at: time,
      updated_at: time,
    });
    if (!subscription.active) subscription.inactive_since = time;
    given.refuseLarge({ ...subscription });
    await twins.refuseAnother(subscription);
    const stored = asGiven(subscription, input);
    const row: SubscriptionRow = { ...stored };
    const changed_by = await record(principal, { ...about(row, 'created'), after: row });
    // The secret first: a subscription without one could not be sent to, a secret without a subscription harms nobody.
    await secrets.create(subscription.id, organization, newSecret(deps, secret), prepared?.named);
    await subscriptions.create({ ...stored, changed_by });
    await twins.giveWayIfDoubled(subscription, () => erase(principal, row));
    return row;
  }

  /** A secret that can be used is there again: takes off the row what the guard said for want of one. */
  async function mendSecret(row: SubscriptionRow): Promise<void> {
    if (!hasOwnProblem(row.problem)) return;
    const read = readSubscription(row, rules);
    const problem = problemText(othersProblem(row.problem), read.ok ? '' : read.problem);
    if (problem === row.problem) return;
    const { organization, id } = about(row, 'changed');
    await subscriptions.update(
      organization,
      id,
      problem === null ? { set: {}, remove: ['problem'] } : { set: { problem }, remove: [] },
    );
  }

  async function remove(principal: Principal, id: string): Promise<void> {
    await erase(principal, await find(principal, id));
  }

  /** What a crash in between leaves behind, the guard cleans up. */
  async function erase(principal: Principal, row: SubscriptionRow): Promise<void> {
    const { organization, id } = about(row, 'deleted');
    const changed_by = await record(principal, { ...about(row, 'deleted'), before: row });
    // A deleted row cannot say who deleted it, so it says so just before.
    await subscriptions.update(organization, id, { set: { changed_by }, remove: [] });
    await subscriptions.delete(organization, id);
    // Typed by hand, the row may have had the id of another organization's subscription. What is held is recovery's to end.
    if (await secrets.delete(id, organization)) await deps.health.forget({ organization, subscription: id });
  }

  return {
    find,
    create,
    change: createChange(deps, { find, credentials, ...given, ...follows, ...twins }),
    setPaused: createPause(deps, { find, ...follows }),
    remove,
    mendSecret,
  };
}

export type Subscriptions = ReturnType<typeof createSubscriptions>;

/** @param given a secret that its customer has already. */
export function newSecret(deps: { newSecret(): SigningSecret }, given: string | undefined): SigningSecret {
  return given === undefined ? deps.newSecret() : { ...deps.newSecret(), key: properly(given) };
}
