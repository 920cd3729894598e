import { setTimeout as pause } from 'node:timers/promises';
import type { Bar } from './bar.ts';
import { besideTrouble, formOf, type Stage } from './beside.ts';

/** Whose key it is. The others are of another one. */
const GREEDY = 'org_greedy';
const REPLAYS = 60;
const ROWS = 300;
/** What still fits into a row beside its other attributes, characters. */
const DESCRIPTION = 500;
const HEADERS = 8;
const HEADER_BYTES = 800;

/**
 * `npm run bench -- one-key [--short]`: one organization's key does what it may: 8, then 100 pings that wait for an endpoint
 * that hangs, 60 replays, 300 rows of the largest size, and secrets in a loop. Bars: the p99 of another organization's customers at
 * most 2 ×, no 5xx for them.
 */
export async function run(words: readonly string[]): Promise<Bar[]> {
  const form = formOf(words, { seconds: 120, perSecond: 10 }, { seconds: 40, perSecond: 5 });
  return besideTrouble('one key that takes all it may', { form, others: true }, async (stage) => {
    const id = await stage.troubled('hangs', { kind: 'hangs' }, 30, GREEDY);
    const key = await stage.posthorn.apiKey({ organization: GREEDY, scopes: ['organization'] });
    const beside = async ({ posthorn }: Stage): Promise<Bar[]> => {
      const answers = new Map<string, Map<number, number>>();
      const ask = async (what: string, method: string, path: string, body?: object): Promise<void> => {
        const { status } = await posthorn.call(method, path, body, key);
        const counts = answers.get(what) ?? new Map<number, number>();
        answers.set(what, counts.set(status, (counts.get(status) ?? 0) + 1));
      };
      const endMs = Date.now() + form.seconds * 1000;
      const ping = (): Promise<void> => ask('pings', 'POST', `/v1/subscriptions/${id}/ping?wait=30`);
      const pings = (async () => {
        await Promise.all(Array.from({ length: 8 }, ping));
        await Promise.all(Array.from({ length: 100 }, ping));
      })();
      const replays = (async () => {
        for (let n = 0; n < REPLAYS; n++) {
          const since = new Date(Date.now() - 3_600_000).toISOString();
          await ask('replays', 'POST', `/v1/subscriptions/${id}/replay`, { since, until: new Date().toISOString() });
        }
      })();
      const rows = (async () => {
        for (let n = 0; n < ROWS && Date.now() < endMs; n++) await ask('rows', 'POST', '/v1/subscriptions', rowOf(n));
      })();
      const secrets = (async () => {
        for (; Date.now() < endMs; await pause(5)) await ask('secrets', 'GET', `/v1/subscriptions/${id}/secret`);
      })();
      await Promise.all([pings, replays, rows, secrets]);
      return [...answers].map(([what, counts]) => ({
        what,
        measured: [...counts].map(([status, count]) => `${count} × ${status}`).join(', '),
        bar: '',
      }));
    };
    return { with: beside };
  });
}

function rowOf(n: number): object {
  return {
    organization: GREEDY,
    account: `large_${n}`,
    url: `http://127.0.0.1:9/${n}`,
    description: 'd'.repeat(DESCRIPTION),
    headers: Object.fromEntries(Array.from({ length: HEADERS }, (_, k) => [`x-large-${k}`, 'h'.repeat(HEADER_BYTES)])),
  };
}
