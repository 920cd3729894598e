import type { Operation } from '../../../test/support/open-api.ts';
import type { Input, Outcome } from './input.ts';

/** Keys of the callers, by what they may do. */
export interface Keys {
  producer: string;
  admin: string;
  organization: string;
  revoked: string;
}

/** What requests speak of: keys, operations, and ids of what exists. */
export interface World {
  keys: Keys;
  operations: readonly Operation[];
  /** An id of what a path below `/v1/` speaks of, e.g. `subscriptions`; undefined: nothing of it exists. */
  ids: ReadonlyMap<string, readonly string[]>;
  /** Takes ids of what was made out of an answer, so that there is something left when much was deleted. */
  learn(input: Input, outcome: Outcome): void;
}

/** Ids kept of each kind. */
const MOST_IDS = 200;
const MADE_BY = /^POST \/v1\/(subscriptions|api-keys|replays)[ ?]/;
const REPLAYED = /^POST \/v1\/subscriptions\/[^/]+\/replay[ ?]/;

export function createWorld(
  keys: Keys,
  operations: readonly Operation[],
  existing: Record<string, readonly string[]>,
): World {
  const ids = new Map(Object.entries(existing).map(([kind, known]) => [kind, [...known]]));
  return {
    keys,
    operations,
    ids,
    learn({ bytes }, { status, body }) {
      if (status !== 201 && status !== 202) return;
      const kind = REPLAYED.test(bytes) ? 'replays' : MADE_BY.exec(bytes)?.[1];
      const id = kind && /"id":"([^"]+)"/.exec(body)?.[1];
      if (!kind || !id) return;
      const known = ids.get(kind) ?? [];
      if (known.push(id) > MOST_IDS) known.shift();
      ids.set(kind, known);
    },
  };
}

/** The input with words in place of the keys, as a JSON string that can be printed and sent again. */
export function shown({ bytes }: Input, keys: Keys): string {
  const masked = Object.entries<string>({ ...keys }).reduce(
    (text, [name, key]) => text.replaceAll(key, `<${name} key>`),
    bytes,
  );
  return `${JSON.stringify(masked.slice(0, 4000))}${masked.length > 4000 ? ` and ${masked.length - 4000} bytes` : ''}`;
}
