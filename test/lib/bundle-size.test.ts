import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createBundles, sizeOf } from '../../bench/support/bundle.ts';

// Every cold start reads and compiles the whole bundle but for what it loads on demand. A budget is what the function needs and
// some 10 % of room; raise one only for something that is worth it to every cold start. What is in a bundle: docs/performance.md.

const BUDGETS_KB: Record<string, number> = {
  ingest: 130,
  'fan-out': 170,
  // undici, for customers, is some 270 of it; ceilings, credentials and their token servers, Ed25519 and feeds are what it does.
  sender: 590,
  // jose, for the tokens of a sign-in, is 47 of them.
  api: 930,
  recovery: 270,
  'subscription-guard': 175,
  statistics: 40,
};

const bundles = createBundles();
afterAll(() => bundles.close());

describe('the bundle', () => {
  it.each(Object.entries(BUDGETS_KB))('of %s stays below %i KB', async (stage, budget) => {
    const files = await bundles.readAtStart(stage);

    const bytes = files.map(sizeOf).reduce((sum, one) => sum + one, 0);
    expect(bytes / 1000).toBeLessThan(budget);
  });

  it.each(Object.keys(BUDGETS_KB))(
    "of %s loads neither Node's inner undici with its http nor its http2",
    async (stage) => {
      const parts = dirname(await bundles.stage(stage));

      const texts = readdirSync(parts, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.mjs'))
        .map((name) => readFileSync(join(parts, name), 'utf8'));

      expect(texts.filter((text) => /from ?"(node:)?http"/.test(text))).toEqual([]);
      expect(texts.filter((text) => text.includes('getBuiltinModule("node:http")'))).not.toEqual([]);
      expect(texts.filter((text) => /"(node:)?http2"/.test(text))).toEqual([]);
    },
  );

  it.each(Object.keys(BUDGETS_KB).filter((stage) => stage !== 'sender'))(
    'of %s, which calls no customer, has nothing of undici',
    async (stage) => {
      const names = await bundles.inputs(stage);

      expect(names.filter((name) => name.includes('undici'))).toEqual([]);
    },
  );

  it.each(Object.keys(BUDGETS_KB))("of %s loads AWS's SDK on demand only", async (stage) => {
    const files = await bundles.readAtStart(stage);

    const texts = files.map((path) => readFileSync(path, 'utf8'));
    // The SDK's own word in each of its errors of an endpoint.
    expect(texts.filter((text) => text.includes('No matching endpoint'))).toEqual([]);
    expect(await bundles.inputs(stage)).toContain('lambdas/aws/on-demand/stand-in.ts');
  });

  it("of the sender leaves out undici's experimental parser", async () => {
    const names = await bundles.inputs('sender');

    expect(names.filter((name) => name.includes('undici'))).not.toEqual([]);
    expect(names.filter((name) => name.includes('milo'))).toEqual([]);
  });
});
