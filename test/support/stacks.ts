import { App, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../bin/create-app.ts';
import { DataStack } from '../../lib/data-stack.ts';

/** The templates of both stacks, without bundling the functions (esbuild is exercised by the end-to-end tests). */
export function synthesize(environment: Record<string, string> = {}): { data: Template; posthorn: Template } {
  const app = createApp(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), environment);
  const stack = (name: string): Template => Template.fromStack(app.node.findChild(name) as Stack);
  return { data: stack('PosthornData'), posthorn: stack('Posthorn') };
}

/** The tables' template alone: fast, for store tests. */
export function synthesizeData(): Template {
  return Template.fromStack(new DataStack(new App(), 'PosthornData', {}));
}
