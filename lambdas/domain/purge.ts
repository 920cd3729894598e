/** What a purge takes, in this order: without keys nothing new comes, without subscriptions nothing is sent or held. */
export const PURGED = [
  'keys',
  'sessions',
  'subscriptions',
  'secrets',
  'health',
  'held',
  'attempts',
  'replays',
  'statistics',
  // Last of the tables: what goes with a resource is found through its events.
  'events',
  'dead_letters',
] as const;
export type Purged = (typeof PURGED)[number];
export type PurgedCounts = Partial<Record<Purged, number>>;

/** Whose data goes: all of an organization, or of one resource of it. */
export interface PurgeTarget {
  organization: string;
  /** `resource_id` of its events, by its SHA-256, hex. Absent: everything. */
  resource?: string | undefined;
}

/** How far a pass has come: what it looks at, and where it goes on there. */
export interface PurgePlace {
  at: number;
  /** Key of the last row that was seen, or the round. */
  from?: Record<string, unknown>;
}

/** A purge and how far it has come. */
export interface Purge extends PurgeTarget {
  /** `pur_…` */
  id: string;
  /** The resource itself, as long as it is looked for. */
  resource_id?: string | undefined;
  state: 'running' | 'done';
  created_ms: number;
  ended_ms?: number;
  /** What was deleted so far, by kind. */
  deleted: PurgedCounts;
  /** Which pass over everything this is, from 1; when it began, milliseconds; what it has found. */
  pass: number;
  pass_began_ms: number;
  found: number;
  /** Where the pass goes on. Absent: at its beginning. */
  place?: PurgePlace;
  /** The latest step and when it was made, milliseconds. */
  step: number;
  stepped_ms: number;
}

/** A purge that has yet to begin. */
export function newPurge(given: Pick<Purge, 'id' | 'organization' | 'resource' | 'resource_id'>, nowMs: number): Purge {
  return {
    ...given,
    state: 'running',
    created_ms: nowMs,
    deleted: {},
    pass: 1,
    pass_began_ms: nowMs,
    found: 0,
    // Its first message asks for step 0, and a step up to the latest counts as made.
    step: -1,
    stepped_ms: nowMs,
  };
}

/** What was accepted for a target is dead: nobody records, sends or counts it any more. */
export interface Tombstone extends PurgeTarget {
  /** Of the purge that put it up, and when, milliseconds. */
  purge: string;
  created_ms: number;
  /** Events accepted until then are dead, milliseconds. Absent: all, until the purge is done. */
  through_ms?: number | undefined;
  /** When the purge was done, milliseconds. Absent: it runs. */
  ended_ms?: number | undefined;
}

/**
 * Days that a tombstone outlives its purge: a dead letter lies for 14 days, and one that is redriven on the last of them
 * for 4 more in its queue; the rest is room.
 */
export const TOMBSTONE_DAYS = 21;

/** An event, as far as it matters whose it is. */
export interface Mortal {
  organization: string;
  resource_id?: string | undefined;
  /** When it was accepted, milliseconds. */
  enqueued_ms: number;
}

/** Name of a target: a tombstone for each. `#` is in no organization's name. */
export function targetOfPurge({ organization, resource }: PurgeTarget): string {
  return resource === undefined ? organization : `${organization}#${resource}`;
}

/** What is dead at present. */
export class Graveyard {
  private readonly byTarget: ReadonlyMap<string, Tombstone>;
  private readonly hash: (organization: string, resourceId: string) => string;
  private readonly withResources: ReadonlySet<string>;

  /** @param hash of a resource, as {@link PurgeTarget.resource}. */
  constructor(tombstones: readonly Tombstone[], hash: (organization: string, resourceId: string) => string) {
    this.byTarget = new Map(tombstones.map((one) => [targetOfPurge(one), one]));
    this.withResources = new Set(
      tombstones.flatMap(({ organization, resource }) => (resource === undefined ? [] : organization)),
    );
    this.hash = hash;
  }

  /** Whether an event must leave no trace any more. */
  isDead({ organization, resource_id, enqueued_ms }: Mortal): boolean {
    if (this.byTarget.size === 0) return false;
    if (covers(this.byTarget.get(organization), enqueued_ms)) return true;
    // Hashed only where somebody has purged a resource: it costs more than all else here.
    if (!resource_id || !this.withResources.has(organization)) return false;
    return covers(
      this.byTarget.get(targetOfPurge({ organization, resource: this.hash(organization, resource_id) })),
      enqueued_ms,
    );
  }

  /** Whether all of an organization is being purged just now, so that nothing new may begin. */
  isClosed(organization: string): boolean {
    const tombstone = this.byTarget.get(organization);
    return tombstone !== undefined && tombstone.ended_ms === undefined;
  }
}

function covers(tombstone: Tombstone | undefined, enqueuedMs: number): boolean {
  return tombstone !== undefined && enqueuedMs <= (tombstone.through_ms ?? Infinity);
}
