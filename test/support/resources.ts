import type { Template } from 'aws-cdk-lib/assertions';

/** A resource as a template holds it. */
export interface TemplateResource {
  Type: string;
  Properties: Record<string, unknown>;
}

/** All resources of a type in all of the templates, by logical id. */
export function resourcesOf(templates: Record<string, Template>, type: string): Record<string, TemplateResource> {
  const found = Object.values(templates).map((template) => template.findResources(type));
  return Object.assign({}, ...found) as Record<string, TemplateResource>;
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
export function idOf(reference: unknown): string {
  const { 'Fn::GetAtt': attribute, Ref } = reference as { 'Fn::GetAtt'?: [string, string]; Ref?: string };
  return attribute?.[0] ?? Ref ?? '';
}

/** An expression of a template with the logical ids of what it refers to in between, `<Id>`. */
export function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] };
  return join ? join[1].map(flatten).join(join[0]) : `<${idOf(value)}>`;
}

/** The logical id of the function that an expression calls by its alias. @throws when it calls none. */
export function calledFunction(templates: Record<string, Template>, expression: unknown): string {
  const text = JSON.stringify(expression);
  const found = Object.entries(resourcesOf(templates, 'AWS::Lambda::Alias')).find(([id]) => text.includes(`"${id}"`));
  if (found === undefined) throw new Error(`Expected an alias of a function in ${text}.`);
  return idOf(found[1].Properties['FunctionName']);
}
