import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../bin/create-app.ts';
import { differences, environmentName, readSettings } from '../../bin/read-settings.ts';
import { DEFAULTS, type Settings } from '../../lib/settings.ts';
import { readCdkJson } from '../../local/template/synth.ts';
import { createUnbundledApp, synthesize, UNBUNDLED } from '../support/stacks.ts';

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

  it.each([
    ['clinicV1StatusCodes', (size: number) => ({ ['w'.repeat(size)]: '1' })],
    ['oidcScopes', (size: number) => ({ ['w'.repeat(size)]: 'admin' })],
  ])('that functions read as a table have at most 1,000 characters as JSON: %s', (name, tableOf) => {
    const read = (size: number): unknown => readSettings((asked) => (asked === name ? tableOf(size) : undefined), {});
    const around = JSON.stringify(tableOf(0)).length;

    expect(() => read(1000 - around)).not.toThrow();
    expect(() => read(1001 - around)).toThrow(`(context ${name}): expected a JSON object of at most 1000 characters: `);
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

describe('the file of an environment', () => {
  const folders: string[] = [];
  afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

  /** Reads the settings with `-c env=prod` when `prod.json` has this text. */
  function read(text: string, context: Record<string, unknown> = {}, env = 'prod'): Settings {
    const folder = mkdtempSync(join(tmpdir(), 'posthorn-environments-'));
    folders.push(folder);
    writeFileSync(join(folder, 'prod.json'), text);
    const all: Record<string, unknown> = { env, ...context };
    return readSettings((name) => all[name], { POSTHORN_DOWN_DAYS: '3', POSTHORN_PROBE_SECONDS: '99' }, folder);
  }

  it('goes before the shell and after the context', () => {
    const settings = read('{ "$schema": "./settings.schema.json", "downDays": 7, "circuitSeconds": 5 }', {
      circuitSeconds: '6',
    });

    expect(settings).toMatchObject({ downDays: 7, circuitSeconds: 6, probeSeconds: 99 });
  });

  it.each([
    ['{ "downDays": "five" }', 'downDays in environments/prod.json: expected a whole number of days from 1 to 30, got'],
    [
      '{ "downdays": 5, "constructor": 1 }',
      'environments/prod.json: downdays, constructor: expected names of settings',
    ],
    ['{ "downDays": 5', 'environments/prod.json: expected JSON, got: '],
    ['[]', 'environments/prod.json: expected an object of settings, got []'],
  ])('is refused with its name and what is wrong: %s', (text, told) => {
    expect(() => read(text)).toThrow(told);
  });

  it.each(['staging', '../prod', ''])('that does not exist stops the synthesis: %j', (env) => {
    expect(() => read('{}', {}, env)).toThrow(
      `-c env=${env}: expected a file environments/${env}.json; there are: prod.`,
    );
  });
});

describe('what differs from the defaults', () => {
  it('is said setting by setting', () => {
    expect(differences({ ...DEFAULTS, downDays: 7, retryDelays: [1, 2, 3] })).toEqual([
      'retryDelays = [1,2,3] (default [10,60,180])',
      'downDays = 7 (default 5)',
    ]);
    expect(differences(DEFAULTS)).toEqual([]);
  });

  it('is printed at synth', () => {
    const app = createUnbundledApp({ POSTHORN_DOWN_DAYS: '7' });

    const told = Annotations.fromStack(app.node.findChild('Posthorn') as Stack).findInfo('*', Match.anyValue());

    expect(told.map(({ entry }) => entry.data)).toEqual([
      'Settings that differ from the defaults: downDays = 7 (default 5).',
    ]);
  });
});

describe('a deployment with the settings of another environment', () => {
  type Condition = { 'Fn::Equals': [{ Ref: string }, string] };
  interface Guarded {
    Parameters: Record<string, { Default: string }>;
    Rules: Record<string, { Assertions: { Assert: { 'Fn::Or': Condition[] }; AssertDescription: string }[] }>;
  }

  /** The template of `-c env=…`, whose file is there. */
  function withEnv(env: string | undefined, stack: string): Guarded {
    const app = apps.get(env) ?? appOf(env);
    apps.set(env, app);
    return Template.fromStack(app.node.findChild(stack) as Stack).toJSON() as unknown as Guarded;
  }

  function appOf(env: string | undefined): App {
    const { context } = readCdkJson(process.cwd());
    const unbundled = { ...context, ...UNBUNDLED, ...(env !== undefined && { env }) };
    return createApp(new App({ context: unbundled, treeMetadata: false }), {}, folder);
  }

  /** As CloudFormation would: it keeps the parameter's first value, and asks the rule of the newer template. */
  function isTaken(deployed: string | undefined, next: string | undefined, stack = 'Posthorn'): boolean {
    const noted = withEnv(deployed, stack).Parameters['Environment']!.Default;
    const [assertion] = withEnv(next, stack).Rules['SameEnvironment']!.Assertions;
    return assertion!.Assert['Fn::Or'].some(({ 'Fn::Equals': [{ Ref }, value] }) => {
      expect(Ref).toBe('Environment');
      return value === noted;
    });
  }

  let folder: string;
  /** By environment; each is synthesized once. */
  const apps = new Map<string | undefined, App>();
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-environments-'));
    for (const env of ['prod', 'staging']) writeFileSync(join(folder, `${env}.json`), '{}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['Posthorn', 'PosthornData'])('is refused by CloudFormation: %s', (stack) => {
    expect(isTaken('prod', 'prod', stack)).toBe(true);
    expect(isTaken('prod', undefined, stack)).toBe(false);
    expect(isTaken('prod', 'staging', stack)).toBe(false);
  });

  it('is taken where none was named before', () => {
    expect(isTaken(undefined, undefined)).toBe(true);
    expect(isTaken(undefined, 'prod')).toBe(true);
  });

  it('says what to do', () => {
    const [assertion] = withEnv('staging', 'Posthorn').Rules['SameEnvironment']!.Assertions;
    const told = assertion!.AssertDescription;

    expect(told).toContain('got staging. Deploy with -c env=');
    expect(told).toContain('--parameters Posthorn:Environment=staging');
  });
});

describe('the name', () => {
  it.each(['2nd', 'Post horn', 'Post_horn', '', 'P'.repeat(41)])('is one that stacks can have, not %j', (name) => {
    expect(() => synthesize({ POSTHORN_NAME: name })).toThrow('POSTHORN_NAME (context name): expected a letter and');
  });

  it('is in everything that is named, so that two live in one account and region', () => {
    const named = (name: string): string[] => {
      const { data, posthorn } = synthesize({ POSTHORN_NAME: name });
      const alarms = Object.values(posthorn.findResources('AWS::CloudWatch::Alarm')) as Named[];
      const dashboards = Object.values(posthorn.findResources('AWS::CloudWatch::Dashboard')) as Named[];
      const exported = Object.values(data.toJSON()['Outputs'] as Record<string, { Export: { Name: string } }>);
      return [
        ...[...alarms, ...dashboards].map(({ Properties: p }) => JSON.stringify(p.AlarmName ?? p.DashboardName)),
        ...exported.map(({ Export }) => Export.Name),
      ];
    };
    const [ours, others] = [named('Posthorn'), named('Clinic')];

    expect(ours.length).toBeGreaterThan(50);
    expect(others).toHaveLength(ours.length);
    expect(others.filter((name) => ours.includes(name))).toEqual([]);
    // A function that nobody gave a name gets one from AWS that begins with the stack's.
    const { posthorn } = synthesize({ POSTHORN_NAME: 'Clinic' });
    const whole = JSON.stringify(posthorn.toJSON());
    expect(whole).not.toMatch(/PosthornData|(?<!runbook\.md#)posthorn-/);
    expect(whole).toContain('"METRICS_NAMESPACE":"Clinic"');
    expect(whole).not.toContain('"Namespace":"Posthorn"');
  });

  it('leaves the dashboard, which is global to an account, to one region', () => {
    synthesize().posthorn.hasResourceProperties('AWS::CloudWatch::Dashboard', {
      DashboardName: { 'Fn::Join': ['', ['posthorn-', { Ref: 'AWS::Region' }]] },
    });
  });
});

interface Named {
  Properties: { AlarmName?: unknown; DashboardName?: unknown };
}
