import { z } from 'zod';
import type { EndpointHealth } from '../../domain/endpoint/health.ts';

/** How an endpoint can do. */
export const HEALTH_STATES = ['healthy', 'slow', 'throttled', 'down', 'recovering'] as const;

/** How a subscription's endpoint does. */
export const healthView = z
  .object({
    state: z
      .enum(HEALTH_STATES)
      .describe(
        '`down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `recovering`: they go out · `slow`: served in a lane of its own',
      ),
    failures: z.int().describe('Failed attempts in a row'),
    called: z.boolean().describe('Whether it was ever called, as far as the log goes back'),
    since: z.string().optional().describe('When the first of them was, or since when deliveries are held'),
    until: z.string().optional().describe('While it is `throttled`: until when nothing is sent'),
  })
  .describe('How the endpoint does');

/** @param health the endpoint's row; a healthy endpoint has none, nor has one that was never called. */
export function viewHealth(
  health: EndpointHealth | undefined,
  called: boolean,
  nowMs: number,
): z.output<typeof healthView> {
  if (!health) return { state: 'healthy', failures: 0, called };
  const state = stateOf(health, nowMs);
  const isHeld = state !== 'healthy' && state !== 'slow';
  const since = isHeld ? (health.opened_ms ?? health.failing_since_ms) : health.failing_since_ms;
  return {
    state,
    failures: health.failures,
    called,
    since: toIso(since),
    until: state === 'throttled' ? toIso(health.throttled_until_ms) : undefined,
  };
}

function toIso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

function stateOf(health: EndpointHealth, nowMs: number): z.output<typeof healthView>['state'] {
  if (health.circuit === 'open') return 'down';
  if (health.circuit === 'throttled') return 'throttled';
  // `closing`: all is out, and what is new is sent.
  if (health.circuit === 'releasing') return 'recovering';
  return (health.slow_until_ms ?? 0) > nowMs ? 'slow' : 'healthy';
}
