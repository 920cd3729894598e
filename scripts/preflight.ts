import { existsSync, readFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { differences, readSettings } from '../bin/read-settings.ts';
import type { Settings } from '../lib/settings.ts';
import { readCaller, readFacts, sayError } from './preflight/account.ts';
import { createCalls, type SendCall } from './preflight/call.ts';
import { judge } from './preflight/checks.ts';
import type { Verdict } from './preflight/facts.ts';
import { readOptions } from './read-options.ts';

const USAGE = `npm run preflight [-- --env <name>]
Looks, before the first "cdk deploy", whether an account and region are ready for it, and changes nothing there.
A line for each: ok, warning or stop, and what to do. Exit code 1 when there is a stop.
  --env <name>   the settings of environments/<name>.json, as -c env=<name> of cdk; cdk.context.json goes first
Account and region are those of the shell: AWS_PROFILE, AWS_REGION.`;
/** CDK's own, unless the context has another (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html). */
const QUALIFIER = 'hnb659fds';

const { values } = readOptions({ options: { env: { type: 'string' } } }, USAGE);

/** The context of `cdk`: cdk.json goes before cdk.context.json. */
function readContext(): Record<string, unknown> {
  const read = (path: string): Record<string, unknown> =>
    existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
  const context = { ...read('cdk.context.json'), ...(read('cdk.json').context as object) };
  return values.env === undefined ? context : { ...context, env: values.env };
}

function show({ level, about, text }: Verdict): void {
  console.log(`${level.padEnd(7)}  ${about}: ${text}`);
  if (level === 'stop') process.exitCode = 1;
}

function settingsOf(context: Record<string, unknown>): Settings | undefined {
  try {
    const settings = readSettings((name) => context[name], process.env);
    const differing = differences(settings).join('; ') || 'none';
    const from = typeof context.env === 'string' ? `environments/${context.env}.json` : 'no --env';
    show({ level: 'ok', about: 'settings', text: `${from}; different from the defaults: ${differing}` });
    return settings;
  } catch (error) {
    show({ level: 'stop', about: 'settings', text: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

/** Says where the credentials point. @returns whether AWS knows them: nothing else can be asked without. */
async function showCaller(call: SendCall, dynamoDb: DynamoDBClient): Promise<boolean> {
  let region: string;
  try {
    region = await dynamoDb.config.region();
  } catch {
    show({
      level: 'stop',
      about: 'region',
      text: 'expected AWS_REGION, or a profile (AWS_PROFILE) with a region; without one cdk deploys to us-east-1.',
    });
    return false;
  }
  try {
    const { account, arn } = await readCaller(call, region);
    show({ level: 'ok', about: 'account', text: `${account} in ${region}, as ${arn}` });
    return true;
  } catch (error) {
    show({
      level: 'stop',
      about: 'account',
      text: `no valid credentials for ${region} (${sayError(error)}). Set AWS_PROFILE, or sign in: aws sso login. "aws sts get-caller-identity" must answer.`,
    });
    return false;
  }
}

async function main(): Promise<void> {
  const context = readContext();
  const settings = settingsOf(context);
  // As cdk takes them; the SDK alone does not know the second.
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  const dynamoDb = new DynamoDBClient(region ? { region } : {});
  const call = createCalls(dynamoDb.config, process.env.AWS_ENDPOINT_URL || undefined);
  if (!(await showCaller(call, dynamoDb)) || settings === undefined) return;
  const given = context['@aws-cdk/core:bootstrapQualifier'];
  const qualifier = typeof given === 'string' ? given : QUALIFIER;
  const facts = await readFacts(call, dynamoDb, { name: settings.name, qualifier });
  judge(facts, { settings, qualifier }).forEach(show);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
