import { latencies, seeded, type Latency } from '../../local/like-aws/latency.ts';
import { AWS, type LikeAws } from '../../local/like-aws/numbers.ts';

/** How long calls of AWS and its processors take, milliseconds: by the numbers of the local run (local/like-aws/numbers.ts). */
export interface Costs {
  /** @param calls at the same time: the longest of them. @default 1 */
  sqsMs: (calls?: number) => number;
  dynamoDbMs: (calls?: number) => number;
  /** Until a new environment is there; what it loads comes on top. */
  coldStartMs: () => number;
  /** What so much of a whole processor takes a function with so much memory. */
  onShare: (cpuMs: number, memoryMb: number) => number;
}

/** Times that differ from call to call, and are the same in every run with this seed. */
export function costsOf(seed: number, numbers: LikeAws = AWS): Costs {
  // Each draws from a source of its own, so that more calls of one do not change what the others take.
  const longestOf = (latency: Latency, of: number): ((calls?: number) => number) => {
    const draw = latencies(latency, seeded(seed + of));
    return (calls = 1) => {
      let longest = 0;
      for (let n = 0; n < calls; n++) longest = Math.max(longest, draw());
      return longest;
    };
  };
  const coldStart = latencies(
    { medianMs: numbers.coldStartMedianMs, tailMs: numbers.coldStartTailMs },
    seeded(seed + 3),
  );
  return {
    sqsMs: longestOf({ medianMs: numbers.sqsMedianMs, tailMs: numbers.sqsTailMs }, 1),
    dynamoDbMs: longestOf({ medianMs: numbers.dynamoDbMedianMs, tailMs: numbers.dynamoDbTailMs }, 2),
    coldStartMs: coldStart,
    onShare: (cpuMs, memoryMb) => {
      const share = numbers.vcpuMemoryMb > 0 ? memoryMb / numbers.vcpuMemoryMb : 1;
      return cpuMs / Math.min(share, 1);
    },
  };
}
