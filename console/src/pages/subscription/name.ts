import type { Subscription } from '../../api/types.ts';
import { shown } from '../../ui/shown.ts';

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

/** Where deliveries go, in words: most of those that are fetched have no URL. */
export function targetOf({ url, delivery }: { url?: unknown; delivery?: unknown }): string {
  return delivery === 'pull' && !url ? 'fetched' : shown(url);
}

/** Where a call went, in words. @param url as the log has it: empty when it was fetched. */
export function targetOfCall(url: unknown): string {
  return targetOf({ url, delivery: url === '' ? 'pull' : 'push' });
}

/** Rows edited by hand may hold anything. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
