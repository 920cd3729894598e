import type { TestProject } from 'vitest/node';
import { startPosthorn } from '../support/posthorn.ts';
import type { Outputs } from '../../local/outputs-file.ts';

declare module 'vitest' {
  interface ProvidedContext {
    outputs: Outputs;
  }
}

/**
 * One platform for all end-to-end files that only use it as its users do; each test has organizations of its own. Its functions run
 * as those of `npm start` do; files that kill functions have platforms whose functions are processes.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const posthorn = await startPosthorn({ isShared: true });
  project.provide('outputs', posthorn.outputs);
  return () => posthorn.close();
}
