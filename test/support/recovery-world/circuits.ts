import type { EndpointHealth } from '../../../lambdas/domain/endpoint/health.ts';
import { FAILING, isTold } from '../../../lambdas/domain/endpoint/told.ts';
import type { RecoveryDeps } from '../../../lambdas/recovery/ports.ts';
import { SUBSCRIPTION, type World } from './world.ts';
import { ORGANIZATION } from '../sender.ts';

/** The circuit of the one endpoint, as recovery has it. */
export function circuitsOf(world: World): RecoveryDeps['circuits'] {
  const forget = (...names: (keyof EndpointHealth)[]) => names.forEach((name) => delete world.health![name]);
  return {
    all: () => seen(world),
    get: async () => world.health,
    claimProbe: async (_, event, before, nowMs) => {
      if (world.health?.circuit !== 'open' || (world.health.probed_ms ?? 0) >= before) return false;
      Object.assign(world.health, { probed_ms: nowMs, probe_event: event });
      return true;
    },
    note: async (_, name, atMs) => {
      if (world.health?.circuit !== 'open' && world.health?.circuit !== 'paused') return false;
      Object.assign(world.health, { [name]: atMs });
      return true;
    },
    beginRelease: async (_, nowMs) => {
      const { circuit } = world.health ?? {};
      if (circuit === undefined || circuit === 'throttled' || circuit === 'paused') return undefined;
      Object.assign(world.health!, { circuit: 'releasing', release_ms: nowMs });
      forget('release_step', 'release_step_ms');
      return nowMs;
    },
    endThrottle: async (_, untilMs, nowMs) => {
      if (world.health?.circuit !== 'throttled' || world.health.throttled_until_ms !== untilMs) return undefined;
      Object.assign(world.health, { circuit: 'releasing', release_ms: nowMs, renewed_ms: nowMs });
      forget('throttled_until_ms', 'release_step', 'release_step_ms');
      return nowMs;
    },
    claimStep: async (_, run, step, nowMs, pace) => {
      const row = world.health;
      const runs = row?.circuit === 'releasing' || row?.circuit === 'closing';
      if (!row || !runs || row.release_ms !== run || (row.release_step ?? 0) > step) return undefined;
      return Object.assign(row, { release_step: step, release_step_ms: nowMs }, pace && { release_pace: pace });
    },
    reopen: async (_, run, nowMs, why) => {
      if (world.health?.release_ms !== run) return;
      world.opened += 1;
      Object.assign(world.health, {
        circuit: 'open',
        opened_ms: nowMs,
        ...(why === 'inactive' && { deactivated_ms: nowMs }),
      });
      forget('release_ms', 'release_step', 'release_step_ms', 'renewed_ms');
    },
    closing: async (_, run) => {
      if (world.health?.release_ms !== run) return false;
      world.health.circuit = 'closing';
      return true;
    },
    close: async (_, run) => {
      if (world.health?.circuit !== 'closing' || world.health.release_ms !== run) return;
      const { subscription, organization, failures, failing_since_ms: since } = world.health;
      const left = {
        subscription,
        organization,
        failures,
        ...(since === undefined ? {} : { failing_since_ms: since }),
      };
      world.health = failures > 0 ? left : undefined;
    },
    forget: async (_, run, organization) => {
      const row = world.health;
      const isRun = row?.circuit === 'closing' && row.release_ms === run && row.organization === organization;
      if (isRun) world.health = undefined;
      return isRun;
    },
  };
}

/** The rows that recovery looks at. */
async function* seen({ health, told }: World): AsyncGenerator<EndpointHealth[]> {
  const none = { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 };
  const row: EndpointHealth = { ...(health ?? none), ...told };
  if (row.circuit !== undefined || isTold(row) || row.failures >= FAILING.failures) yield [row];
}
