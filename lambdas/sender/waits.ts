import type { WaitsInFlight } from '../domain/delivery/in-flight.ts';
import { targetName, type TargetKey } from '../stores/delivery-targets.ts';

/** Retries that this sender has wait in flight, over all its batches. */
export interface Waits {
  /** One more until then, milliseconds since the epoch. @returns false when endpoint or organization has as many as it may. */
  take(key: TargetKey, untilMs: number): boolean;
}

/** Names that are remembered; then those whose waits are over are forgotten. */
const REMEMBERED = 1000;

export function createWaits(most: WaitsInFlight, now: () => number): Waits {
  /** When the waits of an endpoint or organization end. */
  const ends = new Map<string, number[]>();
  const running = (name: string): number[] => {
    const nowMs = now();
    const left = (ends.get(name) ?? []).filter((endMs) => endMs > nowMs);
    if (left.length > 0) ends.set(name, left);
    else ends.delete(name);
    return left;
  };
  return {
    take(key, untilMs) {
      if (ends.size > REMEMBERED) for (const name of [...ends.keys()]) running(name);
      const [endpoint, organization] = [targetName(key), key.organization];
      const [ofEndpoint, ofOrganization] = [running(endpoint), running(organization)];
      if (ofEndpoint.length >= most.endpoint || ofOrganization.length >= most.organization) return false;
      ends.set(endpoint, [...ofEndpoint, untilMs]);
      ends.set(organization, [...ofOrganization, untilMs]);
      return true;
    },
  };
}
