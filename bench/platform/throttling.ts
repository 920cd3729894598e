import { atMost, exactly, type Bar } from './bar.ts';
import { besideTrouble, formOf, until, type Stage } from './beside.ts';

const PER_SECOND = 5;
/** Longer than the bar, times the ideal. */
const PATIENCE = 4;

/**
 * `npm run bench -- throttling [--short]`: an endpoint takes 5 a second and answers 429 beyond, and gets 1,200 events at
 * once (150 in the short form). Bars: none exhausted, at most 1.25 requests an event, done within 1.3 × what 5 a second take.
 */
export async function run(words: readonly string[]): Promise<Bar[]> {
  const form = formOf(words, { seconds: 240, perSecond: 10 }, { seconds: 40, perSecond: 5 });
  const events = form.short ? 150 : 1200;
  const idealMs = (events / PER_SECOND) * 1000;
  return besideTrouble('429 beyond 5 a second', { form }, async (stage) => {
    const id = await stage.troubled('busy', { kind: 'takes', perSecond: PER_SECOND });
    const beside = async ({ burst, outcomes, seen }: Stage): Promise<Bar[]> => {
      await burst('busy', events);
      const taken = async (): Promise<number> =>
        new Set(((await seen())['/busy'] ?? []).flatMap(({ id: event, status }) => (status === 200 ? event : []))).size;
      const tookMs = await until(async () => (await taken()) >= events, PATIENCE * idealMs + 60_000);
      const requests = ((await seen())['/busy'] ?? []).length;
      const exhausted = [...(await outcomes(id)).values()].filter((outcome) => outcome === 'exhausted').length;
      return [
        exactly('taken', await taken(), events),
        exactly('exhausted', exhausted, 0),
        atMost('requests an event', requests / events, 1.25, '', 2),
        atMost('done after', tookMs && tookMs / 1000, (1.3 * idealMs) / 1000, ' s', 1),
        { what: 'in times of the ideal', measured: tookMs ? (tookMs / idealMs).toFixed(2) : '', bar: '' },
      ];
    };
    return { without: ({ burst }) => burst('busy', events), with: beside };
  });
}
