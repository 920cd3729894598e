import { defineConfig } from 'vitest/config';
import { writeCatalogue } from './scripts/catalogue.ts';

// First, so that a new event type's file is in what the tests import.
writeCatalogue();

const common = {
  // Two cores: more workers than that only make the end-to-end files wait for each other.
  maxWorkers: 2,
  // Keeps CDK's linter out of the many synths of the tests, 3 s of CPU each; compliance.test.ts asks for it.
  env: { CDK_VALIDATION: 'false' },
  testTimeout: 60_000,
  hookTimeout: 180_000,
};

export default defineConfig({
  test: {
    ...common,
    projects: [
      { test: { ...common, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] } },
      {
        test: {
          ...common,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/e2e/global-setup.ts',
        },
      },
    ],
  },
});
