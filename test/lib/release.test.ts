import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { addCompliancePacks } from '../../bin/compliance-packs.ts';
import { ROLLOUTS } from '../../lib/settings.ts';
import { resourcesOf, type TemplateResource } from '../support/resources.ts';
import { createUnbundledApp, synthesize } from '../support/stacks.ts';

type Templates = ReturnType<typeof synthesize>;

let templates: Templates;
beforeAll(() => {
  templates = synthesize();
});

const of = (type: string, within: Templates = templates): [string, TemplateResource][] =>
  Object.entries(resourcesOf(within, type));
const idsOf = (type: string, within?: Templates): string[] => of(type, within).map(([id]) => id);

/** Ids of the functions' versions, by the function's id. */
function versionsOf(within: Templates): Record<string, string> {
  return Object.fromEntries(
    of('AWS::Lambda::Version', within).map(([id, { Properties }]) => [
      (Properties['FunctionName'] as { Ref: string }).Ref.replace(/[0-9A-F]{8}$/, ''),
      id,
    ]),
  );
}

describe('a function', () => {
  it('is called by its alias, whoever calls it, so that nobody runs new code with old variables', () => {
    const functions = idsOf('AWS::Lambda::Function');
    const callers = [
      'AWS::Lambda::EventSourceMapping',
      'AWS::ApiGatewayV2::Integration',
      'AWS::Events::Rule',
      'AWS::Lambda::Permission',
    ].flatMap((type) => of(type));

    const text = JSON.stringify(callers);
    expect(callers.length).toBeGreaterThan(15);
    expect(functions.filter((id) => text.includes(`"${id}"`))).toEqual([]);
    for (const id of idsOf('AWS::Lambda::Alias')) expect(text, id).toContain(`"${id}"`);
  });

  it('has one alias, which leads to the version that the template publishes', () => {
    const versions = versionsOf(templates);

    expect(Object.keys(versions)).toHaveLength(idsOf('AWS::Lambda::Function').length);
    expect(
      of('AWS::Lambda::Alias').map(([, { Properties }]) => [
        Properties['Name'],
        (Properties['FunctionVersion'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0],
      ]),
    ).toEqual(Object.values(versions).map((id) => ['live', id]));
  });

  it('gets a new version when one of its variables changes, and only then', () => {
    const changed = versionsOf(synthesize({ POSTHORN_RETRY_DELAYS: '1,2,3' }));

    const before = versionsOf(templates);
    expect(Object.keys(before).filter((name) => before[name] !== changed[name])).toEqual(['Sender']);
  });

  it('keeps its versions when the next one takes over, and none of a deployment that failed', () => {
    for (const [id, version] of of('AWS::Lambda::Version')) {
      expect(version, id).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });
});

describe('the setting rollout', () => {
  it('makes nothing of CodeDeploy unless it is asked for', () => {
    expect(idsOf('AWS::CodeDeploy::DeploymentGroup')).toEqual([]);
    for (const [id, alias] of of('AWS::Lambda::Alias')) expect(alias, id).not.toHaveProperty('UpdatePolicy');
  });

  it.each(ROLLOUTS.filter((name) => name !== 'at-once'))('%s shifts every alias by the steps of that name', (name) => {
    const within = synthesize({ POSTHORN_ROLLOUT: name });

    const [, kind, minutes] = /^(canary|linear)-10-percent-(?:every-)?(\d+|)-?minutes?$/.exec(name)!;
    const groups = of('AWS::CodeDeploy::DeploymentGroup', within);
    expect(groups).toHaveLength(idsOf('AWS::Lambda::Alias').length);
    for (const [, { Properties }] of groups) {
      const config = String(Properties['DeploymentConfigName']).toLowerCase();
      expect(config).toMatch(new RegExp(`lambda${kind}10percent(every)?${minutes || '1'}minutes?$`));
    }
    for (const [id, alias] of of('AWS::Lambda::Alias', within)) {
      expect(alias, id).toHaveProperty('UpdatePolicy.CodeDeployLambdaAliasUpdate');
    }
  });

  it('takes a version back when a run fails by that alias, and tells the operators', () => {
    const within = synthesize({ POSTHORN_ROLLOUT: 'canary-10-percent-5-minutes' });

    const alarms = new Map(of('AWS::CloudWatch::Alarm', within));
    for (const [id, { Properties }] of of('AWS::CodeDeploy::DeploymentGroup', within)) {
      const { Alarms } = Properties['AlarmConfiguration'] as { Alarms: { Name: { Ref: string } }[] };
      const alarm = alarms.get(Alarms[0]!.Name.Ref)!.Properties;
      expect(Properties['AutoRollbackConfiguration'], id).toMatchObject({
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'],
      });
      expect(alarm, id).toMatchObject({ MetricName: 'Errors', Threshold: 0, Period: 60, EvaluationPeriods: 1 });
      expect(JSON.stringify(alarm['Dimensions']), id).toMatch(/"Resource".*:live/);
      expect(alarm['AlarmActions'], id).toHaveLength(1);
      expect(alarm['AlarmDescription'], id).toMatch(/docs\/runbook\.md#posthorn-release$/);
    }
    expect(readFileSync('docs/runbook.md', 'utf8')).toMatch(
      /^## posthorn-release\n[^]*?\*\*Description\.\*\*[^]*?\*\*Investigation\.\*\*[^]*?\*\*Resolution\.\*\*/m,
    );
  });

  it('leaves no finding of the compliance packs unexplained', async () => {
    const app = createUnbundledApp({ POSTHORN_ROLLOUT: 'linear-10-percent-every-minute' });
    await addCompliancePacks(app, {});

    expect(() => app.synth()).not.toThrow();
  });
});
