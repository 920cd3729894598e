import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { usageOf } from '../support/proc.ts';

const SAMPLE_MS = 250;

/** What a group of processes took. */
export interface Usage {
  cpuMs: number;
  /** Most that all of them together had resident at one time. */
  peakMb: number;
  /** Most of them at one time. */
  processes: number;
}

/** Watches processes by what their command lines hold. Linux only. */
export interface Watch {
  /** Begins to count anew. */
  begin(): void;
  /** By group, since {@link begin}. */
  read(): Record<string, Usage>;
  /** Kills all processes of a group. @returns how many. */
  kill(group: string): number;
  close(): void;
}

interface Seen {
  firstMs: number;
  lastMs: number;
}

/**
 * @param groups a pattern that the command lines of a group's processes have, by the group's name. Each is followed by ` in ` and the
 * folder that it runs in, so that two checkouts of one product can be told.
 */
export function watchProcesses(groups: Record<string, string>): Watch {
  const patterns = Object.entries(groups).map(([name, pattern]) => ({ name, pattern: new RegExp(pattern) }));
  const seen = new Map<string, Map<number, Seen>>();
  const peaks = new Map<string, { mb: number; processes: number }>();
  const sample = (): void => {
    const all = processes();
    for (const { name, pattern } of patterns) {
      const own = all.filter(({ command }) => pattern.test(command));
      const known = seen.get(name) ?? new Map<number, Seen>();
      seen.set(name, known);
      // One that began meanwhile began with nothing.
      for (const { pid, cpuMs } of own)
        known.set(pid, { firstMs: known.get(pid)?.firstMs ?? (begun ? 0 : cpuMs), lastMs: cpuMs });
      const mb = own.reduce((sum, process) => sum + process.mb, 0);
      const peak = peaks.get(name);
      peaks.set(name, { mb: Math.max(mb, peak?.mb ?? 0), processes: Math.max(own.length, peak?.processes ?? 0) });
    }
  };
  let begun = false;
  const timer = setInterval(sample, SAMPLE_MS);
  return {
    begin: () => {
      seen.clear();
      peaks.clear();
      begun = false;
      sample();
      begun = true;
    },
    read: () => {
      sample();
      return Object.fromEntries(
        patterns.map(({ name }) => {
          const each = [...(seen.get(name)?.values() ?? [])];
          const { mb = 0, processes: count = 0 } = peaks.get(name) ?? {};
          const cpuMs = each.reduce((sum, { firstMs, lastMs }) => sum + lastMs - firstMs, 0);
          return [name, { cpuMs, peakMb: mb, processes: count }];
        }),
      );
    },
    kill: (group) => {
      const pattern = new RegExp(groups[group]!);
      const pids = processes().filter(({ command }) => pattern.test(command));
      for (const { pid } of pids) process.kill(pid, 'SIGKILL');
      return pids.length;
    },
    close: () => clearInterval(timer),
  };
}

/** All but those that this one was started through: their command lines hold the patterns. */
function processes(): { pid: number; command: string; cpuMs: number; mb: number }[] {
  const own = ancestors(process.pid);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !own.has(Number(name)))
    .flatMap((name) => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const command = `${line} in ${readlinkSync(`/proc/${name}/cwd`)}`;
        const usage = usageOf(Number(name));
        return usage ? [{ pid: Number(name), command, ...usage }] : [];
      } catch {
        // It has ended, or is another user's.
        return [];
      }
    });
}

/** A process, its parent and so on. */
function ancestors(pid: number): Set<number> {
  const all = new Set<number>();
  for (let one = pid; one > 1 && !all.has(one); one = parentOf(one)) all.add(one);
  return all;
}

function parentOf(pid: number): number {
  try {
    // After the name in brackets: state, then the parent.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
  } catch {
    return 0;
  }
}
