import { keepAlive, SILENT_MS } from './connection.ts';
import type { Input, Outcome, Send } from './input.ts';
import type { InputMaker } from './make-input.ts';

export interface FuzzReport {
  inputs: number;
  /** Outcomes by their status. */
  statuses: Record<string, number>;
  /** Longest time from the last byte sent to the end of the answer, without what the request asked to wait. */
  slowestMs: number;
  /** Inputs that took longer than {@link HANG_MS} among others, and not when they were sent once more, alone. */
  slowOnce: string[];
  /** Unhandled rejections, 5xx answers, hangs, connections closed without an answer, in words. */
  violations: string[];
}

/** An input whose answer takes longer than this hangs. */
export const HANG_MS = 1000;
/** Inputs after which all connections are idle for a moment, in which those that were bad are sent again; or these many bad. */
const PIECE = 5000;
const MOST_SUSPECTS = 20;
/** More say nothing new. */
const MOST_VIOLATIONS = 20;

/** Where inputs come from and go to. */
export interface FuzzOptions {
  maker: InputMaker;
  /** One for each connection. */
  sends: readonly Send[];
  /** Is told every input and what came of it. */
  learn?: (input: Input, outcome: Outcome) => void;
  /** An input as it can be printed. */
  show: (input: Input) => string;
  /** What else went wrong since the last call. */
  otherViolations?: () => string[];
  /** Of the first input; the others follow. */
  seed: number;
  count: number;
}

export const emptyReport = (): FuzzReport => ({ inputs: 0, statuses: {}, slowestMs: 0, slowOnce: [], violations: [] });

/** Seeds are what `--seed` takes: the input of each can be made alone by `--seed <its seed> --count 1`. */
export const seedOf = (seed: number, n: number): number => (seed + n) % 1_000_000_000;

/** Sends `count` inputs over all connections at once. @param report is added to. */
export async function fuzz(options: FuzzOptions, report = emptyReport()): Promise<FuzzReport> {
  const rejected = (error: unknown): void => void report.violations.push(`unhandled rejection: ${String(error)}`);
  process.on('unhandledRejection', rejected);
  try {
    for (let next = 0; next < options.count && report.violations.length < MOST_VIOLATIONS;) {
      const until = Math.min(options.count, next + PIECE);
      const suspects: Suspect[] = [];
      const seeds = (): number | undefined =>
        next < until && suspects.length < MOST_SUSPECTS ? seedOf(options.seed, next++) : undefined;
      await Promise.all(options.sends.map((send) => sendAll(send, seeds, suspects, options, report)));
      for (const suspect of suspects) await judgeAlone(suspect, options, report);
    }
  } finally {
    process.off('unhandledRejection', rejected);
  }
  return report;
}

interface Suspect {
  seed: number;
  input: Input;
  problem: string;
}

/** Sends one input after the other over one connection. */
async function sendAll(
  send: Send,
  next: () => number | undefined,
  suspects: Suspect[],
  { maker, learn, otherViolations = () => [] }: FuzzOptions,
  report: FuzzReport,
): Promise<void> {
  for (let seed = next(); seed !== undefined; seed = next()) {
    const input = maker.make(seed);
    const outcome = await send(input);
    note(report, input, outcome);
    learn?.(input, outcome);
    const problem = problemOf(input, outcome);
    if (problem !== undefined) suspects.push({ seed, input, problem });
    for (const other of otherViolations()) report.violations.push(`${other}: at about --seed ${seed}`);
  }
}

/** Sends what was bad once more, with nothing beside it: other programs on this machine can make an answer late. */
async function judgeAlone({ seed, input, problem }: Suspect, options: FuzzOptions, report: FuzzReport): Promise<void> {
  const { maker, sends, show } = options;
  const repeats = async (one: Input): Promise<boolean> => problemOf(one, await sends[0]!(one)) !== undefined;
  const words = `${problem}: --seed ${seed} --count 1: `;
  if (problem.startsWith('slow') && !(await repeats(input))) report.slowOnce.push(words + show(input));
  else report.violations.push(words + show((input.shrinks && (await maker.shrink(seed, repeats))) || input));
}

/** @returns what is wrong with an outcome; undefined: nothing. */
function problemOf({ way, askedMs }: Input, { status, wallMs, body }: Outcome): string | undefined {
  if (typeof status === 'number' && status >= 500) return `status ${status} ${body.slice(0, 200)}`;
  if (status === 'closed' && way !== 'broken') return 'closed without an answer';
  if (status === 'silent') return `slow, no answer in ${SILENT_MS} ms`;
  if (wallMs - askedMs > HANG_MS) return `slow, ${Math.round(wallMs)} ms`;
  return undefined;
}

function note(report: FuzzReport, { askedMs }: Input, { status, wallMs }: Outcome): void {
  report.inputs += 1;
  report.statuses[status] = (report.statuses[status] ?? 0) + 1;
  report.slowestMs = Math.max(report.slowestMs, Math.round(wallMs - askedMs));
}

/** Connections of a client that has many. */
export function connections(port: number, count: number): { sends: Send[]; close(): void } {
  const all = Array.from({ length: count }, () => keepAlive(port));
  return { sends: all.map(({ send }) => send), close: () => all.forEach((one) => one.close()) };
}
