import type { TargetKey } from '../../stores/delivery-targets.ts';
import type { EndpointHealthStore } from '../../stores/endpoint-health.ts';
import type { SecretStore } from '../../stores/secrets.ts';

export interface EndpointFollowsDeps {
  secrets: Pick<SecretStore, 'get'>;
  health: Pick<EndpointHealthStore, 'renew' | 'pause' | 'resume'>;
  /** Asks recovery to send what is held for an endpoint. Never throws: recovery finds it by itself some minutes later. */
  release(key: TargetKey, run: number): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Has an endpoint's circuit follow a change of its subscription's row. */
export function createEndpointFollows({ secrets, health, release, now }: EndpointFollowsDeps) {
  /** Typed by hand, the row may have the id of another organization's subscription, whose endpoint is none of its business. */
  async function follow(key: TargetKey, kept: boolean): Promise<void> {
    if ((await secrets.get(key.subscription))?.organization !== key.organization) return;
    if (kept) return void (await health.pause(key, now()));
    const run = await health.resume(key, now());
    if (run !== undefined) await release(key, run);
  }

  /** The guard does the same for edits by hand. */
  async function renew(key: TargetKey): Promise<void> {
    const run = await health.renew(key, now());
    if (run !== undefined) await release(key, run);
  }

  return { follow, renew };
}

export type EndpointFollows = ReturnType<typeof createEndpointFollows>;
