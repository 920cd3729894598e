import { strict as assert } from 'node:assert';
import type { Proof } from './proof.ts';
import { createChance } from '../simulation/random.ts';
import type { OwnPosthorn } from '../../test/support/posthorn.ts';
import { MOST_MATCHES } from './flow/producers.ts';
import { Aim } from './aim.ts';
import { LeftBehind, type Absence } from './flow/left-behind.ts';
import { assertFlow, type FlowReport } from './flow/report.ts';
import { runFlow } from './flow/run.ts';

/** Stages whose processes die; each is a client of the queues and tables, so their connections break with them. */
const STAGES = ['ingest', 'fan-out', 'sender', 'recovery-function', 'statistics', 'subscription-guard', 'api'] as const;
type StageName = (typeof STAGES)[number];

/** Messages that one invocation takes. */
const BATCH = 10;
/** Deliveries between two kills, on average. */
const DELIVERIES_PER_KILL = 100;

/** Part of the kills that each of the moments of {@link Aim} is aimed at, at most, beside those at random. */
const AIMED = 0.05;

/** Seconds between a kill and the next function that works on what was left. */
const LONGEST_ABSENCE = 30;

export interface KillReport extends FlowReport {
  absence: Absence;
  kills: Record<StageName, number>;
  /** Duplicates that so many kills may cause. */
  bound: number;
}

/**
 * Kills processes with signal 9, at random, while events flow.
 * @param deliveries about how many. @param perKill deliveries between two kills, on average.
 * @param isTimed whether what each kill left behind is waited for in real time, some 20 s; else time is skipped, and
 * `absence` says nothing.
 */
export async function kill(
  seed: number,
  deliveries: number,
  { perKill = DELIVERIES_PER_KILL, isTimed = true } = {},
): Promise<KillReport> {
  const chance = createChance(seed ^ 0x6b111);
  const kills = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<StageName, number>;
  // Progress counts an event's acceptance and every request.
  const pause = (): number => chance.between(1, Math.round(3.2 * perKill));
  let next = pause();
  const aim = new Aim(createChance(seed ^ 0xa13), Math.ceil((AIMED * deliveries) / perKill));
  const step = ({ platform }: OwnPosthorn, progress: number): void => {
    const aimed = aim.take();
    if (aimed !== undefined) kills[aimed] += (platform.environments()[aimed] ?? []).filter(killed).length;
    if (progress < next) return;
    const stage = chance.pick(STAGES);
    const pids = platform.environments()[stage] ?? [];
    if (pids.length === 0 || !killed(chance.pick(pids))) return;
    kills[stage] += 1;
    next = progress + pause();
  };
  const leftBehind = new LeftBehind();
  const report = await runFlow(seed, deliveries, {
    step,
    faults: { sqs: leftBehind.listen, dynamoDb: aim.listen },
    watch: leftBehind,
    mustWait: () => isTimed && leftBehind.waits(),
  });
  const { absence } = leftBehind;
  return { ...report, absence, kills, bound: BATCH * kills.sender + BATCH * MOST_MATCHES * kills['fan-out'] };
}

/** @returns whether it was there to be killed. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false; // It has just ended by itself.
  }
}

/** @throws what does not hold. */
export function assertKill(report: KillReport): void {
  assertFlow(report);
  assert.equal(report.overtold, 0, 'exhausted deliveries were told that never were');
  assert.ok(report.duplicates <= report.bound, `${report.duplicates} duplicates, at most ${report.bound} are allowed`);
  // A second end needs what a duplicate needs: a second copy or a second receive.
  assert.ok(report.endedTwice <= report.bound, `${report.endedTwice} ended twice, at most ${report.bound} may`);
}

/** Apart from the rest, because it needs a machine that has time. @throws when a crash cost too much time. */
export function assertAbsence({ absence: { longest } }: KillReport): void {
  assert.ok(longest <= LONGEST_ABSENCE, `${longest} s until somebody went on, at most ${LONGEST_ABSENCE} may pass`);
}

/** `npm run proof -- kill [--count <deliveries>]`. */
export const proof: Proof = {
  onPlatform: true,
  promise:
    'Whatever process is killed, no delivery is lost and none goes astray; what it had in hand is worked on again within 30 s; duplicates are at most the batch of each kill and have the same id and bytes. Statistics equal a scan of the log, ceilings are kept, a purge takes what it is meant to and nothing else, and what organizations are told of their endpoints is so.',
  async run({ seed, count = 101_000 }) {
    const report = await kill(seed, count);
    assertKill(report);
    assertAbsence(report);
    const { kills, violations, absence, ...numbers } = report;
    return {
      ...numbers,
      violations: violations.length,
      kills: Object.values(kills).reduce((sum, one) => sum + one),
      left_behind: absence.left,
      longest_absence_s: absence.longest.toFixed(1),
      killed_before_told: absence.untold,
      kills_by_stage: JSON.stringify(kills),
    };
  },
};
