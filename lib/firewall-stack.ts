import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WebAcl } from './constructs/web-acl.ts';
import { settingsAmong } from './props.ts';
import type { Settings } from './settings.ts';

/** Settings that concern the firewall, see docs/configuration.md; `firewallRate` must be given. */
export type FirewallStackProps = Pick<StackProps, 'description'> &
  Partial<Pick<Settings, 'name' | 'firewallRate' | 'logRetentionDays'>>;

/**
 * The stack of the web ACL before the API, whose output `WebAclArn` is for the setting `webAclArn`. In us-east-1 whatever the
 * region of the others: CloudFront takes no other.
 * @throws one error that names every property that cannot be understood, what was expected and what came.
 */
export class FirewallStack extends Stack {
  constructor(scope: Construct, id: string, { description, ...props }: FirewallStackProps) {
    super(scope, id, { description, env: { region: 'us-east-1' } });
    const { name, firewallRate: rate, logRetentionDays } = settingsAmong(this, props);
    if (rate === 0) {
      throw new Error(`firewallRate of ${this.node.path}: expected requests of one address in five minutes, got 0.`);
    }
    const { arn } = new WebAcl(this, 'Firewall', { name, rate, logRetentionDays });
    new CfnOutput(this, 'WebAclArn', { value: arn });
  }
}
