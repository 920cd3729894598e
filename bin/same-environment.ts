import { CfnParameter, CfnRule, Fn, type Stack } from 'aws-cdk-lib';

/** What is noted of a stack whose settings come from no file of an environment. */
const NONE = 'none';
/** Name of the parameter that keeps it. */
const PARAMETER = 'Environment';

/**
 * Lets CloudFormation refuse a deployment with other settings than the stack's: without `-c env=prod`, or with another
 * environment's, every setting of its file would go back to its default. What the stack was deployed with is kept by a parameter:
 * a default counts when the parameter comes to be, and afterwards CDK hands on what is there.
 * @param env as `-c env=…` says it; undefined: nobody said one.
 */
export function keepEnvironment(stack: Stack, env: unknown): void {
  const now = typeof env === 'string' ? env : NONE;
  const { valueAsString: noted } = new CfnParameter(stack, PARAMETER, {
    default: now,
    description: 'Whose settings it was deployed with: -c env=…',
  });
  new CfnRule(stack, 'SameEnvironment', {
    assertions: [
      {
        assert: Fn.conditionOr(Fn.conditionEquals(noted, now), Fn.conditionEquals(noted, NONE)),
        assertDescription:
          `Expected the environment whose settings this stack was deployed with (parameter ${PARAMETER} of ${stack.stackName}), got ${now}. ` +
          `Deploy with -c env=<that one>; to change it on purpose add --parameters ${stack.stackName}:${PARAMETER}=${now}`,
      },
    ],
  });
}
