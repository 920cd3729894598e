import type { PosthornEvent } from '../../event.ts';
import type { JsonKind, JsonMember } from '../../json/json.ts';
import { MAX_JSON_DEPTH, scanJson } from '../../json/scan.ts';

/** A leaf of an event: anything but an object or a list. */
export interface Leaf {
  kind: Exclude<JsonKind, 'object' | 'array'>;
  /** A string's value, anything else as it was written. */
  text: string;
}

/**
 * A value of an event, taken apart only where a filter looks, and once for all filters. Lists are "crushed out", as in
 * EventBridge's ruler: what stands in a list, at any depth of lists, is the value of the list's own field.
 */
export class EventNode {
  readonly #value: JsonMember;
  #taken: { leaves: Leaf[]; objects: Map<string, EventNode>[] } | undefined;

  constructor(value: JsonMember) {
    this.#value = value;
  }

  /** The value itself, or those in the list that it is. */
  get leaves(): readonly Leaf[] {
    return this.#take().leaves;
  }

  /** The object that it is, or those in the list that it is. */
  get objects(): readonly ReadonlyMap<string, EventNode>[] {
    return this.#take().objects;
  }

  #take(): { leaves: Leaf[]; objects: Map<string, EventNode>[] } {
    this.#taken ??= takeApart(this.#value);
    return this.#taken;
  }
}

function takeApart(value: JsonMember): { leaves: Leaf[]; objects: Map<string, EventNode>[] } {
  const leaves: Leaf[] = [];
  const objects: Map<string, EventNode>[] = [];
  const open = [value];
  for (let next = open.pop(); next; next = open.pop()) {
    const { kind, raw } = next;
    if (kind !== 'object' && kind !== 'array') {
      leaves.push({ kind, text: kind === 'string' ? (JSON.parse(raw) as string) : raw });
      continue;
    }
    // Ingest has checked the text; this only finds its parts.
    const scan = scanJson(raw, { maxDepth: MAX_JSON_DEPTH, checkedLevels: 1 });
    if (!scan.ok) continue;
    if (scan.elements) open.push(...scan.elements);
    if (scan.members) objects.push(new Map([...scan.members].map(([key, member]) => [key, new EventNode(member)])));
  }
  return { leaves, objects };
}

/** The members of an event that a filter may name. */
export const FILTERED = ['data', 'type', 'account', 'resource_id', 'triggering_location'] as const;

const known = new WeakMap<PosthornEvent, EventNode>();

/** An event as filters see it; made once for each event. */
export function treeOf(event: PosthornEvent): EventNode {
  const before = known.get(event);
  if (before) return before;
  const members = FILTERED.flatMap((name) => {
    const value = event[name];
    if (value === undefined) return [];
    return [`${JSON.stringify(name)}:${name === 'data' ? value : JSON.stringify(value)}`];
  });
  const tree = new EventNode({ kind: 'object', raw: `{${members.join(',')}}` });
  known.set(event, tree);
  return tree;
}
