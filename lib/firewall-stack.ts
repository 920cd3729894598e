import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { WebAcl, type WebAclProps } from './constructs/web-acl.ts';

export interface FirewallStackProps extends WebAclProps, Pick<StackProps, 'description'> {}

/** The stack of the web ACL before the API. In us-east-1 whatever the region of the others: CloudFront takes no other. */
export class FirewallStack extends Stack {
  constructor(scope: Construct, id: string, { description, ...props }: FirewallStackProps) {
    super(scope, id, { description, env: { region: 'us-east-1' } });
    const { arn } = new WebAcl(this, 'Firewall', props);
    new CfnOutput(this, 'WebAclArn', { value: arn });
  }
}
