import { describe, expect, it } from 'vitest';
import { environmentName, readSettings } from '../../bin/read-settings.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import { synthesize } from '../support/stacks.ts';

const nothing = (): undefined => undefined;

describe('deploy-time settings', () => {
  it('are the defaults when nobody says otherwise', () => {
    expect(readSettings(nothing, {})).toEqual(DEFAULTS);
  });

  it('come from the environment under the names that operators are told', () => {
    expect(environmentName('retryDelays')).toBe('POSTHORN_RETRY_DELAYS');
    expect(environmentName('clinicV1Sunset')).toBe('POSTHORN_CLINIC_V1_SUNSET');
    expect(
      readSettings(nothing, {
        POSTHORN_RETRY_DELAYS: '1, 2,3',
        POSTHORN_CIRCUIT_FAILURES: '5',
        POSTHORN_ALLOW_HTTP: 'true',
        POSTHORN_CLINIC_V1_SUNSET: '2027-06-30',
      }),
    ).toMatchObject({ retryDelays: [1, 2, 3], circuitFailures: 5, allowHttp: true, clinicV1Sunset: '2027-06-30' });
  });

  it('come from the CDK context first', () => {
    const context = (name: string): unknown => (name === 'probeSeconds' ? '90' : undefined);

    expect(readSettings(context, { POSTHORN_PROBE_SECONDS: '61' }).probeSeconds).toBe(90);
  });

  it('may be numbers, lists and objects in cdk.json', () => {
    const json = { retryDelays: [10, 60, 180], probeSeconds: 90, allowHttp: true, clinicV1StatusCodes: { done: 60 } };

    expect(readSettings((name) => (json as Record<string, unknown>)[name], {})).toEqual({
      ...DEFAULTS,
      ...json,
      clinicV1StatusCodes: { done: '60' },
    });
  });

  it.each([
    ['retryDelays', [10, 60], '[10,60]'],
    ['retryDelays', [10, 60, '3 minutes'], '[10,60,"3 minutes"]'],
    ['retryDelays', { first: 10 }, '{"first":10}'],
    ['probeSeconds', [90], '[90]'],
    ['allowHttp', 'yes', '"yes"'],
    ['clinicV1StatusCodes', ['40'], '["40"]'],
    ['clinicV1StatusCodes', { cancelled: 'forty' }, '{"cancelled":"forty"}'],
    ['clinicV1StatusCodes', '[]', '"[]"'],
  ])('are refused in cdk.json when they cannot be understood: %s %j', (name, given, got) => {
    const read = (): unknown => readSettings((asked) => (asked === name ? given : undefined), {});

    expect(read).toThrow(`(context ${name}): expected `);
    expect(read).toThrow(`, got ${got}`);
  });

  it('are refused together, each with what was expected and what came', () => {
    const read = (): unknown =>
      readSettings(nothing, {
        POSTHORN_RETRY_DELAYS: '10,60',
        POSTHORN_DOWN_DAYS: 'five',
        POSTHORN_ALARM_EMAIL: 'on call',
      });

    expect(read).toThrow(/POSTHORN_RETRY_DELAYS .*expected three whole numbers.*got "10,60"/);
    expect(read).toThrow(/POSTHORN_ALARM_EMAIL .*expected an e-mail address, or nothing, got "on call"/);
    expect(read).toThrow(/POSTHORN_DOWN_DAYS .*expected a whole number of days from 1 to 30, got "five"/);
  });

  it('reach the functions through the template', () => {
    const { posthorn } = synthesize({ POSTHORN_RETRY_DELAYS: '1,2,3' });

    posthorn.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { RETRY_DELAYS: '1,2,3' } } });
  });
});
