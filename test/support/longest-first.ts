import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take longer than ten seconds on two cores, the longest first. Vitest knows durations from the last run only, and a
 * clean clone has had none: it began with the biggest files, and the longest of all, which has eleven lines, ran alone in the end.
 */
export const LONGEST = [
  'bench/proof/faults.test.ts',
  'bench/proof/kill.test.ts',
  'bench/simulation/simulation.test.ts',
  'bench/proof/fuzz.test.ts',
  'test/e2e/purge.test.ts',
  'test/e2e/recovery.test.ts',
  'test/e2e/api/openapi.test.ts',
  'test/e2e/yardsticks/axle.test.ts',
  'test/e2e/commands.test.ts',
  'test/e2e/stuck.test.ts',
  'test/e2e/canary.test.ts',
  'test/construct/package.test.ts',
  'test/sender/outgoing/behaviours.test.ts',
  'test/fan-out/handler.test.ts',
  'local/test/platform/platform.test.ts',
];

/**
 * Projects that wait half of their time. They come before those that compute, which at the end use both processors to the full:
 * last, they left one of two idle for 40 s.
 */
const WAITING = new Set(['local']);

/** What decides on a file's turn. */
export interface Turn {
  groupOrder: number;
  /** Each file of its project has a process of its own. */
  isolate: boolean;
  project: string;
  /** From the repository's root. */
  path: string;
}

/** Whose turn is earlier; 0 leaves two as they are. */
export function compareTurns(a: Turn, b: Turn): number {
  if (a.groupOrder !== b.groupOrder) return a.groupOrder - b.groupOrder;
  const isWaiting = WAITING.has(a.project);
  if (isWaiting !== WAITING.has(b.project)) return isWaiting ? -1 : 1;
  // Files that share processes come last: the shortest are among them.
  if (a.isolate !== b.isolate) return a.isolate ? -1 : 1;
  // Those of a project stay together, or their processes would end in between.
  if (a.project !== b.project) return a.project < b.project ? -1 : 1;
  return placeOf(a) - placeOf(b);
}

const placeOf = ({ path }: Turn): number => (LONGEST.includes(path) ? LONGEST.indexOf(path) : LONGEST.length);

/** Begins with the files that take longest, so that in the end none is left alone. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turnOf = ({ moduleId, project: { name, config } }: TestSpecification): Turn => ({
      groupOrder: config.sequence.groupOrder,
      isolate: config.isolate,
      project: name,
      path: relative(this.ctx.config.root, moduleId),
    });
    return (await super.sort(files)).toSorted((a, b) => compareTurns(turnOf(a), turnOf(b)));
  }
}
