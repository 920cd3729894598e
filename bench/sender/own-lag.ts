import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Governor } from '../../local/lambda/governor.ts';
import { AWS } from '../../local/like-aws/numbers.ts';
import { withoutOwnLag } from '../../lambdas/domain/delivery/attempt.ts';
import { SLOW_MS } from '../../lambdas/domain/endpoint/circuit.ts';
import type { Answer } from '../../lambdas/sender/outgoing.ts';
import { startHelper } from '../support/processes.ts';
import { printTable } from '../support/report.ts';

const MODULE = join(import.meta.dirname, 'own-lag.measured.ts');
const BATCHES = 3;
/** What a sender's function has beyond the endpoint's time: 45 s, less 10 s and the reserve. */
const GRACE_MS = 30_000;

const CASES = [
  { memoryMb: 256, batch: 10, answersMs: 300, timeoutMs: 1000 },
  { memoryMb: 256, batch: 100, answersMs: 100, timeoutMs: 1000 },
  { memoryMb: 256, batch: 100, answersMs: 300, timeoutMs: 10_000 },
  { memoryMb: 256, batch: 100, answersMs: 800, timeoutMs: 10_000 },
  { memoryMb: 1024, batch: 100, answersMs: 300, timeoutMs: 10_000 },
];

/**
 * `npm run bench -- own-lag`. Healthy endpoints never seen before, and a sender with its function's share of a processor: what
 * its clock says of them, and what it makes of that.
 */
export async function run(): Promise<void> {
  const rows: string[][] = [];
  for (const one of CASES) {
    const answers = await answersOf(one);
    const failed = (is: (answer: Answer) => boolean): string => String(answers.filter(is).length);
    rows.push([
      `${one.memoryMb} MB, batch ${one.batch}, answers in ${one.answersMs} ms, timeout ${one.timeoutMs / 1000} s`,
      String(answers.length),
      failed(({ timings }) => timings.total > one.timeoutMs),
      failed(({ timings }) => timings.total > SLOW_MS),
      failed((answer) => answer.kind === 'error' && !answer.ours),
      failed(({ timings }) => withoutOwnLag(timings) > SLOW_MS),
      failed((answer) => answer.kind === 'error' && answer.ours === true),
    ]);
  }
  printTable(['', 'requests', 'late by the clock', 'slow by it', 'timed out', 'slow', 'our fault'], rows);
}

async function answersOf({ memoryMb, batch, answersMs, timeoutMs }: (typeof CASES)[number]): Promise<Answer[]> {
  const receivers = await startHelper('receivers.ts', ['close', String(answersMs)]);
  const governor = new Governor({ vcpuMemoryMb: AWS.vcpuMemoryMb, freezes: false });
  const child = fork(MODULE, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {
      NODE_EXTRA_CA_CERTS: receivers.ready.ca!,
      RECEIVERS_PORT: receivers.ready.port!,
      BATCH: String(batch),
      BATCHES: String(BATCHES),
      TIMEOUT_MS: String(timeoutMs),
      GRACE_MS: String(GRACE_MS),
    },
  });
  try {
    governor.watch(child.pid!, memoryMb);
    await once(child, 'message');
    governor.run(child.pid!);
    child.send('go');
    const [answers] = (await once(child, 'message')) as [Answer[]];
    return answers;
  } finally {
    child.kill('SIGKILL');
    await governor.close();
    await receivers.close();
  }
}
