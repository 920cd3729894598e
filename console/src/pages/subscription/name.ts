import type { Subscription } from '../../api/types.ts';

/** What people call a subscription: its description, else where it goes. Without scheme and query, which may be secret. */
export function nameOf({ description, url, id }: Subscription): string {
  return (
    textOf(description) ||
    textOf(url)
      .replace(/^https?:\/\//, '')
      .split(/[?#]/, 1)[0] ||
    id
  );
}

/** Rows edited by hand may hold anything. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
