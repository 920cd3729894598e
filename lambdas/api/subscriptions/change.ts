import type { Principal } from '../../domain/api-key.ts';
import { Problem } from '../../domain/problem.ts';
import { NO_CREDENTIALS, refOf } from '../../domain/subscription/auth.ts';
import { activates, beginsAnew, deactivates, isKept } from '../../domain/subscription/begins-anew.ts';
import { asText } from '../../domain/subscription/hand-typed.ts';
import { missedNotes } from '../../domain/subscription/missed-time.ts';
import { problemAfterChange } from '../../domain/subscription/problem-note.ts';
import { readSubscription } from '../../domain/subscription/read-subscription.ts';
import { needsPrivateKey, type Subscription, type SubscriptionRow } from '../../domain/subscription/subscription.ts';
import { ensurePrivateKey } from '../../stores/private-key.ts';
import { accountOfNew, notFound } from '../http/access.ts';
import { about } from './about.ts';
import { refuseTaking, unmasked, type CredentialsOf } from './credentials.ts';
import type { EndpointFollows } from './endpoint-follows.ts';
import { refused, type Given } from './given.ts';
import type { Changed, Find, SubscriptionChange, SubscriptionDeps } from './ports.ts';
import type { Twins } from './twins.ts';

/** What a change works with. */
interface ChangeParts extends Given, EndpointFollows, Twins {
  find: Find;
  credentials: CredentialsOf;
}

/** Changes subscriptions. */
export function createChange(deps: SubscriptionDeps, parts: ChangeParts) {
  const { subscriptions, secrets, rules, record } = deps;
  const {
    find,
    credentials,
    normalize,
    checkedUrl,
    refuseLarge,
    follow,
    renew,
    refuseDuplicate,
    isSame,
    giveWayIfDoubled,
  } = parts;

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
    refuseLarge(merged, row);
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

  return change;
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
