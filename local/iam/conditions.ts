import type { Statement } from './policy.ts';

/**
 * Values of condition keys in one request, keys in lower case. A key that is absent has no value in the request;
 * one that is `undefined` is not known locally, so no condition on it can be decided.
 */
export type RequestContext = Record<string, string[] | undefined>;

/** Whether a statement's conditions hold, or the reason why that cannot be decided. */
export type ConditionResult = boolean | { undecided: string };

type Test = (actual: string, expected: string) => boolean;

const TESTS: Record<string, Test> = {
  StringEquals: (a, e) => a === e,
  StringLike: (a, e) => globToRegExp(e).test(a),
  Bool: (a, e) => a.toLowerCase() === e.toLowerCase(),
  ArnEquals: (a, e) => globToRegExp(e).test(a),
  ArnLike: (a, e) => globToRegExp(e).test(a),
};

const compiled = new Map<string, RegExp>();

/** A pattern with `*` and `?`, as IAM reads it, anchored at both ends. Kept: patterns come from the template alone. */
export function globToRegExp(glob: string, flags = ''): RegExp {
  const key = `${flags}/${glob}`;
  let pattern = compiled.get(key);
  if (!pattern) {
    const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    pattern = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
    compiled.set(key, pattern);
  }
  return pattern;
}

/** Decides all conditions of a statement: all operators, and all keys under each, must hold. */
export function conditionsHold(conditions: Statement['conditions'], context: RequestContext): ConditionResult {
  let holds = true;
  for (const [operator, keys] of Object.entries(conditions)) {
    const { test, quantifier } = parseOperator(operator);
    if (!test) return { undecided: `the condition operator ${operator}` };
    for (const [key, expected] of Object.entries(keys)) {
      const name = key.toLowerCase();
      if (expected.some((e) => e.includes('${'))) return { undecided: `policy variables in the condition on ${key}` };
      if (Object.hasOwn(context, name) && context[name] === undefined)
        return { undecided: `the value of ${key} in this request` };
      if (!KNOWN_KEYS.has(name)) return { undecided: `the condition key ${key}` };
      holds &&= keyHolds(quantifier, context[name], expected, test);
    }
  }
  return holds;
}

/** Keys whose absence from a request means that they are absent on AWS too. */
const KNOWN_KEYS = new Set([
  'aws:securetransport',
  'dynamodb:leadingkeys',
  'dynamodb:attributes',
  'dynamodb:select',
  'aws:sourcearn',
  'aws:sourceaccount',
  'lambda:functionarn',
]);

function parseOperator(operator: string): { test: Test | undefined; quantifier: string } {
  const [, quantifier = '', name = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/.exec(operator) ?? [];
  return { test: TESTS[name], quantifier };
}

function keyHolds(quantifier: string, actual: string[] | undefined, expected: string[], test: Test): boolean {
  const matches = (value: string): boolean => expected.some((e) => test(value, e));
  // ForAllValues holds for a key without values: AWS documents it, and warns of it.
  if (quantifier === 'ForAllValues') return (actual ?? []).every(matches);
  return (actual ?? []).some(matches);
}
