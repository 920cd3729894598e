/** One statement of a policy document, its single values already lists. */
export interface Statement {
  sid: string | undefined;
  effect: 'Allow' | 'Deny';
  actions: string[] | undefined;
  notActions: string[] | undefined;
  /** Undefined where the policy belongs to the resource itself and names none. */
  resources: string[] | undefined;
  /** Whom a resource-based statement is about; `*` is everybody. Undefined in identity-based policies. */
  principals: string[] | undefined;
  /** Operator -> condition key -> values. */
  conditions: Record<string, Record<string, string[]>>;
  /** Elements that the evaluator does not know. They make a matching statement refuse. */
  unknown: string[];
}

const KNOWN = new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'Principal', 'Condition']);

/** Reads a policy document. @throws when it is no policy document at all. */
export function readPolicy(document: unknown): Statement[] {
  const { Statement: statements } = (document ?? {}) as { Statement?: unknown };
  if (statements === undefined)
    throw new Error(`Expected a policy document with "Statement", got ${JSON.stringify(document)}.`);
  return (Array.isArray(statements) ? statements : [statements]).map((s) =>
    readStatement(s as Record<string, unknown>),
  );
}

function readStatement(raw: Record<string, unknown>): Statement {
  if (raw['Effect'] !== 'Allow' && raw['Effect'] !== 'Deny') {
    throw new Error(`Expected Effect "Allow" or "Deny" in a policy statement, got ${JSON.stringify(raw)}.`);
  }
  const resources = strings(raw['Resource']);
  const unknown = Object.keys(raw).filter((key) => !KNOWN.has(key));
  if (resources?.some((r) => r.includes('${'))) unknown.push('policy variables in Resource');
  return {
    sid: typeof raw['Sid'] === 'string' ? raw['Sid'] : undefined,
    effect: raw['Effect'],
    actions: strings(raw['Action']),
    notActions: strings(raw['NotAction']),
    resources,
    principals: principals(raw['Principal']),
    conditions: conditions(raw['Condition']),
    unknown,
  };
}

function strings(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value]).map(String);
}

function principals(value: unknown): string[] | undefined {
  if (value === undefined || typeof value === 'string') return strings(value);
  return Object.values(value as Record<string, unknown>).flatMap((v) => strings(v) ?? []);
}

function conditions(value: unknown): Statement['conditions'] {
  const operators = Object.entries((value ?? {}) as Record<string, Record<string, unknown>>);
  return Object.fromEntries(
    operators.map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, v]) => [key, strings(v) ?? []])),
    ]),
  );
}
