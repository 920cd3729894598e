import { Duration, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
  type ILambdaDeploymentConfig,
} from 'aws-cdk-lib/aws-codedeploy';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { RolloutName } from '../settings.ts';
import type { Operations } from './operations.ts';

/** CodeDeploy's own steps, by the setting. */
const STEPS: Record<RolloutName, ILambdaDeploymentConfig | undefined> = {
  'at-once': undefined,
  'canary-10-percent-5-minutes': LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  'canary-10-percent-10-minutes': LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
  'canary-10-percent-15-minutes': LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
  'canary-10-percent-30-minutes': LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES,
  'linear-10-percent-every-minute': LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
  'linear-10-percent-every-2-minutes': LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES,
  'linear-10-percent-every-3-minutes': LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES,
  'linear-10-percent-every-10-minutes': LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_10MINUTES,
};

/** CodeDeploy looks at alarms while it shifts; the shortest step is a minute. */
const PERIOD = Duration.minutes(1);

export interface RolloutProps {
  name: RolloutName;
  /** Hears the alarms that take a new version back. */
  operations: Operations;
}

/**
 * Shifts the calls of each function to its new version in steps, and rolls back when one of its runs fails in that
 * time. With `at-once` none of this exists: CloudFormation points the alias to the new version.
 */
export class Rollout extends Construct {
  private readonly props: RolloutProps;
  private made: { application: LambdaApplication; role: Role } | undefined;

  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id);
    this.props = props;
  }

  /** @param stage its name in the alarm: `posthorn-<stage>-release`. */
  of(alias: Alias, stage: string): void {
    const deploymentConfig = STEPS[this.props.name];
    if (deploymentConfig === undefined) return;
    this.made ??= { application: new LambdaApplication(this, 'Application'), role: this.newRole() };
    new LambdaDeploymentGroup(this, stage, {
      ...this.made,
      alias,
      deploymentConfig,
      alarms: [this.alarm(alias, stage)],
    });
  }

  /** Runs by the alias alone: both versions count, since a new one may also break what the old one reads. */
  private alarm(alias: Alias, stage: string): Alarm {
    return this.props.operations.alarm(alias, 'ReleaseAlarm', {
      name: `${stage}-release`,
      section: 'release',
      description: `A run of the ${stage} function failed; a version that is being rolled out is rolled back.`,
      metric: alias.metricErrors({ period: PERIOD }),
      above: 0,
    });
  }

  private newRole(): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason:
        'AWS keeps this policy in step with what CodeDeploy calls to shift an alias. It may change aliases and look at alarms; it can neither change code nor read data.',
    });
    return role;
  }
}
