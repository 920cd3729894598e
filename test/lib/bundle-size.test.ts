import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createBundles, sizeOf } from '../../bench/support/bundle.ts';

// Every cold start reads and compiles the whole bundle. A budget is what the function needs and some 10 % of room; raise
// one only for something that is worth it to every cold start. What is in a bundle: docs/performance.md.

const BUDGETS_KB: Record<string, number> = {
  ingest: 540,
  'fan-out': 580,
  // undici, for customers, is some 270 of it; ceilings, credentials and their token servers, Ed25519 and feeds are what it does.
  sender: 1000,
  // jose, for the tokens of a sign-in, is 47 of them.
  api: 1360,
  recovery: 720,
  'subscription-guard': 585,
  statistics: 425,
};

const bundles = createBundles();
afterAll(() => bundles.close());

describe('the bundle', () => {
  it.each(Object.entries(BUDGETS_KB))('of %s stays below %i KB', async (stage, budget) => {
    const bytes = sizeOf(await bundles.stage(stage));

    expect(bytes / 1000).toBeLessThan(budget);
  });

  it.each(Object.keys(BUDGETS_KB))("of %s does not load Node's inner undici with its http", async (stage) => {
    const text = readFileSync(await bundles.stage(stage), 'utf8');

    expect(text.match(/from ?"(node:)?http"/g)).toBeNull();
    expect(text).toContain('getBuiltinModule("node:http")');
  });

  it.each(Object.keys(BUDGETS_KB).filter((stage) => stage !== 'sender'))(
    'of %s, which calls no customer, has nothing of undici',
    async (stage) => {
      const names = await bundles.inputs(stage);

      expect(names.filter((name) => name.includes('undici'))).toEqual([]);
    },
  );

  it("of the sender leaves out undici's experimental parser", async () => {
    const names = await bundles.inputs('sender');

    expect(names.filter((name) => name.includes('undici'))).not.toEqual([]);
    expect(names.filter((name) => name.includes('milo'))).toEqual([]);
  });
});
