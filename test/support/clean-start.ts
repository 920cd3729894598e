import { vi } from 'vitest';

// How each test file begins. Many share a process, which loads Node, the CDK and AWS's clients once: 0.4 to 3 s of a processor each
// time. What one file changes must not reach the next. A project with a process for each file only gets the listener.

interface Start {
  environment: NodeJS.ProcessEnv;
}
const holder = globalThis as { testsStart?: Start };

if (holder.testsStart === undefined) {
  holder.testsStart = { environment: { ...process.env } };
  // Node warns of what will hurt, e.g. of listeners that pile up on one signal (MaxListenersExceededWarning). Nobody reads it
  // between two thousand tests, so it fails the file in which it comes up.
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') throw warning;
  });
} else {
  // Handlers read the environment and make their clients when they are loaded.
  vi.resetModules();
  vi.useRealTimers();
  const { environment } = holder.testsStart;
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(environment, name)) delete process.env[name];
  Object.assign(process.env, environment);
}
