import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { AT_ONCE_SETTINGS, startPosthorn, type OwnPosthorn } from '../support/posthorn.ts';
import type { Outputs } from '../../local/outputs-file.ts';

declare module 'vitest' {
  interface ProvidedContext {
    outputs: Outputs;
    /** Where the outputs are of the platform with {@link AT_ONCE_SETTINGS}, which the first who asks has started; see at-once.ts. */
    atOnce: string;
  }
}

/**
 * One platform for all end-to-end files that only use it as its users do, and one for those that need other settings; each test has
 * organizations of its own. Their functions run as those of `npm start` do; files that kill functions have platforms whose
 * functions are processes.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const posthorn = await startPosthorn({ isShared: true });
  const atOnce = await startWhenAsked(() => startPosthorn({ settings: AT_ONCE_SETTINGS, isShared: true }));
  project.provide('outputs', posthorn.outputs);
  project.provide('atOnce', atOnce.url);
  return async () => {
    await atOnce.close();
    await posthorn.close();
  };
}

/** Answers the outputs of a platform that is started by the first request. */
async function startWhenAsked(start: () => Promise<OwnPosthorn>): Promise<{ url: string; close(): Promise<void> }> {
  let started: Promise<OwnPosthorn> | undefined;
  const server = createServer((_, response) => {
    started ??= start();
    started.then(
      ({ outputs }) => response.end(JSON.stringify(outputs)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await (await started?.catch(() => undefined))?.close();
    },
  };
}
