import { createBundles } from './bundle.ts';
import { functionVariables } from './environment.ts';
import { runMeasured, startHelper } from './processes.ts';
import { COMPARISON, comparison, printTable } from './report.ts';
import type { Measured } from './rounds.ts';

/** One comparison: a process of its own, told by variables what to do. */
export interface Case {
  title: string;
  variables: Record<string, string>;
}

export interface StageBenchmark {
  /** Folder in lambdas/. */
  stage: string;
  /** The measured process: a file of bench/, from the repository's root. */
  measured: string;
  cases: readonly Case[];
  /** The contender that is 1.00. */
  base: string;
  /** Receivers that end the connection with each answer. @default false */
  closing?: boolean;
}

/** Runs cases of a stage's bundled handler, with stubs of AWS and of the customers in other processes, and prints a table. */
export async function benchStage({ stage, measured, cases, base, closing = false }: StageBenchmark): Promise<void> {
  const bundles = createBundles();
  const receivers = await startHelper('receivers.ts', closing ? ['close'] : []);
  const aws = await startHelper('aws-stub.ts', [receivers.ready.port!]);
  try {
    const [handler, module] = [await bundles.stage(stage), await bundles.file(measured)];
    const rows: string[][] = [];
    for (const { title, variables } of cases) {
      const result = await runMeasured<Measured>(module, {
        ...functionVariables(aws.ready.port!),
        NODE_EXTRA_CA_CERTS: receivers.ready.ca!,
        RECEIVERS_PORT: receivers.ready.port!,
        HANDLER: handler,
        ...variables,
      });
      rows.push(...comparison(title, result, base));
    }
    printTable(COMPARISON, rows);
  } finally {
    for (const helper of [receivers, aws]) await helper.close();
    bundles.close();
  }
}
