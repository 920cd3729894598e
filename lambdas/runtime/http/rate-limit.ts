import type { MiddlewareObj } from '@middy/core';
import { Problem } from '../../domain/problem.ts';
import type { QuotaStore } from '../../stores/quotas.ts';
import type { HttpAnswer, HttpContext, HttpEvent } from './event.ts';

export interface RateLimitOptions {
  quotas: Pick<QuotaStore, 'count'>;
  /** Requests a second that one key may make, on the average of {@link WINDOW_SECONDS}. */
  perSecond: number;
  /** Requests a day, UTC, that one key of an organization may make. @default as many as it likes */
  perDay?: number;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Requests are counted by ten seconds: a burst of ten seconds' worth is let through at once. */
export const WINDOW_SECONDS = 10;
const DAY_SECONDS = 86_400;
/** Keys remembered by one environment. */
const MAX_KEYS = 1000;

interface Counter {
  window: number;
  /** What all environments had counted when this one last asked. */
  total: number;
  /** What this one has let through since. */
  own: number;
}

/**
 * Refuses requests of a key that makes too many. Each request is served by one of many environments, so they share a
 * counter, told only of every few requests: a key that makes few costs no write, one that makes many one write for each
 * twentieth of a second's worth (at least ten requests). Use it after `authenticate`. Counting must stop nobody: when the
 * counter cannot be written, requests pass.
 * @throws Problem `rate-limited`, with the seconds until the next window.
 */
export function limitRate({
  quotas,
  perSecond,
  perDay,
  now,
}: RateLimitOptions): MiddlewareObj<HttpEvent, HttpAnswer, Error, HttpContext> {
  const share = Math.max(10, Math.floor(perSecond / 20));
  const rate = createWindow(
    { name: 'requests', seconds: WINDOW_SECONDS, most: perSecond * WINDOW_SECONDS, share },
    `${perSecond} requests a second`,
    { quotas, now },
  );
  const day =
    perDay === undefined
      ? undefined
      : createWindow({ name: 'day', seconds: DAY_SECONDS, most: perDay, share: 50 }, `${perDay} requests a day`, {
          quotas,
          now,
        });
  return {
    before: async ({ context: { principal } }) => {
      await rate(principal.keyId);
      // Staff's keys and the platform's own programs are nobody's to be protected from.
      if (principal.organization !== undefined) await day?.(principal.keyId);
    },
  };
}

/** Counts one request of a key. @throws Problem when the window is full. */
type Count = (key: string) => Promise<void>;

function createWindow(
  { name, seconds, most, share }: { name: string; seconds: number; most: number; share: number },
  words: string,
  { quotas, now }: Pick<RateLimitOptions, 'quotas' | 'now'>,
): Count {
  const counters = new Map<string, Counter>();
  const counterOf = (key: string, window: number): Counter => {
    const known = counters.get(key);
    if (known?.window === window) return known;
    if (counters.size >= MAX_KEYS) counters.clear();
    const fresh = { window, total: 0, own: 0 };
    counters.set(key, fresh);
    return fresh;
  };
  return async (key) => {
    const windowMs = seconds * 1000;
    const window = Math.floor(now() / windowMs);
    const counter = counterOf(key, window);
    if (counter.total + counter.own >= most) {
      const left = Math.ceil(((window + 1) * windowMs - now()) / 1000);
      throw new Problem('rate-limited', `Expected at most ${words} from one API key. Continue in ${left} s.`, {
        retryAfterSeconds: left,
      });
    }
    counter.own += 1;
    if (counter.own < share) return;
    const { own } = counter;
    counter.own = 0;
    counter.total += own;
    const total = await quotas.count(`${name}#${key}`, window, own).catch(() => undefined);
    if (total !== undefined) counter.total = Math.max(counter.total, total);
  };
}
