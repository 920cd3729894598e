import type { Logger, LogFields } from '../domain/telemetry.ts';
import type { CountedLine } from '../domain/counts/counts.ts';
import type { Graves } from '../stores/purges.ts';
import type { CountedLineStore } from '../stores/counted-lines.ts';
import type { StatisticsStore } from '../stores/statistics.ts';

// What counting needs from outside; handler.ts fills it with AWS, tests with plain objects.

/** A line that was added to the delivery log, as the table's stream tells it. */
export interface AddedLine extends CountedLine {
  /** The stream's own number, which only grows in a shard; digits. */
  sequence: string;
  organization: string;
  subscription: string;
}

export interface StatisticsDeps {
  statistics: Pick<StatisticsStore, 'add'>;
  lines: Pick<CountedLineStore, 'write' | 'hours' | 'claim' | 'parts' | 'leave' | 'end'>;
  /** What is purged: its lines count for the platform alone. */
  graves: Graves;
  logger: Logger;
  metrics: { count(name: string, n: number): void };
  /** What may be said of an unexpected error in a log line. */
  errorFields(error: unknown): LogFields;
  /** Milliseconds since the epoch. */
  now(): number;
}
