type Pattern = Record<string, unknown>;
type Matcher = (value: unknown) => boolean;

/**
 * Compiles a filter of an event source mapping.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 * @param patterns JSON texts; a record passes that matches any.
 * @throws on an operator that it does not know, so that no filter is half applied.
 */
export function compileFilter(patterns: string[]): (record: unknown) => boolean {
  if (patterns.length === 0) return () => true;
  const compiled = patterns.map((p) => compile(JSON.parse(p) as Pattern));
  return (record) => compiled.some((matches) => matches(record));
}

function compile(pattern: Pattern): Matcher {
  const members = Object.entries(pattern).map(([key, expected]): Matcher => {
    if (key === '$or') {
      const choices = (expected as Pattern[]).map(compile);
      return (value) => choices.some((matches) => matches(value));
    }
    if (Array.isArray(expected)) {
      const choices = expected.map(compileRule);
      return (value) => leaves(member(value, key)).some((leaf) => choices.some((matches) => matches(leaf)));
    }
    const inner = compile(expected as Pattern);
    return (value) => inner(member(value, key));
  });
  return (value) => members.every((matches) => matches(value));
}

const ABSENT = Symbol('absent');

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Pattern)[key] : undefined;
}

/** A list matches when one of its elements does. */
function leaves(value: unknown): unknown[] {
  if (value === undefined) return [ABSENT];
  return Array.isArray(value) ? value : [value];
}

const RULES: Record<string, (argument: unknown) => Matcher> = {
  exists: (wanted) => (v) => (v !== ABSENT) === wanted,
  prefix: (start) => (v) => typeof v === 'string' && v.startsWith(String(start)),
  suffix: (end) => (v) => typeof v === 'string' && v.endsWith(String(end)),
  'equals-ignore-case': (text) => (v) => typeof v === 'string' && v.toLowerCase() === String(text).toLowerCase(),
  'anything-but': (list) => {
    const excluded = Array.isArray(list) ? list : [list];
    if (excluded.some((e) => typeof e === 'object')) throw unknownRule({ 'anything-but': list });
    return (v) => v !== ABSENT && !excluded.includes(v);
  },
  numeric: (range) => numericRule(range as unknown[]),
};

function compileRule(rule: unknown): Matcher {
  if (typeof rule !== 'object' || rule === null) return (value) => value === rule;
  const [[name, argument] = ['', undefined], ...more] = Object.entries(rule);
  const make = RULES[name];
  if (!make || more.length > 0) throw unknownRule(rule);
  return make(argument);
}

const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `["<", 10]` or `[">", 0, "<=", 5]`. */
function numericRule(range: unknown[]): Matcher {
  const tests: Matcher[] = [];
  for (let i = 0; i < range.length; i += 2) {
    const compare = COMPARISONS[String(range[i])];
    const bound = Number(range[i + 1]);
    if (!compare || Number.isNaN(bound)) throw unknownRule({ numeric: range });
    tests.push((v) => typeof v === 'number' && compare(v, bound));
  }
  return (v) => tests.every((matches) => matches(v));
}

function unknownRule(rule: unknown): Error {
  return new Error(
    `The local run does not know the filter rule ${JSON.stringify(rule)}. Known: a plain value, ${Object.keys(RULES).join(', ')}.`,
  );
}
