import { strict as assert } from 'node:assert';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Proof } from './proof.ts';
import { startPosthorn, type OwnPosthorn } from '../../test/support/posthorn.ts';
import { usageOf } from '../support/proc.ts';
import { publishBatch } from '../support/publish.ts';
import { setTimeout as pause } from 'node:timers/promises';

/** Seconds of the whole run. */
const SECONDS = 1800;
/** Events that measure the capacity, posted as fast as they are taken. */
const MEASURED = 1000;
/** One of so many organizations has an endpoint that is dead: 5 %. */
const ORGANIZATIONS = 20;
const DEAD = 'soak_0';
const SAMPLE_MS = 2000;
const BATCH = 20;
/** Memory of the last third over the first third that still counts as flat. */
const MOST_GROWTH = 1.25;
/** The oldest delivery to a healthy endpoint may be this old, milliseconds. */
const OLDEST_MS = 30_000;

interface Sample {
  /** Resident memory of a function's process on average, MiB. */
  memory: number;
  /** Age of the oldest event that its healthy endpoint has not seen yet, milliseconds. */
  oldestMs: number;
}

/** Endpoints of all organizations: 200, or 500 if it is dead. */
async function startEndpoints(): Promise<{ url: string; waiting: Map<string, number>; close(): Promise<void> }> {
  /** Events on their way to a healthy endpoint: when they were accepted, and those that came before that was known. */
  const waiting = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const dead = request.url === `/${DEAD}`;
      if (!dead) forget(waiting, String(request.headers['webhook-id']));
      response.writeHead(dead ? 500 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    waiting,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An event may arrive before its producer has heard of its acceptance: noted as seen, by a time that is no number. */
function forget(waiting: Map<string, number>, id: string): void {
  if (waiting.has(id)) waiting.delete(id);
  else waiting.set(id, NaN);
}

async function post(posthorn: OwnPosthorn, waiting: Map<string, number>, from: number): Promise<void> {
  const events = Array.from({ length: BATCH }, (_, n) => {
    const organization = `soak_${(from + n) % ORGANIZATIONS}`;
    return { organization, type: 'visit.updated', data: { organization, n: from + n } };
  });
  const startedMs = Date.now();
  const answers = await publishBatch(posthorn, { events });
  for (const [n, { id }] of answers.entries()) {
    assert.ok(id !== undefined, 'an event was refused');
    if (events[n]!.organization === DEAD) continue;
    if (waiting.has(id)) waiting.delete(id);
    else waiting.set(id, startedMs);
  }
}

const oldest = (waiting: Map<string, number>): number => {
  const times = [...waiting.values()].filter((time) => !Number.isNaN(time));
  return times.length === 0 ? 0 : Date.now() - times.reduce((least, time) => Math.min(least, time));
};

/** Mean resident memory of the living function processes, MiB. */
function memoryOf(posthorn: OwnPosthorn): number {
  const sizes = Object.values(posthorn.platform.environments())
    .flat()
    .flatMap((pid) => usageOf(pid)?.mb ?? []);
  return sizes.length === 0 ? 0 : mean(sizes);
}

const mean = (values: number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Events a second that get through when all are there at once; the first hundred warm the processes up. */
async function capacity(posthorn: OwnPosthorn, waiting: Map<string, number>): Promise<number> {
  const rush = async (from: number, events: number): Promise<number> => {
    const startedMs = Date.now();
    const posts = Array.from({ length: events / BATCH }, (_, n) => post(posthorn, waiting, from + n * BATCH));
    await Promise.all(posts);
    while (oldest(waiting) > 0) await pause(20);
    return (events * 1000) / (Date.now() - startedMs);
  };
  await rush(0, 100);
  return rush(100, MEASURED);
}

async function load(
  posthorn: OwnPosthorn,
  waiting: Map<string, number>,
  { seconds, perSecond }: { seconds: number; perSecond: number },
): Promise<{ samples: Sample[]; posted: number }> {
  const samples: Sample[] = [];
  const startedMs = Date.now();
  let posted = 0;
  let sampledMs = startedMs;
  const posts = new Set<Promise<void>>();
  while (Date.now() - startedMs < seconds * 1000) {
    const due = ((Date.now() - startedMs) / 1000) * perSecond;
    for (; posted + BATCH <= due; posted += BATCH) {
      const one: Promise<void> = post(posthorn, waiting, posted).finally(() => posts.delete(one));
      posts.add(one);
    }
    if (Date.now() - sampledMs >= SAMPLE_MS) {
      sampledMs = Date.now();
      samples.push({ memory: memoryOf(posthorn), oldestMs: oldest(waiting) });
    }
    await pause(20);
  }
  await Promise.all(posts);
  return { samples, posted };
}

/** `npm run proof -- soak [--count <seconds>]`. Needs Linux, whose /proc tells the memory. */
export const proof: Proof = {
  onPlatform: true,
  promise: 'At half of what the machine can do, with 5 % dead endpoints, memory stays flat and nothing grows old.',
  async run({ count: seconds = SECONDS }) {
    const endpoints = await startEndpoints();
    try {
      const posthorn = await startPosthorn({ settings: {} });
      try {
        for (let n = 0; n < ORGANIZATIONS; n++) {
          await posthorn.subscribe({ organization: `soak_${n}`, url: `${endpoints.url}/soak_${n}` });
        }
        const full = await capacity(posthorn, endpoints.waiting);
        const { samples, posted } = await load(posthorn, endpoints.waiting, { seconds, perSecond: full / 2 });
        return { ...judge(samples), events: posted, capacity_per_second: Math.round(full) };
      } finally {
        await posthorn.close();
      }
    } finally {
      await endpoints.close();
    }
  },
};

function judge(samples: Sample[]): Record<string, number | string> {
  const third = Math.floor(samples.length / 3);
  assert.ok(third > 0, `Expected at least three samples, got ${samples.length}: run it for longer.`);
  const before = mean(samples.slice(0, third).map(({ memory }) => memory));
  const after = mean(samples.slice(-third).map(({ memory }) => memory));
  const oldestMs = Math.max(...samples.map((sample) => sample.oldestMs));
  assert.ok(after <= before * MOST_GROWTH, `memory of a process grew from ${before} to ${after} MiB`);
  assert.ok(oldestMs <= OLDEST_MS, `an event was not delivered for ${oldestMs} ms`);
  return {
    memory_first_third_mib: Math.round(before),
    memory_last_third_mib: Math.round(after),
    oldest_ms: oldestMs,
  };
}
