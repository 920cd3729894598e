import { fileURLToPath } from 'node:url';
import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface StageFunctionProps {
  /** Folder in lambdas/: `ingest`, `fan-out`, … */
  stage: string;
  description: string;
  timeout: Duration;
  /** MiB; CPU grows with it. */
  memorySize: number;
  logRetentionDays: number;
  environment?: Record<string, string>;
}

/**
 * A stage's function: Node 24 on arm64, one ESM file with the AWS SDK inside, its own log group with an end.
 * Permissions come from the grants of what it uses; it starts with none but writing its own log.
 */
export class StageFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: StageFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own: the one that CDK makes carries AWSLambdaBasicExecutionRole, which may write any log group.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    super(scope, id, {
      entry: `${ROOT}lambdas/${props.stage}/handler.ts`,
      handler: 'handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memorySize,
      logGroup,
      role,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      ...(props.environment ? { environment: props.environment } : {}),
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        mainFields: ['module', 'main'],
        // Pinning a runtime would silently switch to the runtime's own SDK, which is older and slower to load.
        bundleAwsSDK: true,
        // CommonJS dependencies inside an ESM bundle ask for `require`.
        banner: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
      },
    });
  }
}
