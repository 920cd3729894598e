import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { printTable } from '../support/report.ts';
import { atMost, exactly, printBars, type Bar } from './bar.ts';
import { inSeconds, until } from './beside.ts';
import { SkippingClock } from '../../test/support/skipping-clock.ts';
import { FAN_OUT_SECONDS, VISIBILITY_TIMES } from '../../lambdas/domain/limits.ts';
import { LeftBehind } from '../proof/flow/left-behind.ts';
import { printLoad, startBench, type Bench } from './platform.ts';

const NAME = 'burst';
/** Part of the burst that has arrived when processes die. */
const MID_BURST = 0.3;
/** By then the last delivery has come, seconds after the kill. */
const LATEST = 30;
const PATIENCE_MS = 600_000;
/** Whatever is to come back by itself has come by then: the bar, and as long again for a machine that is busy. */
const BACK_MS = 60_000;
/** The longest visibility timeout of a queue's own. */
const OWN_MS = VISIBILITY_TIMES * FAN_OUT_SECONDS * 1000;

/** Who dies: all processes of the functions named, or one of them. */
const CRASHES: { name: string; stages: readonly string[]; one: boolean }[] = [
  { name: 'nobody', stages: [], one: false },
  { name: 'one sender', stages: ['sender'], one: true },
  { name: 'one fan-out', stages: ['fan-out'], one: true },
  { name: 'all functions', stages: ['sender', 'fan-out', 'recovery-function', 'ingest', 'statistics'], one: false },
];

/**
 * `npm run bench -- crash [--short] [--events <n>] [--who <name>]`: kill -9 of one sender, one fan-out and all functions in the middle of a burst
 * of 5,000 events (1,000 in the short form), beside a burst in which nobody dies. Bars: none lost, the last delivery at most
 * 30 s after the kill, beyond what the burst takes by itself. With `--who` that one alone, and the burst beside it.
 *
 * Events whose function died after Lambda had given it its batch, and before SQS could be told of that, wait for the queue's
 * own visibility timeout: they are counted apart, and the clock is moved for them once all others are there.
 * @throws when nobody is called so.
 */
export async function run(words: readonly string[]): Promise<Bar[]> {
  const { values } = parseArgs({
    args: [...words],
    options: { short: { type: 'boolean' }, events: { type: 'string' }, who: { type: 'string' } },
  });
  const events = Number(values.events ?? (values.short ? 1000 : 5000));
  const crashes = crashesOf(values.who);
  const clock = new SkippingClock();
  const untold = new Set<string>();
  const leftBehind = new LeftBehind((body) => {
    // A job of recovery is about no event.
    const { event } = JSON.parse(body) as { event?: { id: string } };
    if (event) untold.add(event.id);
  });
  const bench = await startBench({}, { clock, watch: leftBehind, faults: { sqs: leftBehind.listen } });
  try {
    await bench.subscribe(NAME, 10);
    const rows: string[][] = [];
    const bars: Bar[] = [];
    let undisturbedMs = 0;
    for (const crash of crashes) {
      untold.clear();
      const { lost, twice, restMs, killed, late } = await burst({ bench, clock, untold }, events, crash);
      if (crash.stages.length === 0) undisturbedMs = restMs;
      const beyond = crash.stages.length === 0 ? '' : inSeconds(restMs - undisturbedMs);
      rows.push([crash.name, ...[killed, lost, twice].map(String), inSeconds(restMs), beyond, String(late)]);
      bars.push(exactly(`${crash.name}: lost`, lost, 0));
      if (crash.stages.length > 0)
        bars.push(
          atMost(
            `${crash.name}: last after the kill, beyond the burst`,
            (restMs - undisturbedMs) / 1000,
            LATEST,
            ' s',
            1,
          ),
          exactly(`${crash.name}: events that wait for their queue's own time`, late, 0),
        );
      printLoad(rows.at(-1)!.join(' · '));
    }
    console.log();
    const heads = ['killed', 'lost', 'twice', 'last after the kill', 'beyond', 'died before SQS knew'];
    printTable([`dies in a burst of ${events}`, ...heads], rows);
    printBars('kill -9', bars);
    return bars;
  } finally {
    await bench.close();
  }
}

/** The burst in which nobody dies comes first, whoever dies else: what takes longer is beyond that. */
function crashesOf(who: string | undefined): typeof CRASHES {
  if (who === undefined) return CRASHES;
  const names = CRASHES.map(({ name }) => name);
  if (!names.includes(who)) throw new Error(`--who: expected one of ${names.join(', ')}, got "${who}".`);
  return CRASHES.filter(({ name, stages }) => stages.length === 0 || name === who);
}

async function burst(
  { bench, clock, untold }: { bench: Bench; clock: SkippingClock; untold: ReadonlySet<string> },
  events: number,
  { stages, one }: (typeof CRASHES)[number],
): Promise<{ lost: number; twice: number; restMs: number; killed: number; late: number }> {
  await bench.behave({ [`/${NAME}`]: { kind: 'fails', first: 0 } });
  const posting = bench.burst(NAME, events);
  const requests = async (): Promise<{ atMs: number; id: string }[]> => (await bench.seen())[`/${NAME}`] ?? [];
  const deadlineMs = Date.now() + PATIENCE_MS;
  while ((await requests()).length < MID_BURST * events && Date.now() < deadlineMs) await pause(100);
  // A process that has ended by itself is none of ours to kill.
  const pids = stages.flatMap((stage) =>
    (bench.posthorn.platform.environments()[stage] ?? []).slice(0, one ? 1 : undefined),
  );
  const killedMs = Date.now();
  const killed = pids.filter(killedBy).length;
  const ids = new Set(await posting);
  const left = async (): Promise<Set<string>> => ids.difference(new Set((await requests()).map(({ id }) => id)));
  const arrivals = async (): Promise<Map<string, number>> =>
    new Map((await requests()).toReversed().map(({ id, atMs }) => [id, atMs]));
  const isBack = async (): Promise<boolean> => {
    const rest = await left();
    return rest.size === 0 || (Date.now() - killedMs > BACK_MS && rest.isSubsetOf(untold));
  };
  await until(isBack, deadlineMs - Date.now());
  const restMs = Math.max(...(await arrivals()).values()) - killedMs;
  const rest = await left();
  const late = rest.intersection(untold).size;
  if (rest.size > 0) clock.skip(OWN_MS);
  await until(async () => (await left()).size === 0, BACK_MS);
  const twice = (await requests()).length - (await arrivals()).size;
  return { lost: (await left()).size, twice, restMs, killed, late };
}

function killedBy(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}
