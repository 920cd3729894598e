import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { sdkCredentials } from '../../iam/credentials.ts';
import { startPlatform } from '../../platform.ts';
import { sharedFolder } from '../../../test/support/shared-folder.ts';
import { synthesize } from '../../template/synth.ts';
import type { Platform, PlatformOptions } from '../../platform.ts';

const PROJECT = join(import.meta.dirname, '../../..');

/** The fixture app on the local platform, with the operator's view of its queues and tables. */
export interface Fixture {
  platform: Platform;
  folder: string;
  post(work: unknown): Promise<Response>;
  /** An item of the table, by owner and id. */
  item(owner: string, id: string): Promise<Record<string, string> | undefined>;
  /** Messages of a queue: visible and in flight. */
  depth(output: 'WorkQueueUrl' | 'DeadLettersUrl'): Promise<{ visible: number; inFlight: number }>;
}

const APP = `"${process.execPath}" local/test/platform/fixture-app/app.ts`;

/**
 * Synthesizes the fixture app: seconds of bundling, once for all starts of a test run.
 * @returns a command that, as the `app` of a start, hands over what was synthesized.
 */
export async function synthesizeFixture(): Promise<string> {
  const folder = await sharedFolder('fixture', async (place) => {
    const context = { 'aws:cdk:enable-path-metadata': true };
    await synthesize({ command: APP, cwd: PROJECT, outdir: join(place, 'cdk.out'), env: process.env, context });
  });
  if (folder === undefined) throw new Error('The fixture app is synthesized by a test run only.');
  return `cp -r "${folder}/cdk.out" "$CDK_OUTDIR"`;
}

/** Starts the fixture app; its data goes to a new folder unless one is given. */
export async function startFixture(options: Partial<PlatformOptions> = {}): Promise<Fixture> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'posthorn-platform-'));
  const platform = await startPlatform({ project: PROJECT, app: APP, ...options, folder });
  const common = { region: platform.region, credentials: sdkCredentials(platform.operator) };
  const sqs = new SQSClient({ ...common, endpoint: platform.sqs.endpoint });
  const dynamoDb = new DynamoDBClient({ ...common, endpoint: platform.dynamoDb.endpoint });
  return {
    platform,
    folder,
    post: (work) => fetch(`${platform.apiUrl}/things`, { method: 'POST', body: JSON.stringify(work) }),
    async item(owner, id) {
      const TableName = platform.outputs['FixtureData']?.['ThingsTableName'];
      const { Item } = await dynamoDb.send(
        new GetItemCommand({ TableName, Key: { owner: { S: owner }, id: { S: id } } }),
      );
      return Item && Object.fromEntries(Object.entries(Item).map(([k, v]) => [k, v.S ?? v.N ?? '']));
    },
    async depth(output) {
      const QueueUrl = platform.outputs['Fixture']?.[output];
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      const { Attributes = {} } = await sqs.send(command);
      return {
        visible: Number(Attributes['ApproximateNumberOfMessages']),
        inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
      };
    },
  };
}

/** The first line that a process prints. */
export async function firstLine(stream: Readable): Promise<string> {
  const [line] = (await once(createInterface(stream), 'line')) as [string];
  return line;
}

/**
 * Whether a process exists and lives: one that is dead, but that nobody has asked for, has its number still. One that is
 * killed dies thread by thread, its first one often before the others; its files and their locks are its own until the last
 * of them is dead.
 * @param proc where the system tells of its processes.
 */
export function isRunning(pid: number, proc = '/proc'): boolean {
  try {
    process.kill(pid, 0);
    return readdirSync(`${proc}/${pid}/task`).some((thread) => isAlive(`${proc}/${pid}/task/${thread}/stat`));
  } catch (error) {
    // Where there is no /proc, its number must do.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && process.platform !== 'linux';
  }
}

/** @param stat what the system says of one thread. */
function isAlive(stat: string): boolean {
  try {
    return !/\) [ZX] [^)]*$/.test(readFileSync(stat, 'utf8'));
  } catch {
    // It has ended since its process was asked for its threads.
    return false;
  }
}
