import { Validations, type App } from 'aws-cdk-lib';

/**
 * Lets synth fail on every finding of the AwsSolutions and HIPAA packs that lib/ does not acknowledge with a reason,
 * beside the resource. What the packs cannot see is asserted in test/lib/.
 * @param environment with `CDK_VALIDATION=false` (also `cdk synth --no-validation`) the packs stay out, as do CDK's own
 *   checks: the local run deploys nothing and saves four of its five seconds of synth.
 */
export async function addCompliancePacks(
  app: App,
  environment: Record<string, string | undefined> = process.env,
): Promise<void> {
  if (environment['CDK_VALIDATION'] === 'false') return;
  const { AwsSolutionsChecks, HIPAASecurityChecks } = await import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app));
}
