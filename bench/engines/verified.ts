import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway } from '../../local/gateway/server.ts';
import { startReceiver } from '../../scripts/verify-deployment/receiver.ts';
import { runDeployed, type Deployed } from './deployed.ts';
import type { Deployment } from './deployment.ts';
import type { Chapter } from './walk.ts';

/** What verify-deployment leaves to a person, with the command that asks it. */
const BY_HAND = 4;

/**
 * The first hour: what is deployed runs, with pollers, gateway and functions of ours, and the operator's command looks at it.
 * @param gateway listens where the deployment's API is said to be.
 */
export function firstHour(gateway: Gateway): Chapter {
  return (deployment) => {
    let app = '';
    return [
      [
        'deployment with a mail address',
        async () => {
          app = await deployment.synthesize('mailing', { POSTHORN_ALARM_EMAIL: 'ops@example.org' });
          await deployment.deploy(app);
          return 'moto takes it as confirmed';
        },
      ],
      ['verify-deployment', () => verified(deployment, gateway, app)],
      ['deployment without it', async () => (await deployment.deploy(await deployment.app()), 'done')],
    ];
  };
}

async function verified(deployment: Deployment, gateway: Gateway, app: string): Promise<string> {
  const key = /phk_[\w-]+/.exec(await deployment.keys('create', '--scope', 'admin'))![0];
  const work = join(deployment.work, 'running');
  mkdirSync(work);
  const receiver = await startReceiver();
  let running: Deployed | undefined;
  try {
    running = await runDeployed(deployment.account, gateway, { app, work });
    const table = await deployment.verify(key, receiver.url);
    const lines = (verdict: string): number => table.split('\n').filter((line) => line.startsWith(verdict)).length;
    const [right, byHand] = [lines('ok '), lines('cannot be asked here')];
    if (byHand !== BY_HAND) throw new Error(`expected ${BY_HAND} lines that are left to a person, got\n${table}`);
    const { same, other } = running.variables;
    if (other.length > 0) throw new Error(`functions do not run with what was deployed:\n${other.join('\n')}`);
    if (running.problems.length > 0) throw new Error(`metrics got lost:\n${running.problems.join('\n')}`);
    return `${right} of ${right} as expected, ${byHand} left to a person; ${same} variables of functions as deployed`;
  } finally {
    await running?.close();
    await receiver.close();
  }
}
