import { describe, expect, it, vi } from 'vitest';
import { createMetrics } from '../../lambdas/runtime/metrics.ts';

function rig() {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    expect(line.endsWith('\n')).toBe(true);
    lines.push(JSON.parse(line) as Record<string, unknown>);
  };
  return { lines, numbers: createMetrics('ingest', { now: () => 1_769_850_900_123, write }) };
}

describe('metrics', () => {
  it('go into the namespace that the stack names', () => {
    const lines: string[] = [];
    vi.stubEnv('METRICS_NAMESPACE', 'Clinic');
    const numbers = createMetrics('ingest', { write: (line) => void lines.push(line) });
    vi.unstubAllEnvs();

    numbers.count('EventsRejected', 1);
    numbers.flush();

    expect(JSON.parse(lines[0]!)).toMatchObject({ _aws: { CloudWatchMetrics: [{ Namespace: 'Clinic' }] } });
  });

  it('writes one line in the embedded metric format', () => {
    const { lines, numbers } = rig();
    numbers.count('EventsRejected', 2);
    numbers.count('EventsRejected', 3);
    numbers.milliseconds('ReadTime', 12);
    numbers.flush();
    expect(lines).toEqual([
      {
        timestamp: '2026-01-31T09:15:00.123Z',
        _aws: {
          Timestamp: 1_769_850_900_123,
          CloudWatchMetrics: [
            {
              Namespace: 'Posthorn',
              Dimensions: [['stage']],
              Metrics: [
                { Name: 'EventsRejected', Unit: 'Count' },
                { Name: 'ReadTime', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
        stage: 'ingest',
        EventsRejected: 5,
        ReadTime: [12],
      },
    ]);
  });

  it('writes nothing when nothing was collected, and starts anew after a flush', () => {
    const { lines, numbers } = rig();
    numbers.flush();
    numbers.count('EventsRejected', 1);
    numbers.flush();
    numbers.flush();
    expect(lines).toHaveLength(1);
  });

  it('hands out what was collected as members of another line, once', () => {
    const { lines, numbers } = rig();
    numbers.count('EventsRejected', 1);

    const taken = numbers.take();
    numbers.flush();

    expect(taken).toMatchObject({ EventsRejected: 1 });
    expect(Object.keys(taken)).toEqual(['_aws', 'EventsRejected']);
    expect(numbers.take()).toEqual({});
    expect(lines).toEqual([]);
  });

  it('spreads more than 100 durations over lines, and counts once', () => {
    const { lines, numbers } = rig();
    numbers.count('Deliveries', 250);
    for (let n = 0; n < 250; n++) numbers.milliseconds('DeliveryTime', n);
    numbers.flush();
    expect(lines.map((line) => (line.DeliveryTime as number[]).length)).toEqual([100, 100, 50]);
    expect(lines.map((line) => line.Deliveries)).toEqual([250, undefined, undefined]);
  });
});
