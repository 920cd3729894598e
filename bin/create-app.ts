import type { App } from 'aws-cdk-lib';
import { DataStack } from '../lib/data-stack.ts';
import { PosthornStack } from '../lib/posthorn-stack.ts';
import { readSettings } from './read-settings.ts';

/**
 * Puts both stacks into an app: `PosthornData` with what must survive everything, `Posthorn` with what can be made anew.
 * @param environment where settings are read from when the CDK context lacks them.
 */
export function createApp(app: App, environment: Record<string, string | undefined> = process.env): App {
  const settings = readSettings((name) => app.node.tryGetContext(name) as unknown, environment);
  const data = new DataStack(app, 'PosthornData', { description: 'Posthorn: subscriptions, secrets and logs' });
  new PosthornStack(app, 'Posthorn', { data, settings, description: 'Posthorn: webhook delivery' });
  return app;
}
