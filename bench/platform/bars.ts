import { printTable } from '../support/report.ts';
import { rowsOf, type Bar } from './bar.ts';

/**
 * All bars of an endpoint's life, one after the other, each as short as its bar allows: 25 minutes or so of a machine that
 * has nothing else to do. `isolation` has one of its two timeouts, `outage` shorter waits than deployed, and in the others customers are
 * measured for less time than in each command's full form; nothing that is counted is less.
 */
const BARS: {
  name: string;
  words: string[];
  load: () => Promise<{ run(words: readonly string[]): Promise<Bar[]> }>;
}[] = [
  { name: 'pause', words: [], load: () => import('./pause.ts') },
  { name: 'outage', words: ['--short'], load: () => import('./outage.ts') },
  { name: 'long-waits', words: ['--seconds', '40'], load: () => import('./long-waits.ts') },
  { name: 'one-key', words: [], load: () => import('./one-key.ts') },
  {
    name: 'isolation',
    words: ['--long', '--timeouts', '10'],
    load: () => import('./isolation.ts'),
  },
  { name: 'throttling', words: ['--seconds', '40'], load: () => import('./throttling.ts') },
  { name: 'crash', words: [], load: () => import('./crash.ts') },
];

/** `npm run bench -- bars [<name> …]`: those, or all. Ends with one table of all bars, and code 1 when one is not met. */
export async function run(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !BARS.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new Error(`Expected some of ${BARS.map(({ name }) => name).join(', ')}, got "${unknown}".`);
  const rows: string[][] = [];
  let notMet = 0;
  for (const { name, words, load } of BARS.filter((one) => names.length === 0 || names.includes(one.name))) {
    const begunMs = Date.now();
    console.log(`== ${name} ${words.join(' ')}\n`);
    const bars = await (
      await load()
    )
      .run(words)
      .catch((error: unknown): Bar[] => [{ what: 'did not end', measured: String(error), bar: 'it ends', met: false }]);
    notMet += bars.filter(({ met }) => met === false).length;
    const minutes = ((Date.now() - begunMs) / 60_000).toFixed(1);
    rows.push(
      [`${name} (${minutes} min)`, '', '', ''],
      ...rowsOf(bars.filter(({ met }) => met !== undefined)).map(indented),
    );
  }
  console.log('== all bars\n');
  printTable(['', 'measured', 'bar', ''], rows);
  console.log(notMet === 0 ? 'All are met.' : `${notMet} not met.`);
  if (notMet > 0) process.exitCode = 1;
}

function indented([what = '', ...rest]: string[]): string[] {
  return [`  ${what}`, ...rest];
}
