import { z } from 'zod';
import type { App } from '../template/app.ts';
import { ignored } from '../template/scalars.ts';
import { awsManagedPolicy } from './aws-managed-policies.ts';
import { readPolicy } from './policy.ts';
import type { Statement } from './policy.ts';

/** A role of the template with everything that its policies say. */
export interface Role {
  name: string;
  arn: string;
  statements: Statement[];
}

const document = z.looseObject({ Statement: z.unknown() });
const inline = z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: document }));
const roleSchema = z.strictObject({
  AssumeRolePolicyDocument: ignored,
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: inline.default([]),
  RoleName: z.string().optional(),
  Description: ignored,
  Tags: ignored,
  MaxSessionDuration: ignored,
  Path: ignored,
});
const policySchema = z.strictObject({
  PolicyName: z.string().optional(),
  ManagedPolicyName: z.string().optional(),
  PolicyDocument: document,
  Roles: z.array(z.string()).default([]),
  Users: ignored,
  Groups: ignored,
  Description: ignored,
  Path: ignored,
});

/** All roles, by ARN, with inline policies, attached policies and managed policies put together. */
export function readRoles(app: App): Map<string, Role> {
  const attached = app.ofType('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').map((r) => {
    const { PolicyDocument, Roles } = r.properties(policySchema);
    return { arn: r.identity.arn, roles: Roles, statements: readPolicy(PolicyDocument) };
  });
  const managed = new Map(attached.map((p) => [p.arn, p.statements]));
  const roles = app.ofType('AWS::IAM::Role').map((r): [string, Role] => {
    const { ManagedPolicyArns, Policies } = r.properties(roleSchema);
    const { name, arn } = r.identity;
    const statements = [
      ...Policies.flatMap((p) => readPolicy(p.PolicyDocument)),
      ...ManagedPolicyArns.flatMap((p) => managed.get(p) ?? awsManagedPolicy(p)),
      ...attached.filter((p) => p.roles.includes(name)).flatMap((p) => p.statements),
    ];
    return [arn, { name, arn, statements }];
  });
  return new Map(roles);
}

const queuePolicySchema = z.strictObject({ Queues: z.array(z.string()), PolicyDocument: document });

/** Statements of queue policies, by queue ARN. */
export function readQueuePolicies(app: App): Map<string, Statement[]> {
  const arnByUrl = new Map(app.ofType('AWS::SQS::Queue').map((q) => [q.identity.ref, q.identity.arn]));
  const policies = new Map<string, Statement[]>();
  for (const resource of app.ofType('AWS::SQS::QueuePolicy')) {
    const { Queues, PolicyDocument } = resource.properties(queuePolicySchema);
    for (const url of Queues) {
      const arn = arnByUrl.get(url);
      if (!arn) throw new Error(`${resource.logicalId}: the queue policy names ${url}, which is no queue of this app.`);
      policies.set(arn, [...(policies.get(arn) ?? []), ...readPolicy(PolicyDocument)]);
    }
  }
  return policies;
}
