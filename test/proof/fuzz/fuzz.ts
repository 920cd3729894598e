import * as fc from 'fast-check';
import { JSON_CASES } from '../corpora/json-cases.ts';
import { NAUGHTY } from '../corpora/naughty.ts';
import type { Input, Outcome, Send } from './client.ts';

export interface FuzzReport {
  inputs: number;
  /** Answers by their status. */
  statuses: Record<string, number>;
  slowestMs: number;
  /** Most CPU time of one input, milliseconds: time that passes while other programs run is not counted. */
  mostCpuMs: number;
  /** Unhandled rejections, 5xx answers and hangs, in words. */
  violations: string[];
}

/** An input that keeps the processor busy for longer than this hangs. */
const HANG_CPU_MS = 1000;
/** An input without an answer after this time hangs, however busy the machine is. */
const HANG_MS = 20_000;
/** Inputs that are made at a time. */
const PIECE = 500;

/**
 * Sends inputs one after the other.
 * @param next makes inputs from a seed. @returns what came of them.
 */
export async function fuzz(
  send: Send,
  arbitrary: fc.Arbitrary<Input>,
  { seed, count }: { seed: number; count: number },
): Promise<FuzzReport> {
  const report: FuzzReport = { inputs: 0, statuses: {}, slowestMs: 0, mostCpuMs: 0, violations: [] };
  const rejected = (error: unknown): void => void report.violations.push(`unhandled rejection: ${String(error)}`);
  process.on('unhandledRejection', rejected);
  try {
    for (let piece = 0; report.inputs < count; piece++) {
      const numRuns = Math.min(PIECE, count - report.inputs);
      for (const input of fc.sample(arbitrary, { seed: seed + piece, numRuns }))
        note(report, input, await answer(send, input));
    }
  } finally {
    process.off('unhandledRejection', rejected);
  }
  return report;
}

async function answer(send: Send, input: Input): Promise<Outcome | string> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<string>((resolve) => (timer = setTimeout(resolve, HANG_MS, `no answer in ${HANG_MS} ms`)));
  try {
    return await Promise.race([send(input).catch((error: unknown) => `threw ${String(error)}`), hang]);
  } finally {
    clearTimeout(timer);
  }
}

function note(report: FuzzReport, input: Input, outcome: Outcome | string): void {
  report.inputs += 1;
  const blame = (what: string): void => {
    const { method, path, headers, body } = input;
    const { authorization: _, ...shown } = headers;
    report.violations.push(`${what}: ${method} ${path} ${JSON.stringify(shown)} ${body?.toString('base64') ?? ''}`);
  };
  if (typeof outcome === 'string') return blame(outcome);
  const { status, wallMs, cpuMs } = outcome;
  report.statuses[status] = (report.statuses[status] ?? 0) + 1;
  report.slowestMs = Math.max(report.slowestMs, Math.round(wallMs));
  report.mostCpuMs = Math.max(report.mostCpuMs, Math.round(cpuMs));
  if (status >= 500) blame(`status ${status}`);
  if (cpuMs > HANG_CPU_MS) blame(`${Math.round(cpuMs)} ms of CPU`);
}

/** An event around a piece of JSON. */
export const eventAround = (value: Buffer): Buffer =>
  Buffer.concat([Buffer.from('{"organization":"org_1","type":"visit.ended","data":{"v":'), value, Buffer.from('}}')]);

/**
 * Posts every file of the corpora as a value in `data` and, if it is JSON's, as the whole body.
 * @returns what differs from the verdict that is stated for it.
 */
export async function judgeCorpora(send: Send, producer: string): Promise<string[]> {
  const wrong: string[] = [];
  const post = async (name: string, body: Buffer, expected: 'accepted' | 'refused'): Promise<void> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${producer}` };
    const { status } = await send({ method: 'POST', path: '/v1/events', headers, body });
    const became = status === 202 ? 'accepted' : status >= 400 && status < 500 ? 'refused' : `answered with ${status}`;
    if (became !== expected) wrong.push(`${name}: expected to be ${expected}, was ${became}`);
  };
  for (const { name, bytes, verdict } of JSON_CASES) {
    await post(`${name} in data`, eventAround(bytes), verdict);
    await post(`${name} as the body`, bytes, 'refused');
  }
  for (const [n, text] of NAUGHTY.entries()) {
    await post(`naughty string ${n}`, eventAround(Buffer.from(JSON.stringify(text))), 'accepted');
  }
  return wrong;
}
