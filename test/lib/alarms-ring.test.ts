import { describe, expect, it } from 'vitest';
import { fedBy, stateAfter, type AlarmProperties, type Period } from '../support/cloudwatch-alarm.ts';
import { resourcesOf } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';

// Each alarm of the stacks, evaluated as CloudWatch does, with its metrics fed by hand.

const alarms = Object.values(resourcesOf(synthesize(), 'AWS::CloudWatch::Alarm'))
  .map(({ Properties }) => Properties as unknown as AlarmProperties)
  .filter(({ TreatMissingData }) => TreatMissingData === 'notBreaching');
const [silent] = Object.values(resourcesOf(synthesize(), 'AWS::CloudWatch::Alarm'))
  .map(({ Properties }) => Properties as unknown as AlarmProperties)
  .filter(({ TreatMissingData }) => TreatMissingData === 'breaching');

const NOTHING: Period = {};
const times = (count: number, period: Period): Period[] => Array.from({ length: count }, () => period);
/** What is just too much, of one metric alone. */
const tooMuch = (alarm: AlarmProperties, metric: string): Period => ({ [metric]: alarm.Threshold + 1 });

describe.each(alarms)('$AlarmName', (alarm) => {
  const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;

  it.each(fedBy(alarm))('rings for too much of %s alone, and is quiet again when that is over', (metric) => {
    const bad = times(needed, tooMuch(alarm, metric));
    const over = times(alarm.EvaluationPeriods, NOTHING);

    expect(stateAfter(alarm, [...over, ...bad])).toBe('ALARM');
    expect(stateAfter(alarm, [...bad, ...over])).toBe('OK');
  });

  it('does not ring at its threshold, for fewer periods than it needs, or for nothing at all', () => {
    const [metric] = fedBy(alarm) as [string];
    const limit: Period = { [metric]: alarm.Threshold };

    expect(stateAfter(alarm, times(alarm.EvaluationPeriods, limit))).toBe('OK');
    expect(stateAfter(alarm, [...times(3, NOTHING), ...times(needed - 1, tooMuch(alarm, metric))])).toBe('OK');
    expect(stateAfter(alarm, [])).toBe('OK');
  });
});

describe('the alarm of silence', () => {
  it('rings after two periods without a run, and is quiet with the first run', () => {
    const [metric] = fedBy(silent!) as [string];
    const run: Period = { [metric]: 1 };

    expect(stateAfter(silent!, [run, NOTHING])).toBe('OK');
    expect(stateAfter(silent!, [run, NOTHING, NOTHING])).toBe('ALARM');
    expect(stateAfter(silent!, [NOTHING, NOTHING, run])).toBe('OK');
  });
});

describe('an alarm that rings until a person comes', () => {
  it('looks at a queue that customers cannot fill: theirs would keep it ringing for weeks, and nothing else would be heard', () => {
    const standing = alarms.filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');

    expect(standing.length).toBeGreaterThan(0);
    for (const { Dimensions } of standing) expect(JSON.stringify(Dimensions)).not.toContain('DeliveriesDeadLetters');
  });
});
