import { beforeAll } from 'vitest';
import { resourcesOf, type TemplateResource } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';

// Settings that are off by default: each as it is without, and with.

export type Templates = ReturnType<typeof synthesize>;
export interface Properties {
  Description?: string;
  SSESpecification: { SSEEnabled?: boolean; KMSMasterKeyId?: unknown };
  Environment: { Variables: Record<string, unknown> };
  [name: string]: unknown;
}

export interface WebAclProperties {
  Scope: string;
  DataProtectionConfig: { DataProtections: unknown[] };
  Rules: {
    Statement: { ManagedRuleGroupStatement?: { Name: string; RuleActionOverrides?: { Name: string }[] } };
  }[];
}

export const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/0f3b1a2c';
export const ALL = {
  POSTHORN_ENCRYPTION: 'own',
  POSTHORN_EGRESS_ZONES: '2',
  POSTHORN_DOMAIN_NAME: 'hooks.example.com',
  POSTHORN_CERTIFICATE_ARN: CERTIFICATE,
  POSTHORN_PERMISSIONS_BOUNDARY: 'engineering-boundary',
  POSTHORN_TAGS: '{"cost-center":"42"}',
};
export const GLOBAL_CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/0f3b1a2c';
export const WEB_ACL =
  'arn:aws:wafv2:us-east-1:123456789012:global/webacl/posthorn/0f3b1a2c-1111-2222-3333-444455556666';
export const BEHIND = {
  POSTHORN_DOMAIN_NAME: 'hooks.example.com',
  POSTHORN_CERTIFICATE_ARN: GLOBAL_CERTIFICATE,
  POSTHORN_WEB_ACL_ARN: WEB_ACL,
};

export let plain: Templates;
export let all: Templates;
/** Templates without any of these settings, and with all that go together. */
export function synthesizeBoth(): void {
  beforeAll(() => {
    plain = synthesize();
    all = synthesize(ALL);
  });
}

export const ofType = (templates: Templates, type: string): TemplateResource[] =>
  Object.values(resourcesOf(templates, type));
export const propertiesOf = (templates: Templates, type: string): Properties[] =>
  ofType(templates, type).map(({ Properties }) => Properties as unknown as Properties);
export const sender = (templates: Templates): Properties =>
  propertiesOf(templates, 'AWS::Lambda::Function').find(({ Description: d }) => d?.startsWith('Sends deliveries'))!;

/** Statements of the policies of a function's role, by the beginning of its logical id. */
export function statementsOf(templates: Templates, stage: string): { Action: string | string[]; Resource: unknown }[] {
  return Object.entries(resourcesOf(templates, 'AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(`${stage}RoleDefaultPolicy`))
    .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: [] }).Statement);
}
