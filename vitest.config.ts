import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { writeCatalogue } from './scripts/catalogue.ts';
import { findBrowser } from './console/test/browser.ts';
import LongestFirst from './test/support/longest-first.ts';
import { useTempRoot } from './test/support/temp-root.ts';

// First, so that a new event type's file is in what the tests import. The console is built by every synth.
writeCatalogue();
useTempRoot();
// Keeps CDK's linter out of the many synths of the tests, 3 s of CPU each; compliance.test.ts asks for it. Set here and not as
// Vitest's `env`, which the set-ups that run before all tests would not get.
process.env.CDK_VALIDATION = 'false';

const common = {
  // Two cores: more workers than that only make those files wait for each other that need a core all the time.
  maxWorkers: 2,
  setupFiles: 'test/support/clean-start.ts',
  testTimeout: 60_000,
  // On a build machine that others share, real processes and a browser can miss a wait; a real fault fails twice.
  retry: process.env.CI ? 1 : 0,
  hookTimeout: 180_000,
};

// Projects by what they cost. `npm run vitest -- <file>` finds the project of a file by itself.

/** Emulators, real servers, synthesized stacks: about a second each, some several. */
const EMULATED = [
  'test/{api,compatibility,construct,ingest,isolation,lib,scripts,statistics,stores,subscription-guard}/**/*.test.ts',
  'test/docs/{verify-code,site}.test.ts',
  'test/fan-out/handler.test.ts',
  'test/recovery/outages.property.test.ts',
  'receiver/test/{package,listen-command}.test.ts',
  'bench/{cold-start,engines,peers,platform}/**/*.test.ts',
];
const E2E = ['test/e2e/**/*.test.ts'];
/** Real servers that answer late or never: they wait, and would take a late turn of their own for the server's. */
const OUTGOING = ['test/sender/outgoing/**/*.test.ts'];

/**
 * A project, by what it is called on the command line; Vitest hands {@link common} on to each. Where Node loads modules it has a Vite
 * server of its own, as any option of Vite's makes it: of projects that share one, Vitest tells each worker how the others' modules were
 * loaded, and a test got two classes of one name, Node's and Vitest's.
 */
const project = (name: string, include: string[], more: TestProjectInlineConfiguration['test'] = {}) => ({
  ...(more.server && { publicDir: false as const }),
  test: { name, include, ...more },
});
/** One process runs many files, which test/support/clean-start.ts keeps apart: a process for each took 0.5 to 3 s. */
const together = { isolate: false };
/**
 * What Node itself loads, instead of Vitest. Vitest's own modules reach what they import through an object, which takes a fifth of the time
 * of a simulation, and of what the local AWS does for a platform; and they are compiled anew in each run.
 */
const byNode = (...files: RegExp[]) => ({ server: { deps: { external: files } } });
/** Whatever is not a test file, but for what shall begin anew with each of them. */
const ALL_BUT_TESTS = /(?<!\.test|\/clean-start)\.ts$/;
const GLOBAL_SETUP = 'test/e2e/global-setup.ts';
/** One platform for all files that only use it as its users do; those of the console have one browser a process, too. */
const withPlatform = { globalSetup: GLOBAL_SETUP, ...together };
/** They wait half of their time: a third worker uses what two leave of two cores. Beside those that need a core they miss waits. */
const afterwards = { maxWorkers: 3, sequence: { groupOrder: 1 } };

const browser = findBrowser();
if (browser === undefined) {
  console.log("The console's tests are left out: no Chromium was found. Install one, or name it in POSTHORN_BROWSER.");
}

export default defineConfig({
  test: {
    ...common,
    sequence: { sequencer: LongestFirst },
    projects: [
      // Seconds for all of them: what `npm run test:fast` runs. Whatever is not named below belongs here.
      project('unit', ['{test,receiver/test,console/test/logic,bench/scale,bench/proof/flow}/**/*.test.ts'], {
        exclude: [...EMULATED, ...OUTGOING, ...E2E],
        ...together,
        ...byNode(ALL_BUT_TESTS),
      }),
      project('emulated', EMULATED, { globalSetup: 'test/support/tables-setup.ts', ...together }),
      project('local', ['local/test/**/*.test.ts'], together),
      project('simulation', ['bench/simulation/*.test.ts'], byNode(ALL_BUT_TESTS)),
      project('proof', ['bench/proof/*.test.ts'], { ...afterwards, ...byNode(ALL_BUT_TESTS) }),
      project('outgoing', OUTGOING, { ...together, ...afterwards }),
      project('e2e', E2E, { ...withPlatform, ...afterwards, ...byNode(ALL_BUT_TESTS) }),
      ...(browser
        ? [
            // Not what its tests import: most of that runs in the browser.
            project('console', ['console/test/*.test.ts'], {
              ...withPlatform,
              ...afterwards,
              ...byNode(new RegExp(`/${GLOBAL_SETUP}$`)),
            }),
          ]
        : []),
    ],
  },
});
