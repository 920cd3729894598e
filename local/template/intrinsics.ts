import type { Template } from './assembly.ts';

/** What intrinsics refer to outside their own expression. */
export interface Scope {
  stackName: string;
  account: string;
  region: string;
  template: Template;
  /** Value of `Ref` to a resource of this stack. */
  ref(logicalId: string): unknown;
  /** Value of `Fn::GetAtt`. */
  attribute(logicalId: string, name: string): unknown;
  /** Value that another stack exports under this name. */
  imported(name: string): unknown;
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/**
 * The plain value of a template expression. Members that resolve to AWS::NoValue disappear, as in CloudFormation.
 * @throws on an intrinsic that it does not know, naming it.
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((v) => resolveValue(v, scope)).filter((v) => v !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0] === 'Condition' || only[0].startsWith('Fn::'))) {
    // A policy statement may consist of a member called Condition only by mistake; CloudFormation reads it the same way.
    if (only[0] !== 'Condition' || typeof only[1] === 'string') return applyIntrinsic(only[0], only[1], scope);
  }
  return Object.fromEntries(
    entries.map(([k, v]) => [k, resolveValue(v, scope)] as const).filter(([, v]) => v !== undefined),
  );
}

function applyIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = INTRINSICS[name];
  if (!intrinsic) {
    throw new Error(
      `${scope.stackName}: the template uses ${name}, which the local run does not know. Expected one of ${Object.keys(INTRINSICS).join(', ')}.`,
    );
  }
  return intrinsic(argument, scope);
}

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (name, scope) => reference(text(name, 'Ref'), scope),
  Condition: (name, scope) => condition(text(name, 'Condition'), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [id, ...path] = typeof argument === 'string' ? argument.split('.') : list(argument, 'Fn::GetAtt');
    return scope.attribute(
      text(id, 'Fn::GetAtt'),
      path.map((p) => text(resolveValue(p, scope), 'Fn::GetAtt')).join('.'),
    );
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, 'Fn::Join');
    return list(resolveValue(parts, scope), 'Fn::Join').map(String).join(text(separator, 'Fn::Join'));
  },
  'Fn::Sub': substitute,
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(resolveValue(argument, scope), 'Fn::Select');
    const chosen: unknown = list(values, 'Fn::Select')[Number(index)];
    if (chosen === undefined) throw new Error(`${scope.stackName}: Fn::Select finds nothing at ${String(index)}.`);
    return chosen;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, value] = list(resolveValue(argument, scope), 'Fn::Split');
    return text(value, 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::ImportValue': (argument, scope) => scope.imported(text(resolveValue(argument, scope), 'Fn::ImportValue')),
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(resolveValue(argument, scope), 'Fn::FindInMap').map(String);
    const found = scope.template.Mappings?.[map ?? '']?.[first ?? '']?.[second ?? ''];
    if (found === undefined) throw new Error(`${scope.stackName}: no mapping ${map} / ${first} / ${second}.`);
    return found;
  },
  'Fn::If': (argument, scope) => {
    const [name, then, otherwise] = list(argument, 'Fn::If');
    return resolveValue(condition(text(name, 'Fn::If'), scope) ? then : otherwise, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(resolveValue(argument, scope), 'Fn::Equals');
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope) => list(argument, 'Fn::And').every((c) => resolveValue(c, scope) === true),
  'Fn::Or': (argument, scope) => list(argument, 'Fn::Or').some((c) => resolveValue(c, scope) === true),
  'Fn::Not': (argument, scope) => resolveValue(list(argument, 'Fn::Not')[0], scope) !== true,
};

/** Whether a named condition of the template holds. @throws when there is no such condition. */
export function condition(name: string, scope: Scope): boolean {
  const expression = scope.template.Conditions?.[name];
  if (expression === undefined) throw new Error(`${scope.stackName}: there is no condition ${name}.`);
  return resolveValue(expression, scope) === true;
}

function reference(name: string, scope: Scope): unknown {
  if (name.startsWith('AWS::')) return pseudoParameter(name, scope);
  const parameter = scope.template.Parameters?.[name];
  if (!parameter) return scope.ref(name);
  if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM::')) {
    throw new Error(
      `${scope.stackName}: parameter ${name} has no value on one machine: give it a default that is not looked up.`,
    );
  }
  return parameter.Default;
}

function pseudoParameter(name: string, scope: Scope): unknown {
  const { account, region, stackName } = scope;
  switch (name) {
    case 'AWS::AccountId':
      return account;
    case 'AWS::Region':
      return region;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return stackName;
    case 'AWS::StackId':
      return `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`;
    case 'AWS::NoValue':
      return undefined;
    default:
      throw new Error(`${stackName}: the pseudo parameter ${name} has no value in a local run.`);
  }
}

function substitute(argument: unknown, scope: Scope): string {
  const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub');
  const own = resolveValue(variables ?? {}, scope) as Record<string, unknown>;
  return text(template, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(own, name)) return String(own[name]);
    return String(name.includes('.') ? applyIntrinsic('Fn::GetAtt', name, scope) : reference(name, scope));
  });
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${where}: expected a string, got ${JSON.stringify(value)}.`);
}

function list(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${where}: expected a list, got ${JSON.stringify(value)}.`);
}
