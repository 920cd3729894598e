import type { Counted } from '../domain/counts/counts.ts';

/** Days for which counts are kept. */
export const STATISTICS_DAYS = 400;

/** What is counted together: one subscription, one organization, or, without both, everything. */
export interface CountScope {
  organization?: string | undefined;
  /** Only together with its organization: two may have an equal id. */
  subscription?: string | undefined;
}

/** One line, and its place in the stream. */
export interface CountedAt extends Counted {
  /** The stream's own number, which only grows in a shard; digits. */
  sequence: string;
}

/**
 * The name under which rows note how far they have taken lines of a shard from where those lay together: apart from the shard's own,
 * because rows may have taken later ones as they came, before this was so.
 */
export function foldedShard(shard: string): string {
  return `lines-${shard}`;
}

/** The table `Statistics`: counts of the delivery log by hour. */
export interface StatisticsStore {
  /**
   * Adds lines of one shard to an hour, each once: a row notes how far it has counted each shard, so lines that come again
   * are left out, in whatever batches.
   * @param shard undefined: nobody said which; the lines are counted as they come.
   * @param lines in the order of the shard.
   */
  add(scope: CountScope, hour: string, shard: string | undefined, lines: readonly CountedAt[]): Promise<void>;
  /** Counts by hour, lines that are on their way included, oldest first; hours in which nothing happened are missing. @param from @param to both inclusive. */
  hours(scope: CountScope, from: string, to: string): Promise<Map<string, Counted>>;
}
