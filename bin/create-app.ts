import { Annotations, Tags, type App, type Stack } from 'aws-cdk-lib';
import { DataStack } from '../lib/data-stack.ts';
import { FirewallStack } from '../lib/firewall-stack.ts';
import { PosthornStack } from '../lib/posthorn-stack.ts';
import { differences, ENVIRONMENTS, readSettings } from './read-settings.ts';
import { keepEnvironment } from './same-environment.ts';

/**
 * Puts the stacks into an app: `PosthornData` with what must survive everything, `Posthorn` with what can be made anew, and, with
 * the setting `firewallRate`, `PosthornFirewall`.
 * `Posthorn` is the setting `name`.
 * @param environment where settings are read from when the CDK context lacks them.
 * @param folder where the files of environments lie.
 */
export function createApp(
  app: App,
  environment: Record<string, string | undefined> = process.env,
  folder = ENVIRONMENTS,
): App {
  const settings = readSettings((name) => app.node.tryGetContext(name) as unknown, environment, folder);
  const data = new DataStack(app, `${settings.name}Data`, {
    description: 'Posthorn: subscriptions, secrets and logs',
    encryption: settings.encryption,
    adoptedTables: settings.adoptedTables,
  });
  const posthorn = new PosthornStack(app, settings.name, {
    tables: data.tables,
    settings,
    description: 'Posthorn: webhook delivery',
  });
  const stacks: Stack[] = [data];
  if (settings.firewallRate > 0) {
    const { name, firewallRate, logRetentionDays } = settings;
    const description = 'Posthorn: firewall';
    stacks.push(new FirewallStack(app, `${name}Firewall`, { name, firewallRate, logRetentionDays, description }));
  }
  for (const stack of [...stacks, posthorn]) keepEnvironment(stack, app.node.tryGetContext('env'));
  const differing = differences(settings);
  // Printed at synth, diff and deploy: a setting that is missing here is about to go back to its default.
  Annotations.of(posthorn).addInfo(`Settings that differ from the defaults: ${differing.join('; ') || 'none'}.`);
  // Also those of the other stacks; in the construct they are set on everything that it makes.
  for (const stack of stacks) for (const [tag, value] of Object.entries(settings.tags)) Tags.of(stack).add(tag, value);
  return app;
}
