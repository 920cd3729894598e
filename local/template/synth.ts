import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Account that templates without an account of their own run in. */
export const LOCAL_ACCOUNT = '000000000000';
/** Region that templates without a region of their own run in. */
export const LOCAL_REGION = 'us-east-1';

/** How to run a CDK app. */
export interface SynthOptions {
  /** The `app` command, as in cdk.json. It runs in a shell, as under the CDK CLI. */
  command: string;
  /** Folder with the project's cdk.json: where the command runs. */
  cwd: string;
  /** Folder for the cloud assembly. It is emptied first. */
  outdir: string;
  /** The app's whole environment; deploy-time settings are read from it. */
  env: NodeJS.ProcessEnv;
  /** Context values, as the CLI passes those of cdk.json. */
  context: Record<string, unknown>;
  /** Ends the app's process, and all that it started. @default never */
  signal?: AbortSignal | undefined;
}

/** Files that an app is made of, as globs; cdk.json has them for `cdk watch`. */
export interface Watched {
  include: string[];
  exclude: string[];
}

/** What a local run reads of cdk.json. */
export interface CdkJson {
  app: string;
  context: Record<string, unknown>;
  /** Undefined when the file does not say it. */
  watch?: Watched | undefined;
}

/** The project's cdk.json. @throws when the file or its `app` is missing. */
export function readCdkJson(cwd: string): CdkJson {
  const path = join(cwd, 'cdk.json');
  const { app, context = {}, watch } = JSON.parse(readFileSync(path, 'utf8')) as Partial<CdkJson>;
  if (typeof app !== 'string') throw new Error(`Expected a command under "app" in ${path}.`);
  return { app, context, watch };
}

/**
 * Runs a CDK app as the CLI would, without the CLI: no network, no credentials.
 * @throws when the app fails, with the end of what it printed, or when it is told to end.
 */
export async function synthesize(options: SynthOptions): Promise<void> {
  rmSync(options.outdir, { recursive: true, force: true });
  const child = spawn(options.command, {
    cwd: options.cwd,
    shell: true,
    // A process group of its own: what the shell starts must end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...options.env,
      CDK_OUTDIR: options.outdir,
      CDK_CONTEXT_JSON: JSON.stringify(options.context),
      // Nothing is deployed from here; checking templates and compliance takes four times as long as making them.
      CDK_VALIDATION: 'false',
      CDK_DEFAULT_ACCOUNT: LOCAL_ACCOUNT,
      CDK_DEFAULT_REGION: LOCAL_REGION,
    },
  });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const end = (): void => void (child.pid && process.kill(-child.pid, 'SIGKILL'));
  options.signal?.addEventListener('abort', end);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).finally(() => options.signal?.removeEventListener('abort', end));
  options.signal?.throwIfAborted();
  if (code !== 0) throw new Error(`The CDK app "${options.command}" failed (exit code ${code}):\n${printed.trim()}`);
}
