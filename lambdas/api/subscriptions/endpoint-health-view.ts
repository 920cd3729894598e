import { z } from 'zod';
import { isOnlyPaced } from '../../domain/endpoint/turns.ts';
import { nextProbeMs, type EndpointHealth } from '../../domain/endpoint/health.ts';

/** How an endpoint can do. */
export const HEALTH_STATES = ['healthy', 'slow', 'throttled', 'down', 'paused', 'releasing', 'pull'] as const;

/** How a subscription's endpoint does. */
export const healthView = z
  .object({
    state: z
      .enum(HEALTH_STATES)
      .describe(
        '`down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own · `pull`: nothing is sent, deliveries are kept until they are fetched',
      ),
    failures: z.int().describe('Failed attempts in a row'),
    called: z.boolean().describe('Whether it was ever called, as far as the log goes back'),
    since: z.string().optional().describe('When the first of them was, or since when deliveries are held'),
    healing: z
      .object({
        event_id: z.string().describe('Of the oldest one'),
        next_at: z.string().describe('When it is tried again; at once when the endpoint takes anything else'),
        until: z.string().describe('Until when that is done'),
      })
      .optional()
      .describe('Some deliveries are exhausted and tried again by the platform itself'),
    until: z.string().optional().describe('While it is `throttled`: until when nothing is sent'),
    next_probe_at: z
      .string()
      .optional()
      .describe('While it is `down`: when it is tried again; missing while its subscription is inactive'),
    held: z
      .object({
        count: z.int(),
        at_least: z.boolean().optional().describe('True: counting stopped there, more may be held'),
      })
      .optional()
      .describe(
        'Deliveries that are held, or wait to be fetched; told of a single subscription, and only where some may be',
      ),
  })
  .describe('How the endpoint does');

/** What is known of an endpoint besides its row. */
interface Circumstances {
  /** Its subscription says so: what the row of the endpoint says follows within seconds. */
  paused: boolean;
  /** The same of `delivery`: its customer fetches deliveries. */
  pulled: boolean;
  called: boolean;
  held?: z.output<typeof healthView>['held'];
  /** Milliseconds between two probes of an endpoint that is down. @default the next one is not told */
  probeMs?: number;
}

/** Whether deliveries of such an endpoint may be held. */
export function mayHold(health: EndpointHealth | undefined, kept: boolean): boolean {
  return kept || health?.circuit !== undefined;
}

/** @param health the endpoint's row; a healthy endpoint has none, nor has one that was no attempts yet. */
export function viewHealth(
  health: EndpointHealth | undefined,
  { paused, pulled, called, held, probeMs }: Circumstances,
  nowMs: number,
): z.output<typeof healthView> {
  if (paused) {
    const since = toIso(health?.circuit === 'paused' ? health.paused_ms : undefined);
    return { state: 'paused', failures: health?.failures ?? 0, called, since, held };
  }
  if (pulled) return { state: 'pull', failures: 0, called, held };
  if (!health) return { state: 'healthy', failures: 0, called };
  const state = stateOf(health, nowMs);
  const isHeld = state !== 'healthy' && state !== 'slow';
  const since = isHeld ? (health.paused_ms ?? health.opened_ms ?? health.failing_since_ms) : health.failing_since_ms;
  return {
    state,
    failures: health.failures,
    called,
    since: toIso(since),
    healing: viewHealing(health),
    until: state === 'throttled' ? toIso(health.throttled_until_ms) : undefined,
    next_probe_at: state === 'down' && probeMs !== undefined ? toIso(nextProbeMs(health, probeMs)) : undefined,
    held,
  };
}

function viewHealing({ heal_event, heal_ms, heal_until_ms }: EndpointHealth): z.output<typeof healthView>['healing'] {
  const [next_at, until] = [toIso(heal_ms), toIso(heal_until_ms)];
  if (heal_event === undefined || next_at === undefined || until === undefined) return undefined;
  return { event_id: heal_event, next_at, until };
}

function toIso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** The state that an endpoint's row says. */
export function stateOf(health: EndpointHealth, nowMs: number): z.output<typeof healthView>['state'] {
  if (health.circuit === 'open') return 'down';
  if (health.circuit === 'throttled') return 'throttled';
  // Resumed a moment ago.
  if (health.circuit === 'paused') return 'paused';
  // `closing`: all is out, and what is new is sent.
  if (health.circuit === 'releasing' && !isOnlyPaced(health)) return 'releasing';
  return (health.slow_until_ms ?? 0) > nowMs ? 'slow' : 'healthy';
}
