import type { Answer, Customers, Lane } from '../../lambdas/sender/ports.ts';
import type { Container } from './container.ts';
import type { Chance } from './random.ts';
import type { Timeline } from './timeline.ts';

/** One request as a customer's server saw it. */
export interface Seen {
  url: string;
  id: string;
  body: string;
  atMs: number;
  /** 0: it never answered. */
  status: number;
  /** Of the sender that made it. */
  lane: Lane | undefined;
}

/**
 * How an endpoint behaves. `outage`: well, but for one outage. `picky`: the same, and afterwards it refuses half of the
 * events for good. `gone`: 410. `busy`: takes so many requests, then answers 429 for as long as it says.
 */
export type Manner = 'well' | 'dead' | 'flaky' | 'gone' | 'outage' | 'picky' | 'busy';

/** An endpoint and its fate, times in milliseconds since the epoch. */
export interface Endpoint {
  manner: Manner;
  outage?: { fromMs: number; toMs: number; hangs: boolean };
  /** Once after its outage, behind so many successes, it is down again for so long: in the middle of its release. */
  relapse?: { successes: number; forMs: number };
  /**
   * How many requests a busy one takes before it asks to wait, how long, and how it says so: seconds in `Retry-After`, or
   * nothing, which means 60. After `healsMs` it takes all.
   */
  busy?: { takes: number; waitMs: number; says: boolean; status: 429 | 503 };
  /** From then on a busy one asks no more, and a flaky one answers well. */
  healsMs?: number;
}

/** Customers' servers: they remember every request, also those whose sender died meanwhile. */
export class Endpoints {
  readonly seen: Seen[] = [];
  readonly #endpoints = new Map<string, Endpoint>();
  /** By URL: successes since the outage, and when the relapse ends. */
  readonly #successes = new Map<string, number>();
  readonly #relapsedUntilMs = new Map<string, number>();
  readonly #timeline: Timeline;
  readonly #chance: Chance;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
  }

  open(url: string, endpoint: Endpoint): void {
    this.#endpoints.set(url, endpoint);
  }

  /** Whether it answers 2xx to everything from now on, but for a relapse. */
  isWell(url: string): boolean {
    const { manner, outage, healsMs = Infinity } = this.#endpoints.get(url)!;
    if (manner === 'flaky' || manner === 'busy') return this.#timeline.now >= healsMs;
    if (manner === 'outage') return this.#timeline.now > outage!.toMs;
    return manner === 'well';
  }

  /** Since when it answers 2xx to everything, milliseconds; undefined: it does not. */
  wellSinceMs(url: string): number | undefined {
    const { outage, healsMs } = this.#endpoints.get(url)!;
    if (!this.isWell(url)) return undefined;
    return Math.max(outage?.toMs ?? 0, healsMs ?? 0, this.#relapsedUntilMs.get(url) ?? 0);
  }

  /** When it gets better that does not answer well now, milliseconds. */
  healsMs(url: string): number {
    const { outage, healsMs = Infinity } = this.#endpoints.get(url)!;
    const { now } = this.#timeline;
    return Math.min(...[outage?.toMs ?? Infinity, healsMs].filter((ms) => ms >= now), Infinity);
  }

  /** Whether a relapse lies before it, or it is in one. */
  mayRelapse(url: string): boolean {
    return (
      this.#endpoints.get(url)!.relapse !== undefined &&
      this.#timeline.now <= (this.#relapsedUntilMs.get(url) ?? Infinity)
    );
  }

  /** The way there from one container. */
  from(container: Container): Customers {
    const chance = this.#chance;
    return {
      ownLagMs: () => 0,
      post: ({ url, headers, body, timeoutMs }) =>
        new Promise<Answer>((resolve) => {
          this.#timeline.after(chance.between(1, 50), () => {
            const id = headers['webhook-id'] ?? '';
            const status = this.#status(url, id);
            const retryAfter = this.#retryAfter(url, status);
            const { lane } = container;
            this.seen.push({ url, id, body: Buffer.from(body).toString(), atMs: this.#timeline.now, status, lane });
            const backMs = status === 0 ? timeoutMs : chance.between(1, 50);
            this.#timeline.after(backMs, () => {
              if (container.dead) return;
              const timings = { total: backMs };
              // The customer took it, but the answer got lost on its way.
              if (status === 0 || chance.happens(container.trouble.lostAnswer)) {
                return resolve({ kind: 'error', class: 'timeout', reason: `timeout after ${timeoutMs} ms`, timings });
              }
              resolve({ kind: 'response', status, headers: retryAfter, body: '', truncated: false, timings });
            });
          });
        }),
    };
  }

  #isRelapsed(url: string, { successes, forMs }: NonNullable<Endpoint['relapse']>): boolean {
    const untilMs = this.#relapsedUntilMs.get(url);
    if (untilMs !== undefined) return this.#timeline.now <= untilMs;
    const count = this.#successes.get(url) ?? 0;
    if (this.#timeline.now > this.#endpoints.get(url)!.outage!.toMs) this.#successes.set(url, count + 1);
    if (count < successes) return false;
    this.#relapsedUntilMs.set(url, this.#timeline.now + forMs);
    return true;
  }

  /** Requests before the time was over for which it asked, and how long after it did so, milliseconds. */
  readonly tooSoon: { url: string; sinceMs: number; askedMs: number }[] = [];
  readonly #busyUntilMs = new Map<string, number>();
  readonly #taken = new Map<string, number>();

  #busyStatus(url: string): number {
    const { busy, healsMs = Infinity } = this.#endpoints.get(url)!;
    const { takes, waitMs, status } = busy!;
    const { now } = this.#timeline;
    const untilMs = this.#busyUntilMs.get(url) ?? -Infinity;
    if (now < untilMs) {
      const askedMs = untilMs - waitMs;
      this.tooSoon.push({ url, sinceMs: now - askedMs, askedMs });
      return status;
    }
    const taken = (this.#taken.get(url) ?? 0) + 1;
    this.#taken.set(url, taken);
    if (now >= healsMs || taken % (takes + 1) !== 0) return 200;
    this.#busyUntilMs.set(url, now + waitMs);
    return status;
  }

  #retryAfter(url: string, status: number): Record<string, string> {
    const { busy } = this.#endpoints.get(url)!;
    if (!busy?.says || status !== busy.status) return {};
    const waitMs = Math.max((this.#busyUntilMs.get(url) ?? 0) - this.#timeline.now, 0);
    return { 'retry-after': String(Math.ceil(waitMs / 1000)) };
  }

  #status(url: string, event: string): number {
    const { manner, outage, relapse, healsMs = Infinity } = this.#endpoints.get(url)!;
    const { now } = this.#timeline;
    if (manner === 'dead') return 500;
    if (manner === 'gone') return 410;
    if (manner === 'busy') return this.#busyStatus(url);
    if (manner === 'flaky') return now < healsMs ? this.#chance.pick([200, 500, 503, 302]) : 200;
    if (outage && now >= outage.fromMs && now <= outage.toMs) return outage.hangs ? 0 : 503;
    if (relapse && this.#isRelapsed(url, relapse)) return 503;
    if (manner === 'picky' && event.charCodeAt(event.length - 1) % 2 === 0) return 422;
    return 200;
  }
}
