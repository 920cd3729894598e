import type { Subscription } from '../api/types.ts';

/** Everything that is wrong or about to be: what support looks at first. */
export function needsAttention({ problem, health }: Subscription): boolean {
  return problem !== undefined || (health !== undefined && (health.state !== 'healthy' || health.failures > 0));
}
