import { createBundles, sizeOf } from '../support/bundle.ts';
import { functionVariables } from '../support/environment.ts';
import { runMeasured, startHelper } from '../support/processes.ts';
import { printTable } from '../support/report.ts';
import { median } from '../support/rounds.ts';

const ROUNDS = 11;
/** Stages whose first invocation is measured too; the start of the others is their import. */
const INVOKED = ['ingest', 'fan-out', 'sender'];
const IMPORTED = ['api', 'recovery', 'subscription-guard', 'statistics'];

/** CPU of import and first invocation, each in fresh processes, beside an empty handler and the AWS clients alone. */
export async function run(): Promise<void> {
  const bundles = createBundles();
  const receivers = await startHelper('receivers.ts');
  const aws = await startHelper('aws-stub.ts', [receivers.ready.port!]);
  const variables = { ...functionVariables(aws.ready.port!), NODE_EXTRA_CA_CERTS: receivers.ready.ca! };
  try {
    const harness = await bundles.file('bench/cold-start/harness.ts');
    const empty = await bundles.file('bench/cold-start/empty.ts');
    const rows: string[][] = [];
    for (const stage of [...INVOKED, ...IMPORTED]) {
      const invoked = INVOKED.includes(stage);
      const modules = {
        empty,
        ...(invoked ? { clients: await bundles.file(`bench/cold-start/clients-${stage}.ts`) } : {}),
        function: await bundles.stage(stage),
      };
      const spent: Record<string, number[]> = {};
      for (let round = 0; round < ROUNDS; round++) {
        for (const [name, HANDLER] of Object.entries(modules)) {
          const cpu = await runMeasured<number>(harness, { ...variables, HANDLER, STAGE: stage });
          (spent[name] ??= []).push(cpu);
        }
      }
      rows.push(rowOf(stage, spent, sizeOf(modules.function)));
    }
    printTable(['', 'empty ms', 'clients ms', 'function ms', 'ratio', 'over empty', 'KB'], rows);
  } finally {
    for (const helper of [receivers, aws]) await helper.close();
    bundles.close();
  }
}

/** `ratio`: function to clients; `over empty`: the same of what both take beyond an empty handler. */
function rowOf(
  stage: string,
  { empty = [], clients = [], function: all = [] }: Record<string, number[]>,
  bytes: number,
) {
  const ratios = all.map((cpu, round) => cpu / clients[round]!);
  const over = (median(all) - median(empty)) / (median(clients) - median(empty));
  const cells = [median(empty), median(clients), median(all)].map((ms) => (Number.isNaN(ms) ? '' : ms.toFixed(1)));
  const compared = clients.length > 0 ? [median(ratios).toFixed(2), over.toFixed(2)] : ['', ''];
  return [stage, ...cells, ...compared, (bytes / 1000).toFixed(0)];
}
