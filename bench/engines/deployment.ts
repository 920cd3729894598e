import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeProject } from '../../local/template/project.ts';
import type { MotoAccount } from './moto-account.ts';
import { run } from './tools.ts';

const PROJECT = join(import.meta.dirname, '../..');
const CDK = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');
/** None takes a tenth of it on two idle cores: what is not done by then hangs. */
const LONGEST_MS = 600_000;
const PLAIN = ['--disable-warning=ExperimentalWarning'];

/** A Posthorn that an operator deploys: CDK's own CLI and our commands, against one account. */
export class Deployment {
  readonly account: MotoAccount;
  readonly work = mkdtempSync(join(tmpdir(), 'posthorn-deploy-'));
  readonly outputsFile = join(this.work, 'outputs.json');

  private synthesized: Promise<string> | undefined;

  constructor(account: MotoAccount) {
    this.account = account;
  }

  /** Synthesizes the app, bundles and all. @returns its folder. */
  async synthesize(name: string, settings: Record<string, string> = {}): Promise<string> {
    const folder = join(this.work, name);
    const signal = AbortSignal.timeout(LONGEST_MS);
    await synthesizeProject(folder, { project: PROJECT, env: { ...this.account.env, ...settings }, signal });
    return folder;
  }

  /** The app as it is, synthesized once. @returns its folder. */
  app(): Promise<string> {
    this.synthesized ??= this.synthesize('app');
    return this.synthesized;
  }

  cdk(app: string, ...args: string[]): Promise<string> {
    return this.command(process.execPath, [CDK, ...args, '--app', app], this.work);
  }

  /** @param args the stacks, with `--exclusively` for one alone. @default all */
  deploy(app: string, ...args: string[]): Promise<string> {
    const stacks = args.length > 0 ? args : ['--all'];
    return this.cdk(app, 'deploy', ...stacks, '--require-approval', 'never', '--outputs-file', this.outputsFile);
  }

  /** One of our commands: `npm run <name> -- <args>`. */
  posthorn(name: string, ...args: string[]): Promise<string> {
    const script = join(PROJECT, `scripts/${name}.ts`);
    return this.command(process.execPath, [...PLAIN, script, ...args], PROJECT);
  }

  keys(...args: string[]): Promise<string> {
    return this.posthorn('keys', ...args, '--outputs', this.outputsFile);
  }

  /** `npm run verify-deployment`, as an administrator. @returns what it printed. @throws with that when something is not as expected. */
  verify(apiKey: string, receiver: string): Promise<string> {
    const words = ['--outputs', this.outputsFile, '--receiver', receiver];
    return this.command(
      process.execPath,
      [...PLAIN, join(PROJECT, 'scripts/verify-deployment.ts'), ...words],
      PROJECT,
      {
        POSTHORN_API_KEY: apiKey,
      },
    );
  }

  /** Whether the last deployment had such an output. */
  has(name: string): boolean {
    return this.outputs()[name] !== undefined;
  }

  /** An output of the last deployment. @throws when there is none. */
  output(name: string): string {
    const found = this.outputs()[name];
    if (found === undefined) throw new Error(`Expected an output ${name} in ${this.outputsFile}.`);
    return found;
  }

  private outputs(): Record<string, string> {
    const outputs = JSON.parse(readFileSync(this.outputsFile, 'utf8')) as Record<string, Record<string, string>>;
    return outputs.Posthorn ?? {};
  }

  /** Deletes the working folder; the account is its owner's. */
  end(): void {
    rmSync(this.work, { recursive: true, force: true });
  }

  private command(
    program: string,
    args: readonly string[],
    cwd: string,
    more: Record<string, string> = {},
  ): Promise<string> {
    return run(program, args, { cwd, env: { ...this.account.env, ...more }, timeout: LONGEST_MS });
  }
}
