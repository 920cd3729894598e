import { benchStage } from '../support/stage.ts';

/** CPU per delivery message, fan-out against the bare calls that it cannot do without. */
export async function run(): Promise<void> {
  await benchStage({
    stage: 'fan-out',
    measured: 'bench/fan-out/deliveries.measured.ts',
    base: 'bare SendMessageBatch',
    cases: [
      { title: '100 subscriptions', variables: { SUBSCRIPTIONS: '100', UNITS: '5000' } },
      { title: '100 subscriptions × 10 events', variables: { SUBSCRIPTIONS: '100', EVENTS: '10', UNITS: '5000' } },
    ],
  });
}
