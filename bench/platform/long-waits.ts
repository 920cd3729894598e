import { setTimeout as pause } from 'node:timers/promises';
import { besideTrouble, formOf, inSeconds, until } from './beside.ts';

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
 * minutes, the others' p99 at most 2 ×.
 */
export async function run(words: readonly string[]): Promise<void> {
  const form = formOf(words, { seconds: 120, perSecond: 10 }, { seconds: 40, perSecond: 5 });
  await besideTrouble('503 with Retry-After: 900', form, {}, async (stage) => {
    const names = Array.from({ length: SUBSCRIPTIONS }, (_, n) => `waits_${n}`);
    const ids = await Promise.all(names.map((name) => stage.troubled(name, MANNER)));
    return async ({ burst, posthorn, inFlight }) => {
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
        ['most in flight', String(most), '≤ 1000'],
        ['all down or throttled', inSeconds(knownMs), '≤ 120 s'],
        ['replays begun', `${begun} of ${REPLAYS}`, '3 at a time'],
      ];
    };
  });
}

async function stateOf(
  { call }: { call: <T>(method: string, path: string) => Promise<{ body: T }> },
  id: string,
): Promise<string | undefined> {
  return (await call<{ health?: { state: string } }>('GET', `/v1/subscriptions/${id}`)).body.health?.state;
}
