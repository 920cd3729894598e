import { z } from 'zod';
import type { App, Resource } from '../template/app.ts';
import { ignored, numberLike } from '../template/scalars.ts';
import { readAliases, type AliasDescription } from './read-aliases.ts';

const functionSchema = z.strictObject({
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Role: z.string(),
  Handler: z.string(),
  Runtime: z.literal('nodejs24.x'),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  Timeout: numberLike.default(3),
  MemorySize: numberLike.default(128),
  ReservedConcurrentExecutions: numberLike.optional(),
  FunctionName: z.string().optional(),
  Architectures: ignored,
  Description: ignored,
  EphemeralStorage: ignored,
  KmsKeyArn: ignored,
  LoggingConfig: ignored,
  RecursiveLoop: ignored,
  Tags: ignored,
  TracingConfig: ignored,
  VpcConfig: ignored,
});

/** A function as the template describes it. */
export interface FunctionDescription {
  resource: Resource;
  /** What logs and people call it, e.g. `fan-out`: from the path of its construct. */
  shortName: string;
  /** Physical name. */
  name: string;
  arn: string;
  /** Names behind its own by which the template has it called. */
  aliases: AliasDescription[];
  roleArn: string;
  handler: string;
  taskRoot: string;
  timeoutSeconds: number;
  memoryMb: number;
  reservedConcurrency: number | undefined;
  /** The template's own variables. */
  variables: Record<string, string>;
}

/** All functions of the app. @throws when the code of one is not in the assembly. */
export function readFunctions(app: App): FunctionDescription[] {
  const aliases = readAliases(app);
  const functions = app
    .ofType('AWS::Lambda::Function')
    .map((resource) => readFunction(resource, aliases.get(resource.identity.name) ?? []));
  const times = Map.groupBy(functions, (f) => f.shortName);
  return functions.map((f) => (times.get(f.shortName)?.length === 1 ? f : { ...f, shortName: f.resource.logicalId }));
}

function readFunction(resource: Resource, aliases: AliasDescription[]): FunctionDescription {
  const p = resource.properties(functionSchema);
  const taskRoot = resource.asset(p.Code.S3Key);
  if (!taskRoot) throw new Error(`${resource.path}: its code ${p.Code.S3Key} is not in the cloud assembly.`);
  return {
    resource,
    shortName: shortName(resource),
    name: resource.identity.name,
    arn: resource.identity.arn,
    aliases,
    roleArn: p.Role,
    handler: p.Handler,
    taskRoot,
    timeoutSeconds: p.Timeout,
    memoryMb: p.MemorySize,
    reservedConcurrency: p.ReservedConcurrentExecutions,
    variables: withoutSecrets(p.Environment?.Variables ?? {}),
  };
}

/** What CloudFormation would fetch from Secrets Manager, which is not here, is empty. */
function withoutSecrets(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value.startsWith('{{resolve:') ? '' : value]),
  );
}

/** The last part of the construct's path that says something, in kebab case. */
function shortName({ path, logicalId }: Resource): string {
  const telling = path
    .split('/')
    .slice(1)
    .filter((part) => !/^(Resource|Function|Handler|Lambda|Default)$/.test(part));
  return (telling.at(-1) ?? logicalId).replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
