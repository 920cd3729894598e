import { Gateway } from '../../local/gateway/server.ts';
import type { Proof } from '../proof/proof.ts';
import { Deployment } from './deployment.ts';
import { startAccount } from './moto-account.ts';
import { leftOut, VERSIONS } from './tools.ts';
import { firstHour } from './verified.ts';
import { adoption, backAndForth, changes, firstDeployment, imported, takenDown, type Chapter } from './walk.ts';

/** In this order: each goes on from where the one before left the account. @param gateway where the API is. */
const chapters = (gateway: Gateway): Chapter[] => [
  firstDeployment,
  firstHour(gateway),
  changes,
  backAndForth,
  takenDown,
  adoption,
  imported,
];

/** What the walk cannot show, by name, with the reason. It is part of the report, as it is no result. */
const NOT_HERE: Record<string, string> = {
  'dashboard, API, policies of queues and topics':
    'moto takes them as they are; cfn-lint holds them against AWS’s schemas',
  'a deployment that fails half way and is rolled back': 'moto applies a change set as a whole, or answers 500',
  'cdk diff of what changes inside a resource':
    'moto’s change sets name added and removed resources only; compared by template',
  'the key of an adopted table': 'moto’s UpdateTable leaves SSESpecification as it is',
  'steps of a rollout': 'moto has no CodeDeploy behind aliases',
  'log lines, the access log, the key of the secrets, a restore':
    'verify-deployment leaves them to a person; moto’s log groups stay empty, as functions run here',
  'how a log line becomes a metric': 'moto reads no embedded metrics, so they are handed on to it here',
  'what functions may do': 'moto refuses nobody; npm start does, by the same policies',
  'the mail of an alarm': 'moto takes each subscription as confirmed, and sends nothing',
};

export const proof: Proof = {
  promise:
    'CloudFormation takes the first deployment, the second, a changed setting, a rollback, and tables of an earlier Posthorn.',
  async run() {
    const lines: Record<string, string> = {};
    let deployment: Deployment | undefined;
    const gateway = await Gateway.listen(0);
    try {
      const account = await startAccount(gateway.url);
      deployment = new Deployment(account);
      try {
        for (const chapter of chapters(gateway)) await walk(chapter, deployment, lines);
      } finally {
        await account.close();
      }
    } catch (error) {
      return { [`moto ${VERSIONS.moto}`]: leftOut(error) };
    } finally {
      deployment?.end();
      await gateway.close();
    }
    for (const [what, why] of Object.entries(NOT_HERE)) lines[`not shown: ${what}`] = why;
    return lines;
  },
};

/** Takes each step of a chapter, says it at once, and how long it took. @throws naming the step. */
async function walk(chapter: Chapter, deployment: Deployment, lines: Record<string, string>): Promise<void> {
  for (const [step, take] of chapter(deployment)) {
    const started = Date.now();
    try {
      const found = await take();
      lines[step] = `${found}, ${Math.round((Date.now() - started) / 1000)} s`;
    } catch (error) {
      throw new Error(`${step}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    console.error(`… ${step}: ${lines[step]}`);
  }
}
