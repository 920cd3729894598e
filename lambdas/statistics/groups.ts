import type { CountedLine } from '../stores/counted-lines.ts';
import type { CountScope, StatisticsStore } from '../stores/statistics.ts';

/** Rows written at the same time: each takes some 5 ms of waiting, and the function's share of a processor is small. */
const AT_ONCE = 25;

/** Lines that belong to one row. */
interface Group {
  scope: CountScope;
  hour: string;
  lines: CountedLine[];
}

/** Lines by the rows in which they count. @param scopesOf what a line counts for. */
export function groupsOf(
  lines: readonly CountedLine[],
  scopesOf: (line: CountedLine) => readonly CountScope[],
): Group[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    for (const scope of scopesOf(line)) {
      const name = JSON.stringify([scope.organization, scope.subscription, line.hour]);
      const group = groups.get(name);
      if (group) group.lines.push(line);
      else groups.set(name, { scope, hour: line.hour, lines: [line] });
    }
  }
  return [...groups.values()];
}

/** Its subscription and its organization: two subscriptions of two organizations may have an equal id. */
export function ownScopes({ organization, subscription }: CountedLine): CountScope[] {
  return [{ organization, subscription }, { organization }];
}

/**
 * Adds lines of one shard: one write for each row, whatever the number of lines.
 * @throws when a row could not be written. All may come again then, and the rows that were written know it.
 */
export async function addAll(
  statistics: Pick<StatisticsStore, 'add'>,
  shard: string | undefined,
  groups: readonly Group[],
): Promise<void> {
  const left = [...groups];
  const work = async (): Promise<void> => {
    for (let group = left.pop(); group !== undefined; group = left.pop()) {
      await statistics.add(group.scope, group.hour, shard, group.lines);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
