import { atMost, exactly, type Bar } from './bar.ts';
import { besideTrouble, formOf, inSeconds, until, type Stage } from './beside.ts';

/** Beyond the last try: heal steps and what happens between them. */
const SLACK_MS = 90_000;
/** From the look that finds it due to the customer's answer. */
const SENDING_SECONDS = 5;
/** As deployed, and in the short form: retries, and the first step of healing. */
const FULL = { retries: [10, 60, 180], heal: [900] };
const SHORT = { retries: [2, 3, 4], heal: [15] };

/**
 * `npm run bench -- outage [--short]`: a quiet endpoint answers its one event four times with 500, then with 200. Bar:
 * delivered within one step of healing, no request too many. The short form has shorter waits, which changes no step.
 */
export async function run(words: readonly string[]): Promise<Bar[]> {
  const form = formOf(words, { seconds: 300, perSecond: 10 }, { seconds: 30, perSecond: 5 });
  const { retries, heal } = form.short ? SHORT : FULL;
  const lookSeconds = form.short ? 5 : 60;
  const settings = {
    POSTHORN_RETRY_DELAYS: retries.join(','),
    POSTHORN_HEAL_SECONDS: heal.join(','),
    ...(form.short && { POSTHORN_PROBE_SECONDS: String(lookSeconds) }),
  };
  return besideTrouble('a quiet outage', { form, settings }, async (stage) => {
    const id = await stage.troubled('quiet', { kind: 'fails', first: 4 });
    const beside = async ({ burst, outcomes, seen }: Stage): Promise<Bar[]> => {
      await burst('quiet', 1);
      const longestMs = 1000 * (retries.reduce((sum, one) => sum + one * 1.2) + 2 * heal[0]!) + SLACK_MS;
      const exhaustedMs = await until(async () => ((await seen())['/quiet'] ?? []).length >= 4, longestMs);
      const healedMs = await until(async () => [...(await outcomes(id)).values()][0] === 'delivered', longestMs);
      const requests = ((await seen())['/quiet'] ?? []).length;
      return [
        { what: 'fourth 500 after', measured: inSeconds(exhaustedMs), bar: '' },
        atMost('delivered after that', healedMs && healedMs / 1000, heal[0]! + lookSeconds + SENDING_SECONDS, ' s', 1),
        exactly('requests', requests, 5),
      ];
    };
    return { with: beside };
  });
}
