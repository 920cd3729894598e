import { benchStage } from '../support/stage.ts';
import { growthOfLog } from './log.ts';

/** CPU per delivery as organizations grow, and what a page of the delivery log costs as the log grows. */
export async function run(): Promise<void> {
  await benchStage({
    stage: 'fan-out',
    measured: 'bench/growth/subscriptions.measured.ts',
    base: '10 subscriptions',
    cases: [{ title: 'fan-out', variables: { UNITS: '10000' } }],
  });
  await growthOfLog();
}
