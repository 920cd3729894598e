import type { LinesPart } from '../../lambdas/stores/counted-lines.ts';
import type { StatisticsDeps } from '../../lambdas/statistics/ports.ts';
import { statisticsOf } from './counts.ts';
import type { Stages } from './stages.ts';

/** Counting whose dependencies are tampered with. */
function statisticsWith(tamper: (deps: StatisticsDeps) => Partial<StatisticsDeps>): Pick<Stages, 'statistics'> {
  return { statistics: (deps) => statisticsOf({ ...deps, ...tamper(deps) }) };
}

/** Bugs in counting the delivery log. */
export const COUNTS_MUTANTS: Record<string, Partial<Stages>> = {
  'statistics counts again what comes again': statisticsWith(({ statistics }) => ({
    statistics: { add: (scope, hour, _, lines) => statistics.add(scope, hour, undefined, lines) },
  })),
  'an hour is added as soon as it has lines': statisticsWith(({ now, lines }) => ({
    now: () => now() + 2 * 3_600_000,
    lines: { ...lines, claim: (hour, nowMs, forMs) => lines.claim(hour, nowMs - 2 * 3_600_000, forMs) },
  })),
  'an hour that is added knows lines of one batch only': statisticsWith(({ lines }) => ({
    lines: {
      ...lines,
      async *parts(...of): AsyncGenerator<LinesPart> {
        for await (const part of lines.parts(...of)) {
          yield { ...part, lines: new Map([...part.lines].map(([shard, ofShard]) => [shard, ofShard.slice(0, 12)])) };
        }
      },
    },
  })),
  'an hour leaves the list before its lines are added': statisticsWith(({ lines }) => ({
    lines: {
      ...lines,
      async *parts(hour, from): AsyncGenerator<LinesPart> {
        for await (const part of lines.parts(hour, from)) {
          if (part.next === from + 1) await lines.end(hour);
          yield part;
        }
      },
    },
  })),
  'an hour is left at its end though parts of it are not added': statisticsWith(({ lines }) => ({
    lines: { ...lines, leave: (hour) => lines.end(hour) },
  })),
  'lines are put on no list': statisticsWith(({ lines }) => ({
    lines: {
      ...lines,
      async write(...of) {
        const before = new Set(await lines.hours());
        const pages = await lines.write(...of);
        for (const hour of await lines.hours()) if (!before.has(hour)) await lines.end(hour);
        return pages;
      },
    },
  })),
};
