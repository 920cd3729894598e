import type { z } from 'zod';
import { Problem } from '../../domain/problem.ts';
import {
  cutProblem,
  hasOwnProblem,
  othersProblem,
  problemAfterChange,
  problemText,
} from '../../domain/subscription/problem-note.ts';
import { readSubscription, type SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import {
  DEFAULTED,
  needsPrivateKey,
  type GivenSubscription,
  type Subscription,
  type SubscriptionRow,
} from '../../domain/subscription/subscription.ts';
import { ensurePrivateKey } from '../../stores/private-key.ts';
import { NO_CREDENTIALS, refOf } from '../../domain/subscription/auth.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import { properly } from '../../domain/secrets/stored.ts';
import { missedNotes } from '../../domain/subscription/missed-time.ts';
import { activates, beginsAnew, deactivates, isKept, isPaused } from '../../domain/subscription/begins-anew.ts';
import type { EndpointHealthStore } from '../../stores/endpoint-health.ts';
import type { SecretStore, SigningSecret } from '../../stores/secrets.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import type { Principal } from '../../domain/api-key.ts';
import { accountOfNew, maySeeRow, notFound, ownerOfNew } from '../http/access.ts';
import type { Auditor } from '../audit/audit.ts';
import { createCredentials, refuseTaking, unmasked } from './credentials.ts';
import { createEndpointFollows, type EndpointFollowsDeps } from './endpoint-follows.ts';
import type { subscriptionChange, subscriptionInput } from './schema.ts';
import { createTwins } from './twins.ts';

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

/** What the API does with subscriptions, whichever route asks: `/v1/subscriptions` or `/webhook-events`. */
export function createSubscriptions(deps: SubscriptionDeps) {
  const { subscriptions, secrets, rules, record } = deps;
  const credentials = createCredentials(deps);
  const { refuseAnother, refuseDuplicate, isSame, giveWayIfDoubled } = createTwins(deps);
  const { follow, renew } = createEndpointFollows(deps);

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
    const prepared = auth && credentials.prepare(auth, checkedUrl(input.url ?? ''));
    if (plain.headers) unmasked(plain.headers, {});
    const subscription = interpret({
      ...plain,
      organization,
      id: deps.newId(),
      auth: prepared?.mark,
      created_at: time,
      updated_at: time,
    });
    if (!subscription.active) subscription.inactive_since = time;
    await refuseAnother(subscription);
    const given = asGiven(subscription, input);
    const row: SubscriptionRow = { ...given };
    const changed_by = await record(principal, { ...about(row, 'created'), after: row });
    // The secret first: a subscription without one could not be sent to, a secret without a subscription harms nobody.
    await secrets.create(subscription.id, organization, newSecret(deps, secret), prepared?.named);
    await subscriptions.create({ ...given, changed_by });
    await giveWayIfDoubled(subscription, () => erase(principal, row));
    return row;
  }

  async function change(principal: Principal, id: string, { auth, ...input }: SubscriptionChange): Promise<Changed> {
    const row = await find(principal, id);
    if (input.account !== undefined) accountOfNew(principal, input.account);
    const organization = String(row.organization);
    const time = new Date(deps.now()).toISOString();
    const set: Record<string, unknown> = { updated_at: time };
    const remove: (keyof Subscription)[] = [];
    for (const [name, value] of Object.entries(input)) {
      if (value === null) remove.push(name as keyof Subscription);
      else if (value !== undefined) set[name] = value;
    }
    normalize(set, input);
    if (input.headers) set.headers = unmasked(input.headers, row);
    if (auth === null) remove.push('auth');
    const prepared = auth ? credentials.prepare(auth, checkedUrl(set.url ?? asText(row.url) ?? '')) : undefined;
    if (prepared) set.auth = prepared.mark;
    const merged: SubscriptionRow = { ...row, ...set };
    for (const name of remove) delete merged[name];
    if (typeof set.url === 'string') refuseTaking(row, set.url, { auth, headers: merged.headers });
    const read = readSubscription(merged, rules);
    const before = readSubscription(row, rules);
    // What was broken by hand may be mended one by one; what works is not broken here.
    if (before.ok && !read.ok) throw refused(read.problem);
    const differs = read.ok && !isSame(before, read.subscription) ? read.subscription : undefined;
    if (differs) await refuseDuplicate(differs);
    // A problem is about the row as it was: activating it again, or mending what was wrong, ends it at once.
    const ended = input.active === true || input.url !== undefined;
    const problem = problemAfterChange(withoutAuth(row.problem, auth), before, read, ended);
    if (problem === null) remove.push('problem');
    else set.problem = problem;
    if (activates({ before: row, after: merged })) {
      remove.push('inactive_since');
      Object.assign(set, missedNotes(row, deps.now()));
    }
    if (deactivates({ before: row, after: merged })) set.inactive_since = time;
    set.changed_by = await record(principal, { ...about(row, 'changed'), before: row, after: merged });
    if (prepared && !(await secrets.addCredentials(id, organization, prepared.named))) throw notYet();
    // Before the row asks for signatures with it.
    if (needsPrivateKey({ signing: input.signing }) && !(await ensurePrivateKey({ id, organization }, deps)))
      throw notYet();
    const as = auth === undefined ? undefined : row;
    const changed = await subscriptions.update(organization, id, { set, remove, as });
    if (!changed) {
      await credentials.drop({ id, organization }, prepared?.named.ref);
      throw as && (await subscriptions.get(organization, id)) ? changedMeanwhile() : notFound();
    }
    const names = auth === undefined ? Object.keys(input) : [...Object.keys(input), 'auth'];
    if (differs) {
      await giveWayIfDoubled(differs, async () => {
        if (await takeBack(principal, row, changed, names))
          await credentials.drop({ id, organization }, prepared?.named.ref);
      });
    }
    if (auth !== undefined) await credentials.drop({ id, organization }, refOf(row));
    if (isKept(row) !== isKept(changed)) await follow({ organization, subscription: id }, isKept(changed));
    if (beginsAnew({ before: row, after: changed }, rules)) await renew({ organization, subscription: id });
    return { before: row, after: changed };
  }

  /**
   * Pauses a subscription or resumes it; nothing is done when it is so already. The row comes first: senders read it anew each
   * time. Should this end before the endpoint's circuit follows, the guard has it follow, as for edits by hand.
   */
  async function setPaused(principal: Principal, id: string, paused: boolean): Promise<SubscriptionRow> {
    const row = await find(principal, id);
    const organization = String(row.organization);
    const key = { organization, subscription: id };
    if (isPaused(row) !== paused) {
      const after: SubscriptionRow = { ...row, paused: true };
      if (!paused) delete after.paused;
      const changed_by = await record(principal, { ...about(row, paused ? 'paused' : 'resumed'), before: row, after });
      const set = { updated_at: new Date(deps.now()).toISOString(), changed_by, ...(paused && { paused }) };
      const changed = await subscriptions.update(organization, id, { set, remove: paused ? [] : ['paused'] });
      if (!changed) throw notFound();
      await follow(key, isKept(changed));
      return changed;
    }
    // Whoever asks again may do so because what was begun before did not show.
    if (paused) await follow(key, paused);
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

  /** Sets a row's attributes as they were. @returns false when somebody has changed it since, and it stays as it is. */
  async function takeBack(
    principal: Principal,
    row: SubscriptionRow,
    changed: SubscriptionRow,
    names: string[],
  ): Promise<boolean> {
    const { organization, id } = about(row, 'changed');
    const now = await subscriptions.get(organization, id);
    if (!now || now.changed_by !== changed.changed_by) return false;
    const all = [...names, 'problem', 'updated_at', 'inactive_since', 'missed_since', 'missed_until'];
    const changed_by = await record(principal, { ...about(row, 'changed'), before: changed, after: row });
    const set = { ...Object.fromEntries(all.map((name) => [name, row[name]])), changed_by };
    const remove = all.filter((name) => row[name] === undefined) as (keyof Subscription)[];
    return (await subscriptions.update(organization, id, { set, remove })) !== undefined;
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

  /** Reads input as the table's rows are read, so that the API and hand edits keep the same rules. */
  function interpret(row: SubscriptionRow): Subscription {
    normalize(row, row);
    const read = readSubscription(row, rules);
    if (!read.ok) throw refused(read.problem);
    return read.subscription;
  }

  /** Stores URLs in the form they are delivered to, and patterns as a list without repetition. */
  function normalize(target: Record<string, unknown>, input: { url?: unknown; events?: unknown }): void {
    if (input.url !== undefined) target.url = checkedUrl(input.url);
    if (input.events !== undefined) target.events = [...new Set([input.events].flat() as string[])];
  }

  /** @throws Problem invalid-request */
  function checkedUrl(url: unknown): string {
    const checked = rules.checkUrl(url as string);
    if (checked.ok) return checked.url;
    throw new Problem('invalid-request', 'The body is not valid. See errors.', [
      { pointer: '/url', detail: checked.detail },
    ]);
  }

  return { find, create, change, setPaused, remove, mendSecret };
}

export type Subscriptions = ReturnType<typeof createSubscriptions>;

/** What is stored of a subscription: a default stays one, so that a later change of what it derives from takes effect. */
function asGiven(subscription: Subscription, input: SubscriptionInput): GivenSubscription {
  const row: GivenSubscription = { ...subscription };
  for (const name of DEFAULTED) if (input[name] === undefined) delete row[name];
  return row;
}

/** @param given a secret that its customer has already. */
export function newSecret(deps: { newSecret(): SigningSecret }, given: string | undefined): SigningSecret {
  return given === undefined ? deps.newSecret() : { ...deps.newSecret(), key: properly(given) };
}

/** What the guard said for want of credentials ends with new ones, or none. @param auth of the change; undefined: not sent. */
function withoutAuth(problem: unknown, auth: unknown): unknown {
  return auth === undefined || typeof problem !== 'string' ? problem : problem.replace(NO_CREDENTIALS, '');
}

function notYet(): Problem {
  return new Problem('conflict', 'The subscription has no signing secret yet. Try again in a moment.');
}

function changedMeanwhile(): Problem {
  return new Problem(
    'conflict',
    'Somebody else has changed the credentials or the URL in the meantime. Read the subscription again, then retry.',
  );
}

function about(
  row: { organization?: unknown; id?: unknown },
  what: 'created' | 'changed' | 'deleted' | 'paused' | 'resumed',
) {
  const object = { type: 'subscription', id: String(row.id), organization: String(row.organization) } as const;
  return { action: `subscription.${what}`, ...object } as const;
}

function refused(problem: string): Problem {
  return new Problem('invalid-request', cutProblem(problem));
}
