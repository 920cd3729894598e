import { z } from 'zod';
import type { Assembly, RawResource, Stack } from './assembly.ts';
import { identify } from './identity.ts';
import type { Identity, Surroundings } from './identity.ts';
import { condition, resolveValue } from './intrinsics.ts';
import type { Scope } from './intrinsics.ts';
import { TYPES_OF_AWS_ALONE, TYPES_WITHOUT_LOCAL_MEANING } from './types-without-local-meaning.ts';

/** A resource with nothing left to resolve but its own expressions, which wait until they are asked for. */
export interface Resource {
  stack: string;
  logicalId: string;
  type: string;
  /** Path of the construct that made it, e.g. `Posthorn/Sender/Function/Resource`; the logical id when unknown. */
  path: string;
  identity: Identity;
  /** Folder of an asset by the object key that the resource's own stack names it with. */
  asset(objectKey: string): string | undefined;
  /** The properties, resolved and read by a schema. @throws naming resource and property when they do not fit. */
  properties<T>(schema: z.ZodType<T>): T;
}

/** A synthesized app with its references resolved. */
export interface App {
  account: string;
  region: string;
  /** Resources of the given types, in template order. */
  ofType(...types: string[]): Resource[];
  /** A resource by logical id, physical name, or the end of its construct path. @throws when none or several fit. */
  find(name: string): Resource;
  /** What exists only in AWS, in words: its settings do nothing here. */
  leftOut(): string[];
  /** Outputs by stack name, in the shape of `cdk deploy --outputs-file`. */
  outputs(): Record<string, Record<string, string>>;
}

/**
 * Binds a cloud assembly to the platform that runs it.
 * @param understood the resource types that the platform runs.
 * @throws on a resource type that is neither understood nor known to mean nothing locally.
 */
export function bindApp(assembly: Assembly, around: Surroundings, understood: ReadonlySet<string>): App {
  const scopes = new Map<string, Scope>();
  const resources: Resource[] = [];
  for (const stack of assembly.stacks) {
    const byId = new Map<string, Resource>();
    const scope = scopeOf(stack, around, byId, (name) => exported(assembly.stacks, scopes, name));
    scopes.set(stack.name, scope);
    for (const [logicalId, raw] of Object.entries(stack.template.Resources ?? {})) {
      if (raw.Condition && !condition(raw.Condition, scope)) continue;
      if (!understood.has(raw.Type) && !TYPES_WITHOUT_LOCAL_MEANING.has(raw.Type)) {
        throw new Error(
          `${stack.name}/${logicalId} is an ${raw.Type}, which the local run does not understand. ` +
            'Teach local/ to run it, or, if no function can notice it, add it to local/template/types-without-local-meaning.ts.',
        );
      }
      byId.set(logicalId, resourceOf(stack, logicalId, raw, scope, around));
    }
    resources.push(...byId.values());
  }
  return {
    account: assembly.account,
    region: assembly.region,
    ofType: (...types) => resources.filter((r) => types.includes(r.type)),
    find: (name) => findResource(resources, name),
    outputs: () =>
      Object.fromEntries(
        assembly.stacks.map((s) => [s.name, atHome(outputsOf(s, scopes.get(s.name)), resources, around)]),
      ),
    leftOut: () => [...new Set(resources.flatMap(({ type }) => TYPES_OF_AWS_ALONE.get(type) ?? []))],
  };
}

function findResource(resources: Resource[], name: string): Resource {
  const isCalled = (r: Resource): boolean =>
    r.logicalId === name || r.identity.name === name || r.path.replace(/\/Resource$/, '').endsWith(`/${name}`);
  const found = resources.filter(isCalled);
  const [only] = found;
  if (only && found.length === 1) return only;
  const what = found.length === 0 ? 'nothing' : found.map((r) => `${r.type} ${r.path}`).join(', ');
  throw new Error(`Expected one resource called "${name}", found ${what}.`);
}

function scopeOf(stack: Stack, around: Surroundings, byId: Map<string, Resource>, imported: Scope['imported']): Scope {
  const find = (logicalId: string): Identity => {
    const found = byId.get(logicalId) ?? stack.template.Resources?.[logicalId];
    if (!found) throw new Error(`${stack.name}: the template refers to ${logicalId}, which it does not contain.`);
    // A resource may refer to one that comes later.
    return 'identity' in found ? found.identity : resourceOf(stack, logicalId, found, scope, around).identity;
  };
  const scope: Scope = {
    stackName: stack.name,
    account: around.account,
    region: around.region,
    template: stack.template,
    ref: (logicalId) => find(logicalId).ref,
    attribute: (logicalId, name) => {
      const value = find(logicalId).attributes[name];
      if (value === undefined) {
        throw new Error(`${stack.name}: the local run does not know the attribute ${name} of ${logicalId}.`);
      }
      return typeof value === 'function' ? value() : value;
    },
    imported,
  };
  return scope;
}

function resourceOf(stack: Stack, logicalId: string, raw: RawResource, scope: Scope, around: Surroundings): Resource {
  const path = raw.Metadata?.['aws:cdk:path'];
  const givenName = (property: string): string | undefined => {
    const value = resolveValue(raw.Properties?.[property], scope);
    return typeof value === 'string' ? value : undefined;
  };
  let identity: Identity | undefined;
  return {
    stack: stack.name,
    logicalId,
    type: raw.Type,
    path: typeof path === 'string' ? path : logicalId,
    get identity() {
      return (identity ??= identify({ stack: stack.name, logicalId, type: raw.Type, givenName }, around));
    },
    asset: (objectKey) => stack.assets.get(objectKey),
    properties: (schema) => {
      const result = schema.safeParse(resolveValue(raw.Properties ?? {}, scope));
      if (result.success) return result.data;
      const problems = result.error.issues.map((i) => `${i.path.map(String).join('.') || 'properties'}: ${i.message}`);
      throw new Error(
        `${stack.name}/${logicalId} (${raw.Type}) has properties that the local run does not understand: ${problems.join('; ')}. ` +
          'Teach the schema in local/ what they mean here.',
      );
    },
  };
}

function exported(stacks: Stack[], scopes: Map<string, Scope>, name: string): unknown {
  for (const { name: stackName, template } of stacks) {
    const scope = scopes.get(stackName);
    if (!scope) continue;
    for (const { Value, Export } of Object.values(template.Outputs ?? {})) {
      if (Export && resolveValue(Export.Name, scope) === name) return resolveValue(Value, scope);
    }
  }
  throw new Error(`No stack exports "${name}", which another imports.`);
}

const domainSchema = z.looseObject({ DomainName: z.string() });
const distributionSchema = z.looseObject({
  DistributionConfig: z.looseObject({ Aliases: z.array(z.string()).default([]) }),
});

/** Names by which callers reach the API: its own, or those of a distribution before it. */
function namesOf(resource: Resource): string[] {
  // A mapping alone: of a domain name that API Gateway has already.
  if (['AWS::ApiGatewayV2::DomainName', 'AWS::ApiGatewayV2::ApiMapping'].includes(resource.type))
    return [resource.properties(domainSchema).DomainName];
  if (resource.type !== 'AWS::CloudFront::Distribution') return [];
  return resource.properties(distributionSchema).DistributionConfig.Aliases;
}

/** A domain name of the API is the address of the gateway here. */
function atHome(outputs: Record<string, string>, resources: Resource[], around: Surroundings): Record<string, string> {
  const hosts = resources.flatMap(namesOf).map((name) => `https://${name}`);
  const move = (value: string): string =>
    hosts.reduce(
      (url, host) => (url.startsWith(host) ? `${around.apiEndpoint()}${url.slice(host.length)}` : url),
      value,
    );
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, move(value)]));
}

function outputsOf({ template }: Stack, scope: Scope | undefined): Record<string, string> {
  if (!scope) return {};
  const present = Object.entries(template.Outputs ?? {}).filter(
    ([, o]) => !o.Condition || condition(o.Condition, scope),
  );
  return Object.fromEntries(present.map(([name, o]) => [name, String(resolveValue(o.Value, scope))]));
}
