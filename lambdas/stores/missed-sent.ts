import { missedTime, type MissedTime } from '../domain/subscription/missed-time.ts';
import type { TargetKey } from './delivery-targets.ts';
import type { NotedRowStore } from './subscription-notes.ts';

/** The row changed between our look and our write: so often is looked again. */
const TRIES = 3;

/** Notes that all that a subscription missed in some time is on its way. */
export type MissedSent = (key: TargetKey, sent: MissedTime) => Promise<void>;

/** A note that stays because its row kept changing only has somebody look again: sent twice is sent once. */
export function createMissedSent(rows: Pick<NotedRowStore, 'read' | 'note'>): MissedSent {
  return async ({ organization, subscription }, { since_ms, until_ms }) => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const snapshot = await rows.read(organization, subscription);
      const missed = snapshot && missedTime(snapshot.row);
      if (!missed || missed.since_ms < since_ms || missed.until_ms > until_ms) return;
      if ((await rows.note(snapshot, { missed_since: null, missed_until: null })) !== 'changed') return;
    }
  };
}
