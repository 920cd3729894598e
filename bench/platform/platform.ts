import { loadavg } from 'node:os';
import type { PlatformOptions } from '../../local/platform.ts';
import { startPosthorn, type OwnPosthorn } from '../../test/support/posthorn.ts';
import { usageOf } from '../support/proc.ts';
import { startHelper } from '../support/processes.ts';
import { publishBatch } from '../support/publish.ts';
import type { Manner, Phase, PhaseResult, SeenRequest } from './phase.ts';

export const ORGANIZATION = 'org_bench';
/** Events that one request may publish. */
const BATCH = 100;

/** The platform as `npm start` runs it, with customers that subscribe and producers that post. */
export interface Bench {
  posthorn: OwnPosthorn;
  /** The process beside: producers and customers' servers. */
  outsidePid: number;
  /** Subscribes an endpoint `/<name>` to the events of an account. @param of by default the account called `<name>`, of {@link ORGANIZATION} */
  subscribe(name: string, timeoutSeconds: number, of?: { account?: string; organization?: string }): Promise<string>;
  /** Says how endpoints answer from now on, by path, and forgets their requests. */
  behave(manners: Record<string, Manner>): Promise<void>;
  /** The requests of those endpoints since, by path. */
  seen(): Promise<Record<string, SeenRequest[]>>;
  /** Posts so many events of an account as fast as batches of 100 go. @returns their ids. */
  burst(account: string, count: number): Promise<string[]>;
  /** Runs a phase in the process beside. @throws when an event is answered by anything but 202 or a 5xx. */
  run(phase: Omit<Phase, 'apiUrl' | 'key' | 'organization'>): Promise<PhaseResult>;
  close(): Promise<void>;
}

/** Starts all of it. @param settings of the stack; the default ones by default. @param more who watches it, and by which clock. */
export async function startBench(
  settings: Record<string, string> = {},
  more: Pick<PlatformOptions, 'clock' | 'faults' | 'watch'> = {},
): Promise<Bench> {
  const outside = await startHelper('../platform/outside.ts');
  const started = await startPosthorn({ settings, ...more });
  const posthorn = { ...started, call: ((...of) => stubborn(() => started.call(...of))) as OwnPosthorn['call'] };
  const base = `http://127.0.0.1:${outside.ready.port}`;
  const about = { apiUrl: posthorn.apiUrl, key: posthorn.outputs.local!.ProducerApiKey!, organization: ORGANIZATION };
  return {
    posthorn,
    outsidePid: outside.pid,
    subscribe: async (name, timeout_seconds, { account = name, organization = ORGANIZATION } = {}) => {
      const subscription = { organization, account, url: `${base}/${name}`, timeout_seconds };
      return (await posthorn.subscribe(subscription)).id;
    },
    behave: async (manners) => {
      await fetch(`${base}/manners`, { method: 'POST', body: JSON.stringify(manners) });
    },
    seen: () => stubborn(async () => (await (await fetch(`${base}/seen`)).json()) as Record<string, SeenRequest[]>),
    burst: async (account, count) => {
      const ids: string[] = [];
      for (let left = count; left > 0; left -= BATCH) {
        const event = { organization: ORGANIZATION, account, type: 'visit.ended', data: { id: 'vis_1' } };
        const events = Array.from({ length: Math.min(left, BATCH) }, () => event);
        const answers = await publishBatch(posthorn, { events });
        ids.push(...answers.map(({ id }) => id!));
      }
      return ids;
    },
    run: async (phase) => {
      const response = await fetch(`${base}/phase`, { method: 'POST', body: JSON.stringify({ ...about, ...phase }) });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as PhaseResult;
    },
    close: async () => {
      await posthorn.close();
      await outside.close();
    },
  };
}

/** A connection that broke: servers close idle ones, which on a busy machine meets a call now and then. */
const BREAKS = 5;

async function stubborn<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof TypeError) || tries === BREAKS) throw error;
    }
  }
}

/** CPU seconds so far: this process, which is all of AWS, the processes of each function, and all that is outside. */
export function cpuSeconds({ posthorn: { platform }, outsidePid }: Bench): Record<string, number> {
  const { user, system } = process.cpuUsage();
  const functions = Object.entries(platform.environments()).map(
    ([name, pids]) => [name, pids.reduce((sum, pid) => sum + cpuOf(pid), 0)] as const,
  );
  return {
    'the local AWS': (user + system) / 1e6,
    ...Object.fromEntries(functions),
    'producers and customers': cpuOf(outsidePid),
  };
}

/** Seconds. Linux only; elsewhere nothing is known and 0 is said. */
function cpuOf(pid: number): number {
  return (usageOf(pid)?.cpuMs ?? 0) / 1000;
}

/** Prints a line with the machine's load, without which no figure of this bench means anything. */
export function printLoad(what: string): void {
  console.log(`${what} · load ${loadavg()[0]?.toFixed(1)}`);
}
