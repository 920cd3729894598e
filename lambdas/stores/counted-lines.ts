import type { CountedAt } from './statistics.ts';

/** A line of the delivery log as it is counted, and what it counts for. */
export interface CountedLine extends CountedAt {
  organization: string;
  subscription: string;
  /** Its hour, as `2026-01-31T09`. */
  hour: string;
  /** When its event was accepted, milliseconds: what is purged is told by it. */
  accepted_ms: number;
}

/** Lines by the shard of the stream that they came from, in its order, each once. */
export type LinesByShard = Map<string, CountedLine[]>;

/** Some lines of an hour, of which nobody else has any of the same organizations. */
export interface LinesPart {
  lines: LinesByShard;
  /** The part behind it; undefined: it is the last. */
  next: number | undefined;
}

/**
 * Lines of the delivery log on their way into the counts, in the table `Statistics`: written as they come, many in one row, and
 * added to the counts of their subscriptions and organizations once the hour in which they were written is over.
 */
export interface CountedLineStore {
  /**
   * Writes lines of one shard, at the present hour. Those that come again, in whatever cut, are there once.
   * @param lines in the order of the shard. @returns how many rows that took.
   */
  write(shard: string, lines: readonly CountedLine[]): Promise<number>;
  /** Lines of an organization, of all hours that are not added yet. */
  ofOrganization(organization: string): Promise<LinesByShard>;
  /** Hours in which lines were written that are not added yet, oldest first. */
  hours(): Promise<string[]>;
  /**
   * Takes an hour for so long, so that no two add it at once.
   * @returns the part to go on with; undefined: somebody has it, or it is done.
   */
  claim(hour: string, nowMs: number, forMs: number): Promise<number | undefined>;
  /** The parts of an hour, from this one on. */
  parts(hour: string, from: number): AsyncIterable<LinesPart>;
  /** Says that all before this part was added, and gives the hour back. */
  leave(hour: string, part: number): Promise<void>;
  /** All of it was added. */
  end(hour: string): Promise<void>;
}

/** What a purge does to lines that lie together with others'. */
export interface CountedLinePurge {
  /** Whether a row of the table holds lines, among which may be an organization's. */
  mayHold(row: Record<string, unknown>, organization: string): boolean;
  /** Takes the lines of an organization that is purged out of such a row. @returns how many there were. */
  forget(key: Record<string, unknown>, organization: string): Promise<number>;
}
