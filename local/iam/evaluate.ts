import { conditionsHold, globToRegExp } from './conditions.ts';
import type { RequestContext } from './conditions.ts';
import type { Statement } from './policy.ts';

/** One action on one resource by one caller. */
export interface AccessRequest {
  /** ARN that AWS names in its messages: the assumed-role session. */
  caller: string;
  /** Further names that a resource-based policy may know the caller by: role ARN, account, service. */
  callerAliases: string[];
  action: string;
  /** ARN, or `*` for actions without a resource. */
  resource: string;
  context: RequestContext;
}

/** The answer, with AWS's own wording when it is no. */
export type Decision = { allowed: true } | { allowed: false; message: string };

const NONE: Statement[] = [];

type Verdict = { outcome: 'allow' | 'deny' | 'silent'; undecided: string | undefined };

/**
 * Decides as IAM does inside one account: an explicit deny wins, then any allow, else no.
 * What the evaluator does not understand never allows, and a deny that it does not understand denies.
 * @param identity statements of the caller's policies. @param resource statements of the resource's own policy.
 */
export function evaluate(request: AccessRequest, identity: Statement[], resource: Statement[] = NONE): Decision {
  const byIdentity = judge(request, statementsFor(request, identity));
  const ofResource = statementsFor(request, resource).filter((s) => speaksOf(s, request));
  const byResource = judge(request, ofResource);
  if (byIdentity.outcome === 'deny')
    return refuse(request, 'with an explicit deny in an identity-based policy', byIdentity.undecided);
  if (byResource.outcome === 'deny')
    return refuse(request, 'with an explicit deny in a resource-based policy', byResource.undecided);
  if (byIdentity.outcome === 'allow' || byResource.outcome === 'allow') return { allowed: true };
  const why = `because no identity-based policy allows the ${request.action} action`;
  return refuse(request, why, byIdentity.undecided ?? byResource.undecided);
}

/** @param statements those about the action and the resource. */
function judge(request: AccessRequest, statements: Statement[]): Verdict {
  let outcome: Verdict['outcome'] = 'silent';
  let undecided: string | undefined;
  for (const statement of statements) {
    const conditions = conditionsHold(statement.conditions, request.context);
    const unknown = statement.unknown[0] ?? (typeof conditions === 'object' ? conditions.undecided : undefined);
    if (unknown !== undefined) {
      const named = `${unknown}${statement.sid ? ` in statement ${statement.sid}` : ''}`;
      if (statement.effect === 'Deny') return { outcome: 'deny', undecided: named };
      undecided ??= named;
    } else if (conditions === true) {
      if (statement.effect === 'Deny') return { outcome: 'deny', undecided: undefined };
      outcome = 'allow';
    }
  }
  return { outcome, undecided };
}

/** Which statements of a policy are about an action on a resource: the same for each of a function's thousands of calls. */
const found = new WeakMap<Statement[], Map<string, Statement[]>>();
/** Callers name resources as they like; beyond so many, what is remembered of a policy is dropped. */
const MOST_FOUND = 1000;

function statementsFor({ action, resource }: AccessRequest, statements: Statement[]): Statement[] {
  let known = found.get(statements);
  if (!known || known.size > MOST_FOUND) found.set(statements, (known = new Map<string, Statement[]>()));
  const name = `${action} ${resource}`;
  let matching = known.get(name);
  if (!matching) {
    matching = statements.filter((s) => matchesAction(s, action) && matchesResource(s, resource));
    known.set(name, matching);
  }
  return matching;
}

/** Actions are compared without regard to case. */
function matchesAction(statement: Statement, action: string): boolean {
  const matches = (globs: string[]): boolean => globs.some((glob) => globToRegExp(glob, 'i').test(action));
  if (statement.actions) return matches(statement.actions);
  return statement.notActions ? !matches(statement.notActions) : false;
}

function matchesResource(statement: Statement, resource: string): boolean {
  // NotResource is among the unknown elements: count it as matching, so that it refuses instead of being passed over.
  if (!statement.resources) return true;
  // A call without a resource of its own is allowed only by "*".
  return statement.resources.some((glob) => glob.includes('${') || globToRegExp(glob).test(resource));
}

function speaksOf(statement: Statement, request: AccessRequest): boolean {
  if (statement.unknown.includes('NotPrincipal')) return true;
  const names = [request.caller, ...request.callerAliases];
  return (statement.principals ?? []).some((p) => p === '*' || names.includes(p));
}

function refuse(request: AccessRequest, why: string, undecided: string | undefined): Decision {
  const local = undecided ? ` (the local run refuses because it does not understand ${undecided})` : '';
  return {
    allowed: false,
    message: `User: ${request.caller} is not authorized to perform: ${request.action} on resource: ${request.resource} ${why}${local}`,
  };
}
