import { besideTrouble, formOf, inSeconds, until } from './beside.ts';

const PER_SECOND = 5;
/** Longer than the bar, times the ideal. */
const PATIENCE = 4;

/**
 * `npm run bench -- throttling [--short]`: an endpoint takes 5 a second and answers 429 beyond, and gets 1,200 events at
 * once (150 in the short form). Bars: none exhausted, at most 1.25 requests an event, done within 1.3 × what 5 a second take.
 */
export async function run(words: readonly string[]): Promise<void> {
  const form = formOf(words, { seconds: 240, perSecond: 10 }, { seconds: 40, perSecond: 5 });
  const events = form.short ? 150 : 1200;
  const idealMs = (events / PER_SECOND) * 1000;
  await besideTrouble('429 beyond 5 a second', form, {}, async (stage) => {
    const id = await stage.troubled('busy', { kind: 'takes', perSecond: PER_SECOND });
    return async ({ burst, outcomes, seen }) => {
      await burst('busy', events);
      const taken = async (): Promise<number> =>
        new Set(((await seen())['/busy'] ?? []).flatMap(({ id: event, status }) => (status === 200 ? event : []))).size;
      const tookMs = await until(async () => (await taken()) >= events, PATIENCE * idealMs + 60_000);
      const requests = ((await seen())['/busy'] ?? []).length;
      const exhausted = [...(await outcomes(id)).values()].filter((outcome) => outcome === 'exhausted').length;
      return [
        ['taken', `${await taken()} of ${events}`, 'all'],
        ['exhausted', String(exhausted), '0'],
        ['requests an event', (requests / events).toFixed(2), '≤ 1.25'],
        ['done', inSeconds(tookMs), `≤ ${((1.3 * idealMs) / 1000).toFixed(0)} s`],
        ['of the ideal', tookMs === undefined ? '' : (tookMs / idealMs).toFixed(2), '≤ 1.30'],
      ];
    };
  });
}
