import { describe, expect, it } from 'vitest';
import { downBetween, hanging, healthy } from '../endpoints.ts';
import { Model } from '../model.ts';
import type { ModelOptions } from '../options.ts';
import { drawPicture } from '../picture.ts';

const HOUR_MS = 3_600_000;

function modelOf(options: Partial<ModelOptions> = {}): Model {
  return new Model({ seed: 7, endpoints: (_, chance) => healthy(chance, 300), ...options });
}

/** A burst to 200 endpoints, every twentieth of which hangs. */
function burst(options: Partial<ModelOptions>) {
  const hangs = (subscription: string): boolean => Number(subscription) % 20 === 7;
  const model = modelOf({
    endpoints: (subscription, chance) => (hangs(subscription) ? hanging : healthy(chance, 300)),
    isHealthy: (subscription) => !hangs(subscription),
    senderConcurrency: 1000,
    ...options,
  });
  for (let n = 0; n < 10_000; n++) model.deliver(String(n % 200));
  return model.run(HOUR_MS, 1000);
}

describe('the model', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    expect(burst({ seed: 1 })).toEqual(burst({ seed: 1 }));
    expect(burst({ seed: 2 })).not.toEqual(burst({ seed: 1 }));
  });

  it('delivers every delivery of every event once', () => {
    const model = modelOf();
    for (let n = 0; n < 100; n++) model.accept(`org${n}`, [`${n}/a`, `${n}/b`, `${n}/c`]);
    expect(model.run(HOUR_MS, 1000)).toMatchObject({ delivered: 300, exhausted: 0, held: 0 });
  });

  it('gives a failing endpoint 4 tries over the retry schedule, then exhausts the delivery', () => {
    const model = modelOf({ endpoints: () => () => ({ ms: 50, success: false }) });
    model.deliver('one');
    const summary = model.run(HOUR_MS, 1000);
    expect(summary).toMatchObject({ delivered: 0, exhausted: 1 });
    const tookMs = model.samples.at(-1)!.atMs;
    expect(tookMs).toBeGreaterThan(0.8 * 250_000);
    expect(tookMs).toBeLessThan(1.2 * 250_000 + 2000);
  });

  it('keeps healthy endpoints from waiting for hanging ones with lanes', () => {
    const oneQueue = burst({ lanes: false });
    const lanes = burst({ flagAtOnce: false });
    const atOnce = burst({});
    expect(lanes.p99Seconds).toBeLessThan(oneQueue.p99Seconds);
    expect(atOnce.p99Seconds).toBeLessThan(lanes.p99Seconds);
    expect(atOnce.gbSeconds).toBeLessThan(lanes.gbSeconds);
  });

  it('needs fewer GB-seconds with batches of 100 where all are well, more where some hang: they have four times the memory', () => {
    const well = { endpoints: (_: string, chance: Parameters<ModelOptions['endpoints']>[1]) => healthy(chance, 300) };
    expect(burst({ ...well, senderBatchSize: 100 }).gbSeconds).toBeLessThan(burst(well).gbSeconds);
    expect(burst({ senderBatchSize: 100 }).gbSeconds).toBeGreaterThan(burst({}).gbSeconds);
  });

  it('holds what comes for an endpoint that is down and releases all of it', () => {
    const model = modelOf({
      endpoints: (_, chance) => downBetween(0, HOUR_MS, healthy(chance, 300)),
    });
    for (let n = 0; n < 7200; n++) model.timeline.at(n * 500, () => model.accept('org', ['one']));
    const summary = model.run(2 * HOUR_MS, 1000);
    expect(summary.mostHeld).toBeGreaterThan(6000);
    expect(summary).toMatchObject({ held: 0, unwrittenLogLines: 0 });
    // What failed before the circuit opened had its four tries.
    expect(summary.delivered + summary.exhausted).toBe(7200);
    expect(summary.exhausted).toBeLessThan(200);
  });

  it('lets the delivery log of one subscription slow its senders down to 1,000 lines a second', () => {
    const model = modelOf({ senderConcurrency: 1000, senderBatchSize: 100, warmUnits: 1e6 });
    for (let n = 0; n < 60_000; n++) model.deliver('one');
    const summary = model.run(HOUR_MS, 1000);
    expect(summary.longestLogWaitSeconds).toBeGreaterThan(1);
    expect(summary.delivered).toBe(60_000);
  });
});

describe('the picture', () => {
  it('draws a line for each variant inside its frame, with its name escaped', () => {
    const svg = drawPicture('a < b', 'waiting', [
      {
        name: 'one & two',
        points: [
          [0, 0],
          [50, 730],
          [100, 10],
        ],
      },
      { name: 'three', points: [[0, 5]] },
    ]);
    expect(svg.match(/<polyline/g)).toHaveLength(2);
    expect(svg).toContain('one &amp; two');
    expect(svg).toContain('<title>a &lt; b</title>');
    expect(svg).toContain('points="80,295 410,');
  });
});
