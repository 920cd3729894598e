import { formatApiKey } from '../../lambdas/domain/api-key.ts';
import { benchStage } from '../support/stage.ts';

/** CPU per event, ingest against the least that an ingest could do. */
export async function run(): Promise<void> {
  await benchStage({
    stage: 'ingest',
    measured: 'bench/ingest/events.measured.ts',
    base: 'forward to SendMessage',
    cases: [{ title: '1 KB event', variables: { API_KEY: formatApiKey(new Uint8Array(32)), UNITS: '1000' } }],
  });
}
