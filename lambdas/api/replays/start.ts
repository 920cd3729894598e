import type { Principal } from '../../domain/api-key.ts';
import { DEFAULT_RATE, EVERY, type Replay, type ReplayQuery } from '../../domain/delivery/replay.ts';
import { Problem } from '../../domain/problem.ts';
import type { QuotaStore } from '../../stores/quotas.ts';
import type { ReplayStore } from '../../stores/replays.ts';
import type { Auditor } from '../audit/audit.ts';
import type { CountRepeats } from '../deliveries/repeats.ts';

export interface StartDeps {
  replays: Pick<ReplayStore, 'create' | 'get'>;
  /** Asks recovery for the first page of a replay that is written down next. @returns false when SQS did not take it. */
  startReplay(id: string, organization: string, askedMs: number): Promise<boolean>;
  /** Whose replays run. */
  quotas: Pick<QuotaStore, 'take' | 'free'>;
  repeats: CountRepeats;
  /** Replays of one organization that run at the same time, at most; those of all organizations count as one's. */
  most(): number;
  record: Auditor;
  newReplayId(): string;
  now(): number;
}

/** A replay runs for a week at most. */
const LONGEST_JOB_SECONDS = 8 * 86_400;
/** After which one of the running replays may have ended. */
const BUSY_SECONDS = 60;

/**
 * Begins a replay.
 * @param estimate deliveries that were counted. @param chosen these, see `ReplayStore.chosen`.
 * @throws Problem rate-limited, unavailable.
 */
export async function startReplay(
  query: ReplayQuery,
  {
    estimate,
    rate = DEFAULT_RATE,
    chosen,
  }: { estimate: number; rate?: number | undefined; chosen?: readonly string[] },
  principal: Principal,
  deps: StartDeps,
): Promise<Replay> {
  const { replays, quotas, most } = deps;
  const { organization } = query;
  const created_ms = deps.now();
  const id = deps.newReplayId();
  const progress = { queued: 0, done: 0, failed: 0, step: -1, stepped_ms: created_ms };
  const replay: Replay = { ...query, id, state: 'running', created_ms, rate, estimate, ...progress };
  if (chosen) replay.chosen = chosen.length;
  const isOver = async (other: string): Promise<boolean> => (await replays.get(other))?.state !== 'running';
  if (!(await quotas.take(`jobs#${organization}`, id, { places: most(), seconds: LONGEST_JOB_SECONDS, isOver }))) {
    throw new Problem(
      'rate-limited',
      `Expected at most ${most()} replays of one organization at a time. Wait for one to end, or cancel one.`,
      { retryAfterSeconds: BUSY_SECONDS },
    );
  }
  await deps.repeats(principal, chosen?.length ?? estimate);
  const of = organization === EVERY ? {} : { organization };
  await deps.record(principal, { action: 'replay.started', type: 'replay', id, ...of });
  // The message first: a replay without one would run for ever and keep its place, a message without a replay ends.
  if (!(await deps.startReplay(id, organization, deps.now())))
    throw new Problem('unavailable', 'The replay could not be started. Try again in a moment.');
  await replays.create(replay, chosen);
  return replay;
}
