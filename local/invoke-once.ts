import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectServices } from './connect.ts';
import { keepCompiled } from './lambda/compiled.ts';
import { Functions } from './lambda/functions.ts';
import type { InvocationResult } from './lambda/result.ts';
import { FolderInUse } from './lock.ts';
import { Log } from './log.ts';
import { OUTPUTS_FILE, type Outputs } from './outputs-file.ts';
import { startPlatform, type PlatformOptions } from './platform.ts';
import { readPrivate } from './private-file.ts';
import { synthesizeProject } from './template/project.ts';

/** One run of one function. */
export interface Invocation extends Pick<
  PlatformOptions,
  'folder' | 'project' | 'app' | 'env' | 'signal' | 'localVariables' | 'inspectors' | 'onLog'
> {
  /** Any name that `Functions.find` takes, e.g. `sender`. */
  functionName: string;
  event: unknown;
}

/**
 * Runs one function of the project as it is now, once, on the queues and tables of a data folder. If a platform runs on the
 * folder, its queues and tables are used and it goes on working; if none does, they are opened for this run only, and nothing
 * else runs.
 * @throws when there is no such function, or the app cannot be synthesized.
 */
export async function invokeOnce(invocation: Invocation): Promise<InvocationResult> {
  const platform = await startPlatform({ ...invocation, feeds: false }).catch((error: unknown) => {
    if (error instanceof FolderInUse) return undefined;
    throw error;
  });
  if (!platform) return invokeBeside(invocation);
  try {
    return await platform.invoke(invocation.functionName, invocation.event);
  } finally {
    await platform.close();
  }
}

async function invokeBeside(invocation: Invocation): Promise<InvocationResult> {
  const { folder, localVariables = {}, inspectors, functionName, event } = invocation;
  const outputs = readPrivate(join(folder, OUTPUTS_FILE));
  if (outputs === undefined) {
    throw new Error(`The platform on ${folder} is starting or ending. Try again when it runs, or when it has ended.`);
  }
  const outdir = mkdtempSync(join(folder, 'invoke-'));
  const remove = (): void => rmSync(outdir, { recursive: true, force: true });
  // Also when a signal ends the process in the middle.
  process.once('exit', remove);
  try {
    const assembly = await synthesizeProject(outdir, invocation);
    keepCompiled(outdir, invocation.project ?? process.cwd());
    const surroundings = await connectServices(folder, assembly, JSON.parse(outputs) as Outputs);
    const functions = new Functions({ ...surroundings, localVariables, inspectors, log: new Log(invocation.onLog) });
    try {
      return await functions.find(functionName).invoke(JSON.stringify(event));
    } finally {
      await functions.close();
    }
  } finally {
    remove();
    process.off('exit', remove);
  }
}
