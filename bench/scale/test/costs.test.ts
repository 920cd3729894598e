import { describe, expect, it } from 'vitest';
import { AWS } from '../../../local/like-aws/numbers.ts';
import { costsOf } from '../costs.ts';
import { Environment, Environments } from '../environments.ts';

const share = (times: readonly number[], beyond: number): number =>
  times.filter((ms) => ms > beyond).length / times.length;

describe('what calls cost', () => {
  it("has the local run's medians and tails", () => {
    const { sqsMs, dynamoDbMs } = costsOf(1);
    const draws = (draw: () => number): number[] => Array.from({ length: 20_000 }, () => draw());
    for (const [times, medianMs, tailMs] of [
      [draws(sqsMs), AWS.sqsMedianMs, AWS.sqsTailMs],
      [draws(dynamoDbMs), AWS.dynamoDbMedianMs, AWS.dynamoDbTailMs],
    ] as const) {
      expect(share(times, medianMs)).toBeCloseTo(0.5, 1);
      expect(share(times, tailMs)).toBeCloseTo(0.01, 2);
    }
  });

  it('takes the longest of calls at the same time', () => {
    const one = costsOf(5);
    const four = costsOf(5);
    const each = Array.from({ length: 4 }, () => one.sqsMs());
    expect(four.sqsMs(4)).toBe(Math.max(...each));
  });

  it('gives a function the share of a processor that its memory buys, and never more than one', () => {
    const { onShare } = costsOf(1);
    expect(onShare(10, 256)).toBeCloseTo((10 * 1769) / 256, 5);
    expect(onShare(10, 10_240)).toBe(10);
  });
});

describe('environments', () => {
  const environments = (): Environments => new Environments(costsOf(1), 1769, { loadMs: 100, firstMs: 50 });

  it('begin when all others are busy, which takes its time, and are used again', () => {
    const pool = environments();
    const first = pool.take();
    const second = pool.take();
    pool.give(second.environment);
    const third = pool.take();
    expect(first.coldMs).toBeGreaterThan(150);
    expect(third).toEqual({ environment: second.environment, coldMs: 0 });
    expect(pool.begun).toBe(2);
  });

  it('keep connections for 4 s, 20 to a server', () => {
    const environment = new Environment();
    const servers = Array.from({ length: 30 }, () => 'a');
    expect(environment.connect(servers, 0)).toBe(20);
    environment.rest(servers, 300);
    expect(environment.connect(['a', 'a', 'b'], 4000)).toBe(1);
    environment.rest(['a', 'b'], 4100);
    expect(environment.connect(['a'], 9000)).toBe(1);
  });

  it('keep no more than 128, those used last', () => {
    const environment = new Environment();
    const servers = Array.from({ length: 200 }, (_, n) => `s${n}`);
    environment.connect(servers, 0);
    environment.rest(servers, 100);
    expect(environment.connect(servers.slice(-128), 200)).toBe(0);
    expect(environment.connect(['s0'], 200)).toBe(1);
  });
});
