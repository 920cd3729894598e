import { defineConfig } from 'vitest/config';
import { writeCatalogue } from './scripts/catalogue.ts';
import { findBrowser } from './console/test/browser.ts';
import { useTempRoot } from './test/support/temp-root.ts';

// First, so that a new event type's file is in what the tests import. The console is built by every synth.
writeCatalogue();
useTempRoot();

const common = {
  // Two cores: more workers than that only make the end-to-end files wait for each other.
  maxWorkers: 2,
  // Keeps CDK's linter out of the many synths of the tests, 3 s of CPU each; compliance.test.ts asks for it.
  env: { CDK_VALIDATION: 'false' },
  setupFiles: 'test/support/no-warnings.ts',
  testTimeout: 60_000,
  // On a build machine that others share, real processes and a browser can miss a wait; a real fault fails twice.
  retry: process.env.CI ? 1 : 0,
  hookTimeout: 180_000,
};

const browser = findBrowser();
if (browser === undefined) {
  console.log("The console's tests are left out: no Chromium was found. Install one, or name it in POSTHORN_BROWSER.");
}
const consoleTests = browser
  ? [
      {
        test: {
          ...common,
          name: 'console',
          include: ['console/test/*.test.ts'],
          globalSetup: 'test/e2e/global-setup.ts',
        },
      },
    ]
  : [];

export default defineConfig({
  test: {
    ...common,
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: [
            'test/**/*.test.ts',
            'local/test/**/*.test.ts',
            'receiver/test/**/*.test.ts',
            'console/test/logic/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          exclude: ['test/e2e/**'],
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/global-setup.ts',
        },
      },
      ...consoleTests,
    ],
  },
});
