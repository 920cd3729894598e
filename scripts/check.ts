import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

// `npm test`: all tests, beside them formatting, lint and types; the last line counts them: `N passed, N failed`.
// `npm run test:fast`: formatting, types, and the tests of domain and stages, for every few minutes of work.

const ROOT = join(import.meta.dirname, '..');
/** What each tool knows of the files that it has looked at; a second run looks at changed ones only. */
const CACHE = join(ROOT, 'node_modules/.cache');

interface Step {
  name: string;
  script: string;
  args: string[];
}

const step = (name: string, script: string, ...args: string[]): Step => ({
  name,
  script: join(ROOT, 'node_modules', script),
  args,
});
const cacheOf = (name: string): string => join(CACHE, 'check', name);
const types = (name: string, ...args: string[]): Step =>
  step(
    name,
    'typescript-7/bin/tsc',
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    cacheOf(`${name}.json`),
    ...args,
  );

const FORMATTING = step('formatting', 'oxfmt/bin/oxfmt', '--check');
// The rules that ask for types have worked them out: to check them as well is 3 s of a processor more, where `tsc` takes 18.
const LINT_AND_TYPES = step('lint and types', 'oxlint/bin/oxlint', '--type-check');
const TYPES = [types('types'), types('types of the console', '-p', 'console')];

/** Projects of vitest.config.ts whose tests need a processor all the time. Those of the others wait for half of theirs. */
const COMPUTING = ['unit', 'emulated', 'local', 'simulation'];
/**
 * Steps of priority that stand behind the tests that wait, and have waits to miss; so the two together use both processors to the
 * full. https://man7.org/linux/man-pages/man7/sched.7.html: ten steps are a tenth of the time while others want it.
 */
const BEHIND = 10;

interface RunOptions {
  /** Output is passed on at once. */
  shown?: boolean;
  /** Gives way to everything else. */
  behind?: boolean;
  env?: NodeJS.ProcessEnv;
}

/**
 * Go's programs, the compiler and what asks it, collect no garbage below 3 GiB: 2 s less of a processor than with `GOGC=400`, and they
 * take 2.7 GB at most with either.
 */
const STEP_ENV = { ...process.env, GOGC: 'off', GOMEMLIMIT: '3GiB' };

interface Ran {
  code: number;
  /** What it printed, when it was not shown at once. */
  printed: string;
}

/** Runs a script on this process's own Node. */
function run(script: string, args: string[], options: RunOptions = {}): Promise<Ran> {
  const { shown = false, behind = false, env = process.env } = options;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
      cwd: ROOT,
      stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
      env,
    });
    if (behind && child.pid !== undefined) setPriority(child.pid, BEHIND);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (printed += String(chunk)));
    child.on('close', (code) => resolve({ code: code ?? 1, printed }));
  });
}

interface Count {
  passed: number;
  failed: number;
}

/** One after the other, behind the tests. */
async function runSteps(steps: Step[]): Promise<Count> {
  const count = { passed: 0, failed: 0 };
  for (const { name, script, args } of steps) {
    const { code, printed } = await run(script, args, { behind: true, env: STEP_ENV });
    console.log(`\n== ${name}: ${code === 0 ? 'passed' : `FAILED\n${printed.trim()}`}\n`);
    count[code === 0 ? 'passed' : 'failed'] += 1;
  }
  return count;
}

/**
 * Tests, counted from vitest's own report; a file that does not load counts as one failure, and so does anything that the
 * run left in the temporary folder.
 */
async function runTests(args: string[], { shown = true, behind = false }: RunOptions = {}): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-check-'));
  const report = join(folder, 'report.json');
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const words = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args];
  try {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const env = { ...process.env, TMPDIR: temporary };
    const { code, printed } = await run(vitest, words, { shown, behind, env });
    console.log(printed);
    const left = readdirSync(temporary);
    const { retried, ...count } = readReport(report, code);
    for (const test of retried) console.log(`Passed at the second try only: ${test}`);
    if (left.length > 0)
      console.log(`Expected the tests to leave nothing in the temporary folder, found ${left.join(', ')}`);
    return addUp(count, { passed: 0, failed: left.length > 0 ? 1 : 0 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What of vitest's report is read. */
interface Report {
  numPassedTests?: number;
  numFailedTests?: number;
  numFailedTestSuites?: number;
  testResults?: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

/** @returns with `retried`: tests that failed and then passed, each with why. One that always does hides a fault. */
function readReport(path: string, code: number): Count & { retried: string[] } {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
    const { numPassedTests = 0, numFailedTests = 0, numFailedTestSuites = 0, testResults = [] } = report;
    const retried = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName, failureMessages: [why = ''] }) => `${fullName} (${why.split('\n    at ')[0]!.slice(0, 500)})`);
    const failed = numFailedTests || (code === 0 ? 0 : Math.max(1, numFailedTestSuites));
    return { passed: numPassedTests, failed, retried };
  } catch {
    return { passed: 0, failed: 1, retried: [] };
  }
}

const addUp = (...counts: Count[]): Count => ({
  passed: counts.reduce((sum, { passed }) => sum + passed, 0),
  failed: counts.reduce((sum, { failed }) => sum + failed, 0),
});

mkdirSync(join(CACHE, 'check'), { recursive: true });
const words = process.argv.slice(2);
const fast = words[0] === '--fast';
const all = [FORMATTING, LINT_AND_TYPES];

/** @param words for Vitest. */
function runAll(words: string[]): Promise<Count>[] {
  if (fast) return [runSteps([FORMATTING, ...TYPES]), runTests(['--project', 'unit', ...words])];
  if (words.length > 0) return [runSteps(all), runTests(words)];
  return [
    runTests(COMPUTING.map((name) => `--project=!${name}`)),
    // Shown when it is done, or the lines of the two would mix.
    runTests(
      COMPUTING.map((name) => `--project=${name}`),
      { shown: false, behind: true },
    ),
    runSteps(all),
  ];
}

const counts = runAll(fast ? words.slice(1) : words);
const { passed, failed } = addUp(...(await Promise.all(counts)));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
