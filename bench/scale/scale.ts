import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printTable } from '../support/report.ts';
import { check } from './check/check.ts';
import { drawPicture, type Line } from './picture.ts';
import type { Summary } from './results.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

const IMAGES = join(import.meta.dirname, '../../docs/images');
const HEAD = [
  '',
  'last, s',
  'p50, s',
  'p99, s',
  'GB-s',
  'senders',
  'in flight',
  'held at most',
  'held until, h',
  'log waits, s',
  'log lost',
];

/**
 * `npm run bench -- scale`: asks the model all its questions, prints the answers, and draws them into docs/images. With `--check`
 * it asks what a tenth of a scenario takes, and the local engines too.
 */
export async function run(words: readonly string[]): Promise<void> {
  if (words.includes('--check')) return check(words);
  mkdirSync(IMAGES, { recursive: true });
  for (const scenario of SCENARIOS) {
    console.log(scenario.title);
    const { rows, lines } = answer(scenario);
    printTable(HEAD, rows);
    writeFileSync(
      join(IMAGES, `scale-${scenario.name}.svg`),
      drawPicture(scenario.title, scenario.series.label, lines),
    );
  }
}

function answer({ variants, prepare, untilMs, sampleMs, series, pictureSeconds = Infinity }: Scenario): {
  rows: string[][];
  lines: Line[];
} {
  const rows: string[][] = [];
  const lines: Line[] = [];
  for (const { name, turned } of variants) {
    const model = prepare(turned);
    rows.push([name, ...cells(model.run(untilMs, sampleMs))]);
    const points = model.samples.map((sample) => [sample.atMs / 1000, series.of(sample)] as const);
    lines.push({ name, points: points.filter(([seconds]) => seconds <= pictureSeconds) });
  }
  return { rows, lines };
}

function cells(summary: Summary): string[] {
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const one = (value: number): string => value.toFixed(1);
  return [
    whole(summary.lastSeconds),
    one(summary.p50Seconds),
    one(summary.p99Seconds),
    whole(summary.gbSeconds),
    whole(summary.mostSenders),
    whole(summary.mostInFlight),
    whole(summary.mostHeld),
    one(summary.heldUntilSeconds / 3600),
    one(summary.longestLogWaitSeconds),
    whole(summary.unwrittenLogLines),
  ];
}
