import { checkFilter } from '../filter/filter.ts';
import type { Filter } from '../filter/read-filter.ts';
import { asJsonMap, asWords, dynamoDbJsonIn, standsForEverything, standsForNothing } from '../hand-typed.ts';
import { checkPattern } from '../matching.ts';
import { sentence, type Complain, type SubscriptionRules } from './reading.ts';

// Which events a subscription wants.

export function readEvents(value: unknown, rules: SubscriptionRules, problems: string[], complain: Complain): string[] {
  if (value === undefined) return ['*'];
  const patterns = [...new Set(asWords(value)?.map((word) => word.toLowerCase()))];
  if (patterns.length === 0) {
    const todo = 'name at least one, or remove the attribute for every event';
    complain('events', 'a list of event types or patterns', value, todo);
  }
  for (const pattern of patterns) {
    if (standsForNothing(pattern)) {
      const expected = 'event types or patterns, not the word for an empty cell';
      complain('events', expected, pattern, 'name at least one, or remove the attribute for every event');
      continue;
    }
    if (standsForEverything(pattern)) {
      complain('events', 'event types or patterns', pattern, 'type *, or remove the attribute, for every event');
      continue;
    }
    const wrong = checkPattern(pattern, rules.knownTypes);
    if (wrong !== undefined) problems.push(`events: ${sentence(wrong)}`);
  }
  return patterns;
}

/** Whoever filters sends less about patients; so what cannot be understood is never taken for "everything". */
export function readFilter(value: unknown, problems: string[], complain: Complain): Filter | undefined {
  if (value === undefined) return undefined;
  const filter = dynamoDbJsonIn(value) === undefined ? asJsonMap(value) : undefined;
  if (!filter) {
    return complain(
      'filter',
      'a map, or a JSON object as text',
      value,
      'mend it, or remove the attribute for no filter',
    );
  }
  const wrong = checkFilter(filter);
  if (wrong) problems.push(`filter${wrong.pointer && ` at ${wrong.pointer}`}: ${sentence(wrong.detail)}`);
  return wrong ? undefined : filter;
}
