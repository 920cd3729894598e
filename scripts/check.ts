import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// `npm test`: formatting, lint, types, then all tests; the last line counts them: `N passed, N failed`.

const bin = (path: string): string => join(import.meta.dirname, '..', 'node_modules', path);
const STEPS: [name: string, script: string, args: string[]][] = [
  ['formatting', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']],
  ['lint', bin('eslint/bin/eslint.js'), ['--max-warnings', '0', '.']],
  ['types', bin('typescript/bin/tsc'), ['--noEmit']],
  ['types of the console', bin('typescript/bin/tsc'), ['--noEmit', '-p', 'console']],
];

/** Runs a script on this process's own Node and passes its output on. @returns its exit code. */
function run(script: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
      stdio: 'inherit',
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** All tests, counted from vitest's own report; a file that does not load counts as one failure. */
async function runTests(): Promise<{ passed: number; failed: number }> {
  const report = join(tmpdir(), `posthorn-tests-${process.pid}.json`);
  const code = await run(bin('vitest/vitest.mjs'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ]);
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8')) as Record<
      string,
      number
    >;
    const failed = numFailedTests || (code === 0 ? 0 : Math.max(1, numFailedTestSuites ?? 1));
    return { passed: numPassedTests ?? 0, failed };
  } catch {
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(report, { force: true });
  }
}

let passed = 0;
let failed = 0;
for (const [name, script, args] of STEPS) {
  console.log(`\n== ${name}`);
  if ((await run(script, args)) === 0) passed += 1;
  else failed += 1;
}
console.log('\n== tests');
const tests = await runTests();
console.log(`${passed + tests.passed} passed, ${failed + tests.failed} failed`);
process.exitCode = failed + tests.failed === 0 ? 0 : 1;
