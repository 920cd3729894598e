import { sumOf, type Counted } from '../../lambdas/domain/counts/counts.ts';
import { HOUR_MS } from '../../lambdas/domain/counts/hours.ts';
import { addHours } from '../../lambdas/statistics/add-hours.ts';
import { countBatch, toCounted } from '../../lambdas/statistics/count-batch.ts';
import type { AddedLine, StatisticsDeps } from '../../lambdas/statistics/ports.ts';
import { graveyardOf } from '../../lambdas/stores/purges.ts';
import type { CountScope } from '../../lambdas/stores/statistics.ts';
import { Container, type Trouble } from './container.ts';
import { CountsTable } from './counts-table.ts';
import type { Chance } from './random.ts';
import type { Tables } from './tables.ts';
import { Timeline } from './timeline.ts';

// Counting hears of the delivery log from a stream and nobody hears of it, so it has a time of its own, behind a schedule: its
// lines come again when they were written, in batches that fail, double and come in another cut.

/** What the function behind the log's stream does with a batch of a shard. */
export type Count = (lines: readonly AddedLine[], shard: string) => Promise<void>;

/** In an eighth of the schedules. */
const COUNTED = 1 / 8;
/** As deployed: the longest that lines are gathered, and that a function runs. Milliseconds. */
const WINDOW_MS = 90_000;
const TIMEOUT_MS = 120_000;
/** So long after its end an hour is added, milliseconds. */
const SETTLED_MS = 10 * 60_000;
const SHARDS = 2;
/** Parts of calls that take long: with the last, what there is to add of an hour takes longer than a batch has for it. */
const SLOW = [undefined, undefined, 1];
/** Times that somebody asks for counts while lines are on their way. */
const READINGS = 3;
/** Invocations without lines after which an hour must have been added, whatever failed of them. */
const MOST_EMPTY = 400;
const LONGEST_MS = 60 * 24 * HOUR_MS;

interface Shard {
  name: string;
  /** What was written, as far as time has come. */
  lines: AddedLine[];
  /** So many of them were counted, as Lambda knows. */
  at: number;
  isFollowed: boolean;
  environment?: { container: Container; count: Count } | undefined;
}

/** The function behind the stream, as its handler has it. */
export function statisticsOf(deps: StatisticsDeps): Count {
  return async (lines, shard) => {
    if (lines.length > 0) await countBatch(lines, shard, deps);
    await addHours(deps);
  };
}

/** Counts a schedule's delivery log, in some schedules. @returns what does not hold, in words. */
export async function countLog(
  tables: Tables,
  trouble: Trouble,
  statistics: (deps: StatisticsDeps) => Count,
  chance: Chance,
): Promise<string[]> {
  const written = [...tables.writtenMs].sort(([, a], [, b]) => a - b);
  if (!chance.happens(COUNTED) || written.length === 0) return [];
  const counting = new Counting(written[0]![1], trouble, statistics, chance);
  for (const [attempt, writtenMs] of written) {
    const { subscription_id: subscription, ...line } = attempt;
    counting.expect({ ...line, subscription, sequence: '' }, writtenMs);
  }
  return counting.run(written.at(-1)![1]);
}

class Counting {
  readonly #timeline = new Timeline();
  readonly #table = new CountsTable();
  readonly #shards: Shard[];
  readonly #violations: string[] = [];
  readonly #trouble: Trouble;
  readonly #statistics: (deps: StatisticsDeps) => Count;
  readonly #chance: Chance;
  readonly #slowCalls: number | undefined;
  #sequence = 0;

  constructor(startMs: number, trouble: Trouble, statistics: (deps: StatisticsDeps) => Count, chance: Chance) {
    this.#timeline.now = startMs;
    // AWS's client tries again what is refused.
    this.#trouble = { ...trouble, refused: trouble.refused ** 2 };
    this.#statistics = statistics;
    this.#chance = chance;
    this.#slowCalls = chance.pick(SLOW);
    this.#shards = Array.from({ length: SHARDS }, (_, n) => ({
      name: `shardId-${n}`,
      lines: [],
      at: 0,
      isFollowed: false,
    }));
  }

  /** A line comes by in the stream when it is written; all of a subscription's in one shard. */
  expect(line: AddedLine, writtenMs: number): void {
    const shard = this.#shards[line.subscription.charCodeAt(line.subscription.length - 1) % SHARDS]!;
    this.#timeline.after(writtenMs - this.#timeline.now, () => {
      // A stream's numbers grow, and their lengths with them.
      this.#sequence += this.#chance.between(1, 30);
      shard.lines.push({ ...line, sequence: String(this.#sequence) });
      void this.#follow(shard);
    });
  }

  async run(lastMs: number): Promise<string[]> {
    const startMs = this.#timeline.now;
    for (let n = 0; n < READINGS; n++) {
      const afterMs = this.#chance.between(0, lastMs - startMs + 2 * HOUR_MS);
      this.#timeline.after(afterMs, () => void this.#readAll());
    }
    const cameToRest = await this.#timeline.run(lastMs + LONGEST_MS);
    if (!cameToRest || this.#shards.some(({ at, lines }) => at < lines.length)) this.#violations.push('never counted');
    if (this.#table.hours.size > 0) this.#violations.push(`hours never added: ${[...this.#table.hours.keys()].join()}`);
    if (this.#violations.length === 0) {
      void this.#readAll('in the end');
      await this.#timeline.run(Infinity);
    }
    return this.#violations;
  }

  /** Lambda hands over a shard's lines one batch after the other, and calls once more when a window ends without any. */
  async #follow(shard: Shard): Promise<void> {
    if (shard.isFollowed) return;
    shard.isFollowed = true;
    for (let empty = 0; empty < MOST_EMPTY;) {
      const isNew = shard.at < shard.lines.length;
      if (!isNew && this.#table.hours.size === 0) break;
      await this.#timeline.sleep(this.#chance.between(1, WINDOW_MS) + (isNew ? 0 : this.#untilSettledMs()));
      // What failed comes again in another cut.
      const batch = shard.lines.slice(shard.at, shard.at + this.#chance.between(1, 12));
      if (batch.length === 0) empty++;
      const hasEnded = await this.#invoke(shard, batch);
      // The stream is told of the end of a batch, which may get lost, too.
      if (hasEnded && !this.#chance.happens(this.#trouble.lostAnswer)) shard.at += batch.length;
    }
    shard.isFollowed = false;
  }

  #untilSettledMs(): number {
    const [oldest] = [...this.#table.hours.keys()].sort();
    return Math.max(Date.parse(`${oldest}:00:00Z`) + HOUR_MS + SETTLED_MS - this.#timeline.now, 0);
  }

  #invoke(shard: Shard, batch: readonly AddedLine[]): Promise<boolean> {
    return new Promise((resolve) => {
      const { container, count } = (shard.environment ??= this.#environment());
      let isOver = false;
      const end = (hasEnded: boolean): void => {
        isOver = true;
        resolve(hasEnded);
      };
      container.die = () => {
        container.dead = true;
        shard.environment = undefined;
        end(false);
      };
      this.#timeline.after(TIMEOUT_MS, () => (isOver ? false : container.die()));
      count(batch, shard.name).then(
        () => end(true),
        () => end(false),
      );
    });
  }

  #environment(): { container: Container; count: Count } {
    const container = this.#container();
    const now = (): number => this.#timeline.now;
    const nothing = (): void => undefined;
    const count = this.#statistics({
      statistics: this.#table.statistics(container),
      lines: this.#table.lines(container, now),
      graves: { load: () => Promise.resolve(graveyardOf([])), isUnsure: () => false },
      logger: { info: nothing, warn: nothing, error: nothing },
      metrics: { count: nothing },
      errorFields: () => ({}),
      now,
    });
    return { container, count };
  }

  #container(trouble: Trouble = this.#trouble): Container {
    return new Container(this.#timeline, this.#chance, trouble, this.#slowCalls);
  }

  /** Whoever asks is told of what was counted before, and of nothing that is not in the log. */
  async #readAll(when = 'meanwhile'): Promise<void> {
    const container = this.#container({ ...this.#trouble, crash: 0, refused: 0, lostAnswer: 0 });
    const lines = this.#shards.flatMap((shard) => shard.lines);
    const scopes: CountScope[] = [{}];
    for (const organization of new Set(lines.map((line) => line.organization))) scopes.push({ organization });
    for (const [organization, subscription] of new Map(
      lines.map((one) => [one.subscription, one.organization]),
    ).entries())
      scopes.push({ organization: subscription, subscription: organization });
    for (const scope of scopes) {
      const least = this.#sum(scope, ({ at }) => at);
      const told = await this.#table.told(scope, container);
      const most = this.#sum(scope, (shard) => shard.lines.length);
      const wrong = [...new Set([least, told, most].flatMap(({ counts }) => Object.keys(counts)))].filter((name) => {
        const [from = 0, count = 0, to = 0] = [least, told, most].map(({ counts }) => counts[name]);
        return count < from || count > to;
      });
      if (wrong.length > 0 || (told.longestMs ?? -1) > (most.longestMs ?? -1))
        this.#violations.push(`counted wrongly ${when}: ${JSON.stringify(scope)} ${wrong.slice(0, 3).join()}`);
    }
  }

  /** The truth about the first lines of each shard. */
  #sum({ organization, subscription }: CountScope, countOf: (shard: Shard) => number): Counted {
    const lines = this.#shards.flatMap((shard) => shard.lines.slice(0, countOf(shard)));
    const own = lines.filter(
      (line) =>
        (organization ?? line.organization) === line.organization &&
        (subscription ?? line.subscription) === line.subscription,
    );
    return sumOf(own.map(toCounted));
  }
}
