import type { PosthornEvent } from '../../event.ts';
import type { Condition } from './conditions.ts';
import { treeOf, type EventNode } from './event-tree.ts';
import { readFilter, type Filter, type Pattern } from './read-filter.ts';

/** Says what is wrong with a filter, with the JSON Pointer inside it; undefined when nothing is. */
export function checkFilter(filter: Filter): { pointer: string; detail: string } | undefined {
  const one = readFilter(filter);
  return one.ok ? undefined : { pointer: one.pointer, detail: one.detail };
}

/** Whether an event is wanted. @param filter one that {@link checkFilter} finds nothing wrong with. */
export function passesFilter(filter: Filter, event: PosthornEvent): boolean {
  const one = readFilter(filter);
  return one.ok && holds(one.pattern, [treeOf(event)], treeOf(event));
}

/** JSON Pointers into the event, of what a filter asks for and the event has not; none when it passes. */
export function unmetBy(filter: Filter, event: PosthornEvent): string[] {
  const one = readFilter(filter);
  const root = treeOf(event);
  if (!one.ok || holds(one.pattern, [root], root)) return [];
  const unmet = unmetIn(one.pattern, [root], root);
  return unmet.length > 0 ? unmet : apart(one.pattern, [root], root);
}

/**
 * Whether all of a pattern holds in one of these objects: fields in different elements of a list never match together
 * (aws/event-ruler, "JSON Array Matching").
 */
function holds(pattern: Pattern, nodes: readonly EventNode[], root: EventNode): boolean {
  const objects: (ReadonlyMap<string, EventNode> | undefined)[] = nodes.flatMap((node) => node.objects);
  // Where there is no object, a field may still be asked not to be there.
  return (objects.length > 0 ? objects : [undefined]).some((members) => holdsIn(pattern, members, root));
}

/** The same of one object that is chosen already. */
function holdsIn(pattern: Pattern, members: ReadonlyMap<string, EventNode> | undefined, root: EventNode): boolean {
  const one = (name: string): EventNode[] => [members?.get(name) ?? []].flat();
  return (
    pattern.fields.every(({ name, path, conditions }) => isMet(conditions, one(name), path, root)) &&
    pattern.objects.every(({ name, pattern: inner }) => holds(inner, one(name), root)) &&
    pattern.either.every((list) => list.some((inner) => holdsIn(inner, members, root)))
  );
}

function isMet(
  conditions: Condition[],
  nodes: readonly EventNode[],
  path: readonly string[],
  root: EventNode,
): boolean {
  return conditions.some((condition) => {
    if ('test' in condition) return nodes.some(({ leaves }) => leaves.some(condition.test));
    // Not in any object of a list: a field that one of them has is there.
    return condition.exists ? nodes.some(({ leaves }) => leaves.length > 0) : !hasLeaf([root], path);
  });
}

function hasLeaf(nodes: readonly EventNode[], [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return nodes.some(({ leaves }) => leaves.length > 0);
  return hasLeaf(below(nodes, name), rest);
}

/** Fields that hold in none of these objects. */
function unmetIn(pattern: Pattern, nodes: readonly EventNode[], root: EventNode): string[] {
  const fields = pattern.fields.filter(
    ({ name, path, conditions }) => !isMet(conditions, below(nodes, name), path, root),
  );
  const inner = pattern.objects.flatMap(({ name, pattern: one }) => unmetIn(one, below(nodes, name), root));
  const either = pattern.either
    .map((list) => list.map((one) => unmetIn(one, nodes, root)))
    .flatMap((list) => (list.some((unmet) => unmet.length === 0) ? [] : list.flat()));
  return [...new Set([...fields.map(({ pointer }) => pointer), ...inner, ...either])];
}

/** Where each field holds somewhere, but not all in one object of a list. */
function apart(pattern: Pattern, nodes: readonly EventNode[], root: EventNode): string[] {
  const inner = pattern.objects.filter(({ name, pattern: one }) => !holds(one, below(nodes, name), root));
  if (inner.length === 0) return [pattern.pointer];
  return inner.flatMap(({ name, pattern: one }) => apart(one, below(nodes, name), root));
}

/** What stands under this name in any of the objects. */
function below(nodes: readonly EventNode[], name: string): EventNode[] {
  return nodes.flatMap(({ objects }) => objects.flatMap((members) => members.get(name) ?? []));
}
