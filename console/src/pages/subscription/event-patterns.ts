import type { Catalogue } from '../../api/types.ts';
import { patternsOf } from './form-fields.ts';

/** A pattern that can be chosen, and what it stands for. */
export interface PatternOption {
  value: string;
  label: string;
  description: string;
}

type Type = Pick<Catalogue['data'][number], 'name' | 'description'>;
type Sampled = Type & Pick<Catalogue['data'][number], 'sample'>;

const ALL: PatternOption = {
  value: '*',
  label: '*',
  description: 'Every event, also of types that are added later, but not events about other endpoints (posthorn.*)',
};
/** As the API takes them: a type, all below a name, a name. */
const PATTERN = /^([a-z0-9][a-z0-9_-]*\.){0,2}([a-z0-9][a-z0-9_-]*|\*)$/;

/**
 * What can be chosen, as somebody types: everything, all events of a service, a type; and a pattern of their own, since one may
 * stand for what the catalogue does not have yet.
 * @param typed what is looked for
 * @param chosen patterns that stand in the form already, whatever they are
 */
export function patternOptions(
  types: readonly Type[],
  typed: string,
  chosen: readonly string[],
): { label: string; options: PatternOption[] }[] {
  const services = [...new Set(types.flatMap(({ name }) => (name.includes('.') ? [name.split('.')[0]!] : [])))].sort();
  const groups = services.map((service) => {
    const names = types.filter(({ name }) => name.startsWith(`${service}.`)).map(({ name }) => name);
    return { value: `${service}.*`, label: `${service}.*`, description: `All of them: ${names.join(', ')}` };
  });
  const single = types.map(({ name, description }) => ({ value: name, label: name, description }));
  const word = typed.trim().toLowerCase();
  const fits = ({ value, description }: PatternOption): boolean =>
    chosen.includes(value) || `${value} ${description}`.toLowerCase().includes(word);
  const [many, one] = [[ALL, ...groups].filter(fits), single.filter(fits)];
  const known = new Set([ALL, ...groups, ...single].map(({ value }) => value));
  // A bare word is mostly looked for; it is a pattern only where nothing else has it.
  const isOwn = PATTERN.test(word) && (word.includes('.') || many.length + one.length === 0);
  const own = [...chosen, ...(isOwn ? [word] : [])].filter((pattern) => !known.has(pattern));
  return [
    { label: 'Many at once', options: many },
    { label: 'Event types', options: one },
    {
      label: 'As typed',
      options: [...new Set(own)].map((value) => ({ value, label: value, description: wordsOf(value) })),
    },
  ].filter(({ options }) => options.length > 0);
}

function wordsOf(pattern: string): string {
  return pattern.includes('.') && !pattern.endsWith('.*')
    ? 'Not an event type of the catalogue'
    : 'Matches no current event type';
}

/**
 * The patterns as the form keeps them. Everything leaves room for nothing else but what tells of other endpoints, which is no
 * part of it; whoever adds another one means that.
 */
export function joinPatterns(before: string, chosen: readonly string[]): string {
  const added = chosen.filter((pattern) => !patternsOf(before).includes(pattern));
  const own = (pattern: string): boolean => !isOperational(pattern);
  if (added.includes('*')) return chosen.filter((pattern) => pattern === '*' || !own(pattern)).join(', ');
  return (added.some(own) ? chosen.filter((pattern) => pattern !== '*') : chosen).join(', ');
}

/** Types of the catalogue for which patterns stand; the same rule as the platform's. */
export function typesOf<One extends Type>(types: readonly One[], patterns: readonly string[]): One[] {
  return types.filter(({ name }) =>
    patterns.some((pattern) => {
      if (pattern === '*') return !isOperational(name);
      if (pattern === name) return true;
      if (pattern.endsWith('.*')) return name.startsWith(pattern.slice(0, -1));
      return !pattern.includes('.') && name.startsWith(`${pattern}.`);
    }),
  );
}

/** Of types, those of which an example can be sent: pings have a button of their own. */
export function withSample<One extends Sampled>(types: readonly One[]): One[] {
  return types.filter(({ name, sample }) => name !== 'ping' && sample !== null);
}

/** Of types with an example, those for which patterns stand; all where they stand for none. */
export function samplesFor<One extends Sampled>(types: readonly One[], patterns: readonly string[]): One[] {
  const all = withSample(types);
  const fitting = typesOf(all, patterns);
  return fitting.length > 0 ? fitting : all;
}

/** Of what the platform itself tells. */
function isOperational(pattern: string): boolean {
  return pattern === 'posthorn' || pattern.startsWith('posthorn.');
}
