import { strict as assert } from 'node:assert';
import type { Proof } from './proof.ts';
import { JSON_CASES } from './corpora/json-cases.ts';
import { NAUGHTY } from './corpora/naughty.ts';
import { judgeCorpora } from './fuzz/corpora.ts';
import { connections, emptyReport, fuzz, seedOf, type FuzzReport } from './fuzz/fuzz.ts';
import { inputMaker } from './fuzz/make-input.ts';
import { bundleApp, startTarget, type Target } from './fuzz/target.ts';
import { shown } from './fuzz/world.ts';

/** Requests under way at a time. */
const CONNECTIONS = 24;
/** Inputs to one platform; the next ones meet a new one, so that what was accepted does not fill tables without end. */
const ROUND = 50_000;

/** Sends inputs to a target and adds what came of them to the report. */
export async function fuzzTarget(
  target: Target,
  { seed, count }: { seed: number; count: number },
  report = emptyReport(),
): Promise<FuzzReport> {
  const { sends, close } = connections(target.port, CONNECTIONS);
  try {
    const { world, violations } = target;
    const show = (input: Parameters<typeof shown>[0]): string => shown(input, world.keys);
    const options = { maker: inputMaker(world), sends, learn: world.learn, show, otherViolations: violations };
    await fuzz({ ...options, seed, count }, report);
    if (report.violations.length > 0) report.violations.push(...target.errors());
    return report;
  } finally {
    close();
  }
}

/** @throws what does not hold. */
export function assertFuzz({ violations, statuses, inputs }: FuzzReport): void {
  if (violations.length > 0) throw new Error(`${violations.length} violations:\n${violations.join('\n')}`);
  // A few inputs, sent to see them again, may all be refused.
  const accepted = (statuses['201'] ?? 0) > 0 && (statuses['202'] ?? 0) > 0;
  assert.ok(accepted || inputs < 1000, 'too little was accepted: the inputs prove nothing');
}

/** `npm run proof -- fuzz [--count <inputs>]`. */
export const proof: Proof = {
  promise:
    'Nothing that a client sends causes a 5xx, a hang or an unhandled rejection; corpora have the verdicts stated.',
  async run({ seed, count = 1_000_000 }) {
    const { folder, remove } = await bundleApp();
    const report = emptyReport();
    let judged = 0;
    let fuzzMs = 0;
    try {
      for (let from = 0; from < count; from += ROUND) {
        const target = await startTarget(folder);
        try {
          if (from === 0) {
            const { wrong, requests } = await judgeCorpora(target);
            assert.deepEqual(wrong, []);
            judged = requests;
          }
          const startedMs = performance.now();
          await fuzzTarget(target, { seed: seedOf(seed, from), count: Math.min(ROUND, count - from) }, report);
          fuzzMs += performance.now() - startedMs;
          assertFuzz(report);
        } finally {
          await target.close();
        }
      }
      const { statuses, violations, slowOnce, ...numbers } = report;
      return {
        ...numbers,
        inputsPerSecond: Math.round((report.inputs / fuzzMs) * 1000),
        violations: violations.length,
        statuses: JSON.stringify(statuses),
        slowOnce: [slowOnce.length, ...slowOnce].join('\n  '),
        corpora: `${judged} requests of ${JSON_CASES.length} JSON files, ${NAUGHTY.length} naughty strings and the API inputs: as stated`,
      };
    } finally {
      remove();
    }
  },
};
