import { printBars, exactly, type Bar } from './bar.ts';
import { inSeconds, until } from './beside.ts';
import { printLoad, startBench } from './platform.ts';

const NAME = 'paused';
const EVENTS = 200;
const PATIENCE_MS = 240_000;
/** A release that nothing is known of goes in steps of so many; inside one requests go out at once. */
const STEPS = [1, 2, 4, 8, 16, 32, 64];

/**
 * `npm run bench -- pause`: an endpoint is paused, gets 200 events, and is resumed. Bar: all of them, each once, in event
 * order, and none while it is paused.
 */
export async function run(): Promise<Bar[]> {
  const bench = await startBench();
  const { posthorn } = bench;
  try {
    const id = await bench.subscribe(NAME, 10);
    await bench.behave({ [`/${NAME}`]: { kind: 'fails', first: 0 } });
    const requests = async (): Promise<string[]> =>
      ((await bench.seen())[`/${NAME}`] ?? []).map(({ id: event }) => event);
    await posthorn.call('POST', `/v1/subscriptions/${id}/pause`);
    const events = await bench.burst(NAME, EVENTS);
    const held = async (): Promise<number> => {
      const path = `/v1/subscriptions/${id}`;
      const { body } = await posthorn.call<{ health?: { held?: { count: number } } }>('GET', path);
      return body.health?.held?.count ?? 0;
    };
    await until(async () => (await held()) >= EVENTS, PATIENCE_MS);
    const [kept, early] = [await held(), (await requests()).length];
    await posthorn.call('POST', `/v1/subscriptions/${id}/resume`);
    const tookMs = await until(async () => new Set(await requests()).size >= EVENTS, PATIENCE_MS);
    const all = await requests();
    const bars: Bar[] = [
      exactly('held while it is paused', kept, EVENTS),
      exactly('requests while it is paused', early, 0),
      exactly('came after it was resumed', new Set(all).intersection(new Set(events)).size, EVENTS),
      exactly('came twice', all.length - new Set(all).size, 0),
      exactly('came in another step than their own', outOfStep(all, events.toSorted()), 0),
      { what: 'done after it was resumed', measured: inSeconds(tookMs), bar: '' },
    ];
    printLoad(NAME);
    printBars('pause, 200 events, resume', bars);
    return bars;
  } finally {
    await bench.close();
  }
}

/** Events that came before all of the step before theirs, or after the next one began. */
function outOfStep(came: readonly string[], sorted: readonly string[]): number {
  const sizes = [...STEPS, sorted.length];
  let from = 0;
  let wrong = 0;
  for (const size of sizes) {
    const step = new Set(sorted.slice(from, from + size));
    wrong += came.slice(from, from + size).filter((event) => !step.has(event)).length;
    from += size;
  }
  return wrong;
}
