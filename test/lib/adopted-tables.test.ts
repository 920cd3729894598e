import { App, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { addCompliancePacks } from '../../bin/compliance-packs.ts';
import { PosthornTables, type PosthornTablesProps } from '../../lib/posthorn-tables.ts';
import { resourcesOf } from '../support/resources.ts';
import { createUnbundledApp, synthesize } from '../support/stacks.ts';

const STREAM = 'arn:aws:dynamodb:eu-central-1:123456789012:table/restored-subscriptions/stream/2026-11-29T00:00:00.000';
const POSTHORN_ADOPTED_TABLES = JSON.stringify({
  Subscriptions: STREAM,
  ApiKeys: 'PosthornData-ApiKeysTable10D26ED3-ABC',
});

describe('a table that is adopted', () => {
  it('takes the place of a new one, and is no resource of the stack', () => {
    const templates = synthesize({ POSTHORN_ADOPTED_TABLES });

    const made = Object.keys(resourcesOf(templates, 'AWS::DynamoDB::Table')).map((id) => id.replace(/Table.*/, ''));
    expect(made).not.toContain('ApiKeys');
    expect(made).not.toContain('Subscriptions');
    expect(made).toHaveLength(Object.keys(resourcesOf(synthesize(), 'AWS::DynamoDB::Table')).length - 2);
  });

  it('is what functions use, are allowed to use, and follow', () => {
    const { posthorn } = synthesize({ POSTHORN_ADOPTED_TABLES });

    posthorn.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          API_KEYS_TABLE: 'PosthornData-ApiKeysTable10D26ED3-ABC',
          SUBSCRIPTIONS_TABLE: 'restored-subscriptions',
        }),
      },
    });
    posthorn.hasResourceProperties('AWS::Lambda::EventSourceMapping', { EventSourceArn: STREAM });
    posthorn.hasOutput('SubscriptionsTableName', { Value: 'restored-subscriptions' });
    const policies = JSON.stringify(posthorn.findResources('AWS::IAM::Policy'));
    expect(policies).toContain('table/PosthornData-ApiKeysTable10D26ED3-ABC/index/by-id');
    expect(policies).toContain(STREAM);
    expect(JSON.stringify(posthorn.toJSON())).not.toContain('ExportsOutputRefApiKeysTable');
  });

  it('is given by its name, of one whose changes are followed by its stream', () => {
    for (const wrong of ['{"Subscriptions":"a-name"}', `{"ApiKeys":"${STREAM}"}`, '{"apikeys":"abc"}', '[]', 'abc']) {
      expect(() => synthesize({ POSTHORN_ADOPTED_TABLES: wrong }), wrong).toThrow(
        /POSTHORN_ADOPTED_TABLES \(context adoptedTables\): expected a JSON object: a table, .*, got /,
      );
    }
  });

  it.each([
    ['the id of no table', { adoptedTables: { Subscription: STREAM } }, 'adoptedTables of Data/Tables: expected'],
    ['a name for a stream', { adoptedTables: { Subscriptions: 'a-name' } }, 'adoptedTables of Data/Tables: expected'],
    ['a key of nobody', { encryption: 'mine' }, 'encryption of Data/Tables: expected one of: aws-managed, own, aws'],
  ])('is given to a construct of tables rightly: it refuses %s', (_what, props, words) => {
    const make = (): unknown =>
      new PosthornTables(new Stack(new App(), 'Data'), 'Tables', props as PosthornTablesProps);

    expect(make).toThrow(words);
  });

  it('leaves no finding of the compliance packs', async () => {
    const app = createUnbundledApp({ POSTHORN_ADOPTED_TABLES });
    await addCompliancePacks(app, {});

    expect(() => app.synth()).not.toThrow();
  });
});
