import type { Answer, Customers } from '../../lambdas/sender/ports.ts';
import type { Container } from './container.ts';
import type { Chance } from './random.ts';
import type { Timeline } from './timeline.ts';

/** One request as a customer's server saw it. */
export interface Seen {
  url: string;
  id: string;
  body: string;
  atMs: number;
  status: number;
}

/** How an endpoint behaves. */
export type Manner = 'well' | 'dead' | 'flaky' | 'gone';

/** Customers' servers: they remember every request, also those whose sender died meanwhile. */
export class Endpoints {
  readonly seen: Seen[] = [];
  readonly #manners = new Map<string, Manner>();
  readonly #timeline: Timeline;
  readonly #chance: Chance;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
  }

  open(url: string, manner: Manner): void {
    this.#manners.set(url, manner);
  }

  /** The way there from one container. */
  from(container: Container): Customers {
    const chance = this.#chance;
    return {
      post: ({ url, headers, body }) =>
        new Promise<Answer>((resolve) => {
          this.#timeline.after(chance.between(1, 50), () => {
            const status = this.#status(url);
            const id = headers['webhook-id'] ?? '';
            this.seen.push({ url, id, body: Buffer.from(body).toString(), atMs: this.#timeline.now, status });
            const backMs = chance.between(1, 50);
            this.#timeline.after(backMs, () => {
              if (container.dead) return;
              const timings = { total: backMs };
              // The customer took it, but the answer got lost on its way.
              if (chance.happens(container.trouble.lostAnswer)) {
                return resolve({ kind: 'error', class: 'timeout', reason: 'timeout after 10000 ms', timings });
              }
              resolve({ kind: 'response', status, headers: {}, body: '', truncated: false, timings });
            });
          });
        }),
    };
  }

  #status(url: string): number {
    const manner = this.#manners.get(url);
    if (manner === 'dead') return 500;
    if (manner === 'gone') return 410;
    if (manner === 'flaky') return this.#chance.pick([200, 500, 503, 302]);
    return 200;
  }
}
