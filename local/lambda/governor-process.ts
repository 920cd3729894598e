import { readdirSync, readFileSync } from 'node:fs';
import { CpuShare } from './cpu-share.ts';
import type { GovernorOrder } from './governor.ts';

// A process of its own: the platform's may itself be short of time, and when it dies, whoever is stopped must die too.

/** How often processes are looked at, milliseconds. */
const TICK_MS = 5;

interface Governed {
  share: number;
  /** Undefined while it loads or has nothing to do: then its time is not counted. */
  account?: CpuShare | undefined;
  frozen: boolean;
  /** Until when it waits for its share, milliseconds. */
  stoppedUntilMs: number;
}

const processes = new Map<number, Governed>();

/** Processor time of all threads, milliseconds; undefined: it is gone. Where there is no /proc, all time counts. */
function usedMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return performance.now();
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const used = threads.map(
      (thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0],
    );
    return used.reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e6, 0);
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    processes.delete(pid);
  }
}

function look(pid: number, governed: Governed): void {
  const { account, frozen, stoppedUntilMs } = governed;
  if (frozen || !account) return;
  const nowMs = performance.now();
  if (stoppedUntilMs > nowMs) return;
  const used = usedMs(pid);
  if (used === undefined) return void processes.delete(pid);
  const waitMs = account.account(used, nowMs);
  if (waitMs > 0 && stoppedUntilMs === 0) signal(pid, 'SIGSTOP');
  if (waitMs === 0 && stoppedUntilMs > 0) signal(pid, 'SIGCONT');
  governed.stoppedUntilMs = waitMs > 0 ? nowMs + waitMs : 0;
}

function obey(order: GovernorOrder): void {
  const { pid } = order;
  if (order.do === 'forget') return void processes.delete(pid);
  if (order.do === 'watch') {
    return void processes.set(pid, { share: order.share, frozen: false, stoppedUntilMs: 0 });
  }
  const governed = processes.get(pid);
  if (!governed) return;
  if (order.do === 'freeze') {
    governed.frozen = true;
    governed.account = undefined;
    signal(pid, 'SIGSTOP');
    return;
  }
  governed.frozen = false;
  governed.stoppedUntilMs = 0;
  if (governed.share > 0) governed.account = new CpuShare(governed.share, usedMs(pid) ?? 0, performance.now());
  signal(pid, 'SIGCONT');
}

process.on('message', obey);
process.on('disconnect', () => {
  for (const pid of processes.keys()) signal(pid, 'SIGKILL');
  process.exit(0);
});
setInterval(() => {
  for (const [pid, governed] of processes) look(pid, governed);
}, TICK_MS);
