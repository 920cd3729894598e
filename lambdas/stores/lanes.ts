import type { TargetKey } from './delivery-targets.ts';

/** Which endpoints are slow just now. */
export interface Lanes {
  /** True: its deliveries go to the slow lane. */
  isSlow(key: TargetKey): boolean;
}

/** The table `EndpointHealth`, as far as it says who is slow. */
export interface LaneStore {
  /** What was read at most a few seconds ago. */
  load(): Promise<Lanes>;
}
