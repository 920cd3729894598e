import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBundles } from '../support/bundle.ts';
import { functionVariables } from '../support/environment.ts';
import { runMeasured, startHelper, type Helper } from '../support/processes.ts';

// The benchmarks give functions every variable that the stack sets: one whose value here means something else makes them measure
// a refusal, or nothing.

const bundles = createBundles();
let helpers: Helper[];
let variables: Record<string, string>;

beforeAll(async () => {
  const receivers = await startHelper('receivers.ts');
  const aws = await startHelper('aws-stub.ts', [receivers.ready.port!]);
  helpers = [aws, receivers];
  variables = { ...functionVariables(aws.ready.port!), NODE_EXTRA_CA_CERTS: receivers.ready.ca! };
});
afterAll(async () => {
  for (const helper of helpers) await helper.close();
  bundles.close();
});

it.each(['ingest', 'fan-out', 'sender'])("the benchmarks' first invocation of %s succeeds", async (stage) => {
  const [harness, HANDLER] = await Promise.all([bundles.file('bench/cold-start/harness.ts'), bundles.stage(stage)]);

  expect(await runMeasured<number>(harness, { ...variables, HANDLER, STAGE: stage })).toBeGreaterThan(0);
});
