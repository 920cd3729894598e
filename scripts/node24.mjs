// Runs a script on Node 24, the version that Lambda runs, whatever Node the machine has.
// Plain JavaScript, because it must also start on a Node that cannot read TypeScript.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_PACKAGES } from './node-packages.mjs';

const OLDEST = 20;

/** Path of a Node 24: this process's own, or the one that npm installed for this platform. */
function findNode24() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST)
    fail(`Posthorn needs Node ${OLDEST} or newer, this is ${process.version}. Install Node 24 and run again.`);
  if (major === 24) return process.execPath;
  const name = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const path = join(folder, 'bin', 'node');
    if (existsSync(path)) return path;
  } catch {
    // Falls through to the message below: optional dependencies can be left out of an install.
  }
  return fail(
    `Posthorn runs on Node 24, this is ${process.version}, and the package ${name ?? `for ${process.platform}-${process.arch}`} is not installed. ` +
      'Run "npm install --include=optional" with this Node, or install Node 24, and run again.',
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Where Node keeps what it has compiled of TypeScript and libraries: most of what a command takes until it begins to do something. */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

const child = spawn(findNode24(), ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { NODE_COMPILE_CACHE: COMPILED, ...process.env },
});
// npm passes SIGTERM on to a shell, which may keep it to itself, and a kill -9 is passed on by nobody: whoever npm started
// this process through is its parent, and when that is gone the run ends too.
if (process.env.npm_lifecycle_event !== undefined) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
}
// The child is in the same process group and gets Ctrl-C itself; this process only waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
child.on('exit', (code, signal) =>
  process.exit(signal ? 128 + ({ SIGINT: 2, SIGTERM: 15, SIGKILL: 9 }[signal] ?? 1) : code),
);
