import { Problem } from '../../domain/problem.ts';

// A cursor is the place where a page ended, as base64url of JSON. It only says where to read on, never what may be
// read: stores put the organization that the caller may see into the key themselves.

/** @param place names and text of what says where the next page starts. */
export function writeCursor(place: Record<string, string>): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/**
 * Reads what {@link writeCursor} wrote.
 * @param names the members that it must have; others are dropped.
 * @throws Problem `malformed-request` at `?cursor` for anything else.
 */
export function readCursor<N extends string>(cursor: string, names: readonly N[]): Record<N, string> {
  let place: unknown;
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw malformed();
  }
  if (typeof place !== 'object' || place === null) throw malformed();
  const members = place as Record<string, unknown>;
  return Object.fromEntries(
    names.map((name) => {
      const value = members[name];
      if (typeof value !== 'string' || value === '') throw malformed();
      return [name, value];
    }),
  ) as Record<N, string>;
}

function malformed(): Problem {
  const detail = 'expected next_cursor of the previous page; leave it out for the first page';
  return new Problem('malformed-request', 'The cursor cannot be read.', [{ pointer: '?cursor', detail }]);
}
