import { setTimeout as pause } from 'node:timers/promises';
import { atMost, type Bar } from './bar.ts';
import { besideTrouble, formOf, until, type Stage } from './beside.ts';

const SUBSCRIPTIONS = 10;
const EVENTS = 96;
const REPLAYS = 25;
const MANNER = { kind: 'asks', seconds: 900, every: 15 } as const;
const SAMPLE_MS = 1000;
/** By then each must be down or throttled. */
const KNOWN_WITHIN_MS = 120_000;

/**
 * `npm run bench -- long-waits [--short]`: ten endpoints answer 503 with `Retry-After: 900`, every 15th request 200; each gets 96
 * events, and 25 replays come on top. Bars: at most 1,000 messages in flight, each endpoint down or throttled within two
 * minutes, the others' p99 at most 2 × what it is beside the same burst to endpoints that answer.
 */
export async function run(words: readonly string[]): Promise<Bar[]> {
  const form = formOf(words, { seconds: 120, perSecond: 10 }, { seconds: 40, perSecond: 5 });
  return besideTrouble('503 with Retry-After: 900', { form, others: true }, async (stage) => {
    const names = Array.from({ length: SUBSCRIPTIONS }, (_, n) => `waits_${n}`);
    const ids = await Promise.all(names.map((name) => stage.troubled(name, MANNER)));
    const without = async ({ burst }: Stage): Promise<void> => {
      for (const name of names) await burst(name, EVENTS);
    };
    const beside = async ({ burst, posthorn, inFlight }: Stage): Promise<Bar[]> => {
      const beganMs = Date.now();
      let most = 0;
      let isOver = false;
      const watching = (async () => {
        for (; !isOver; await pause(SAMPLE_MS)) most = Math.max(most, await inFlight());
      })();
      for (const name of names) await burst(name, EVENTS);
      const knownMs = await until(async () => {
        const states = await Promise.all(ids.map((id) => stateOf(posthorn, id)));
        return states.every((state) => state === 'down' || state === 'throttled');
      }, KNOWN_WITHIN_MS);
      let begun = 0;
      for (let n = 0; n < REPLAYS; n++) {
        const since = new Date(beganMs - 1000).toISOString();
        const body = { since, until: new Date().toISOString(), outcomes: ['failed', 'held', 'exhausted', 'delivered'] };
        const { status } = await posthorn.call('POST', `/v1/subscriptions/${ids[n % ids.length]}/replay`, body);
        if (status < 300) begun += 1;
      }
      await pause(Math.max(0, beganMs + form.seconds * 1000 - Date.now()));
      isOver = true;
      await watching;
      return [
        atMost('most in flight', most, 1000),
        atMost('all down or throttled after', knownMs && knownMs / 1000, 120, ' s', 1),
        { what: 'replays begun', measured: `${begun} of ${REPLAYS}`, bar: '3 at a time' },
      ];
    };
    return { without, with: beside };
  });
}

async function stateOf(
  { call }: { call: <T>(method: string, path: string) => Promise<{ body: T }> },
  id: string,
): Promise<string | undefined> {
  return (await call<{ health?: { state: string } }>('GET', `/v1/subscriptions/${id}`)).body.health?.state;
}
