import type { EndpointHealth } from '../../../lambdas/domain/endpoint/health.ts';
import type { PosthornEvent } from '../../../lambdas/domain/event.ts';
import type { RecoveryMessage } from '../../../lambdas/domain/messages/messages.ts';
import type { LatestAttempt } from '../../../lambdas/stores/attempts.ts';
import type { HeldDelivery } from '../../../lambdas/stores/held.ts';
import type { SortedMap } from './sorted-map.ts';

export const SUBSCRIPTION = 'sub_1';
export const TICK_MS = 60_000;

/** What recovery and the sender see of the world, and do to it. */
export interface World {
  readonly now: number;
  health: EndpointHealth | undefined;
  row: Record<string, unknown> | undefined;
  readonly held: SortedMap<HeldDelivery>;
  readonly log: Map<string, LatestAttempt>;
  /** Events in the order of their first request after they were accepted or released. */
  readonly delivered: string[];
  readonly notices: string[];
  /** Times of which all that was missed was queued. */
  readonly missedSent: { since_ms: number; until_ms: number }[];
  /** What its organization was told of it, as its row in EndpointHealth says, and the events that told it. */
  told: Pick<EndpointHealth, 'told' | 'told_exhausted' | 'untold_exhausted' | 'untold_from_ms'>;
  readonly published: PosthornEvent[];
  opened: number;
  /** Requests by second. */
  readonly load: Map<number, number>;
  /** Whether the endpoint answers 200. @param load requests in this second, this one included */
  readonly answers: (nowMs: number, load: number) => boolean;
  /** Queues a delivery, to be received at a time. */
  queue(body: string, attempt: number, ms: number): void;
  /** Gives recovery something to do. */
  job(job: RecoveryMessage['job'], step?: number, delaySeconds?: number): void;
  /** @returns whether it was not paused. */
  pauseCircuit(): boolean;
  /** @returns the release's run. */
  resumeCircuit(): number | undefined;
  /** @returns the release's run. */
  renewCircuit(): number | undefined;
}
