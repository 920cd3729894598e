import { Stack, Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addCompliancePacks } from '../../bin/compliance-packs.ts';
import { createUnbundledApp } from '../support/stacks.ts';

/** All that `cdk synth` checks, on templates alone. */
async function synth(app: App): Promise<void> {
  await addCompliancePacks(app);
  app.synth();
}

beforeEach(() => vi.stubEnv('CDK_VALIDATION', undefined));
afterEach(() => vi.unstubAllEnvs());

describe('synth', () => {
  it('finds nothing that is not acknowledged', async () => {
    await expect(synth(createUnbundledApp())).resolves.toBeUndefined();
  });

  it('finds nothing with every setting that adds resources, either', async () => {
    const environment = {
      POSTHORN_ENCRYPTION: 'own',
      POSTHORN_EGRESS_ZONES: '2',
      POSTHORN_DOMAIN_NAME: 'hooks.example.com',
      POSTHORN_CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/0f3b1a2c',
    };

    await expect(synth(createUnbundledApp(environment))).resolves.toBeUndefined();
  });

  it('finds nothing with a firewall before the API, either', async () => {
    const environment = {
      POSTHORN_DOMAIN_NAME: 'hooks.example.com',
      POSTHORN_CERTIFICATE_ARN: 'arn:aws:acm:us-east-1:123456789012:certificate/0f3b1a2c',
      POSTHORN_WEB_ACL_ARN: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/posthorn/0f3b1a2c',
      POSTHORN_EDGE_SECRET_NUMBER: '2',
      POSTHORN_FIREWALL_RATE: '3000',
    };

    await expect(synth(createUnbundledApp(environment))).resolves.toBeUndefined();
  });

  describe('of a topic that is not encrypted', () => {
    let failure: Promise<void>;
    beforeAll(async () => {
      const app = createUnbundledApp();
      new Topic(app.node.findChild('Posthorn'), 'Unencrypted');
      vi.stubEnv('CDK_VALIDATION', undefined);
      failure = synth(app);
      await failure.catch(() => undefined);
    });

    it.each(['AwsSolutions-SNS3', 'HIPAA.Security-SNSEncryptedKMS'])('fails on a finding of %s', async (finding) => {
      await expect(failure).rejects.toThrow(finding);
    });
  });

  it('runs without the packs when validation is switched off', async () => {
    vi.stubEnv('CDK_VALIDATION', 'false');
    const app = createUnbundledApp();
    new Topic(app.node.findChild('Posthorn'), 'Unencrypted');

    await expect(synth(app)).resolves.toBeUndefined();
  });
});

describe('what is acknowledged', () => {
  interface Acknowledged {
    at: IConstruct;
    id: string;
    reason: string;
  }
  const acknowledged = (): Acknowledged[] =>
    createUnbundledApp()
      .node.findAll()
      .flatMap((at) =>
        at.node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) =>
            Object.entries(data as Record<string, string>).map(([id, reason]) => ({
              at,
              id: id.replace('Annotation::', ''),
              reason,
            })),
          ),
      );

  it('are these rules and no others', () => {
    const ids = acknowledged().map(({ id }) => id.replace(/<\w+\.Arn>:\*/, '<a function>:*'));

    expect([...new Set(ids)].sort()).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions-IAM5[Resource::<a function>:*]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/restored-*]',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:event-source-mapping:*]',
      'AwsSolutions-SQS3',
      'HIPAA.Security-DynamoDBInBackupPlan',
      'HIPAA.Security-IAMNoInlinePolicy',
      'HIPAA.Security-LambdaConcurrency',
      'HIPAA.Security-LambdaDLQ',
      'HIPAA.Security-LambdaInsideVPC',
    ]);
  });

  it('stands beside the resource with a reason, never on a whole stack', () => {
    for (const { at, id, reason } of acknowledged()) {
      expect(Stack.isStack(at) || at.node.scope === undefined, `${id} on ${at.node.path}`).toBe(false);
      expect(reason.length, `${id} on ${at.node.path}`).toBeGreaterThan(80);
    }
  });
});
