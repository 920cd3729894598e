/** One of the things that are compared. */
export interface Contender {
  name: string;
  /** Deliveries, messages or events in one call of `run`. */
  units: number;
  run(): Promise<unknown>;
}

/** CPU of each contender, µs per unit, one number per round. */
export type Measured = Record<string, number[]>;

export interface RoundOptions {
  /** @default 7 */
  rounds?: number;
  /** Units that each contender does in a round, at least. */
  unitsPerRound: number;
  /** Units that each contender does before anything counts. @default twice a round's */
  warmUp?: number;
}

/**
 * Runs the contenders in turn, round by round in one process, so that the machine's noise hits all of them alike. CPU time
 * of the whole process counts, garbage collection and compiler included; each contender starts with a clean heap.
 */
export async function measureRounds(
  contenders: readonly Contender[],
  { rounds = 7, unitsPerRound, warmUp = 2 * unitsPerRound }: RoundOptions,
): Promise<Measured> {
  for (const contender of contenders) await runUnits(contender, warmUp);
  const measured: Measured = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // Every other round backwards: none always comes after the same neighbour.
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) {
      // Idle connections of a contender that waited for its turn are gone: making them again is not what is measured.
      await contender.run();
      globalThis.gc?.();
      const before = process.cpuUsage();
      const units = await runUnits(contender, unitsPerRound);
      const { user, system } = process.cpuUsage(before);
      measured[contender.name]!.push((user + system) / units);
    }
  }
  return measured;
}

async function runUnits({ run, units }: Contender, wanted: number): Promise<number> {
  let done = 0;
  while (done < wanted) {
    await run();
    done += units;
  }
  return done;
}

/** The middle of some numbers; of an even count, the mean of the two in the middle; of none, NaN. */
export function median(numbers: readonly number[]): number {
  if (numbers.length === 0) return NaN;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median of the ratios of each round, not ratio of the medians: a noisy moment hits both parts of one ratio. */
export function ratio(measured: Measured, of: string, to: string): number {
  return median(measured[of]!.map((value, round) => value / measured[to]![round]!));
}
