/** How long calls take: half of them longer than the median, one in a hundred longer than the tail. Milliseconds. */
export interface Latency {
  medianMs: number;
  tailMs: number;
}

/** Standard deviations above the mean that 1 % of a normal distribution lies beyond. */
const Z_99 = 2.3263;

/** Random numbers from 0 up to 1: the same seed gives the same ones (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Times with a long tail to the right, as those of services are: log-normal.
 * @returns draws the next time, milliseconds.
 */
export function latencies({ medianMs, tailMs }: Latency, random: () => number): () => number {
  if (medianMs <= 0) return () => 0;
  const spread = Math.log(Math.max(tailMs / medianMs, 1)) / Z_99;
  return () => {
    // Box-Muller; 1 - x, because 0 has no logarithm.
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return medianMs * Math.exp(spread * normal);
  };
}

/**
 * Delays calls.
 * @param wait tests put a stub here. @default a timer
 * @returns undefined when there is no delay.
 */
export function delayer(
  latency: Latency,
  random: () => number,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): (() => Promise<void>) | undefined {
  if (latency.medianMs <= 0) return undefined;
  const draw = latencies(latency, random);
  return () => wait(draw());
}
