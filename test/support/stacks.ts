import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../bin/create-app.ts';
import { DataStack } from '../../lib/data-stack.ts';
import { readCdkJson } from '../../local/template/synth.ts';

/** The app under the flags of cdk.json, without bundling the functions (esbuild is exercised by the end-to-end tests). */
export function createUnbundledApp(environment: Record<string, string> = {}): App {
  const { context } = readCdkJson(process.cwd());
  return createApp(new App({ context: { ...context, ...UNBUNDLED }, treeMetadata: false }), environment);
}

/**
 * Nothing is bundled, and nothing noted that tests do not read, which takes a third of a synthesis: which line made what,
 * and a tree of all that there is. Templates are the same.
 */
export const UNBUNDLED: Record<string, unknown> = {
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:disable-creation-stack-traces': true,
  'aws:cdk:disable-stack-trace': true,
};

/** As JSON, by the settings; kept beyond one test file, for a process makes the same ones for many: 0.5 s each. */
const holder = globalThis as { testsSyntheses?: Map<string, [data: string, posthorn: string]> };
const made = (holder.testsSyntheses ??= new Map<string, [data: string, posthorn: string]>());

/** The templates of both stacks, see {@link createUnbundledApp}; they are called by `POSTHORN_NAME`. */
export function synthesize(environment: Record<string, string> = {}): { data: Template; posthorn: Template } {
  const settings = JSON.stringify(Object.entries(environment).sort());
  const [data, posthorn] = made.get(settings) ?? synthesizeAnew(environment);
  made.set(settings, [data, posthorn]);
  return { data: Template.fromString(data), posthorn: Template.fromString(posthorn) };
}

function synthesizeAnew(environment: Record<string, string>): [data: string, posthorn: string] {
  const app = createUnbundledApp(environment);
  const stack = (name: string): string =>
    JSON.stringify(Template.fromStack(app.node.findChild(name) as Stack).toJSON());
  const name = environment['POSTHORN_NAME'] ?? 'Posthorn';
  return [stack(`${name}Data`), stack(name)];
}

/** The templates of all stacks that there are under these settings, by name of the stack. */
export function synthesizeStacks(environment: Record<string, string>): Record<string, Template> {
  const stacks = createUnbundledApp(environment).node.children.filter((child) => Stack.isStack(child));
  return Object.fromEntries(stacks.map((stack) => [stack.stackName, Template.fromStack(stack)]));
}

/** A table as the template describes it. */
export interface TableResource {
  Properties: {
    KeySchema: unknown;
    AttributeDefinitions: unknown;
    GlobalSecondaryIndexes?: Record<string, unknown>[];
    StreamSpecification?: { StreamViewType: string };
  };
}

/** The tables' template alone, by logical id. */
export function synthesizeTables(): Record<string, TableResource> {
  const app = new App({ context: { ...readCdkJson(process.cwd()).context, ...UNBUNDLED }, treeMetadata: false });
  const template = Template.fromStack(new DataStack(app, 'PosthornData', {}));
  return template.findResources('AWS::DynamoDB::Table') as Record<string, TableResource>;
}
