import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readInspect } from './lambda/inspect.ts';

/** What `npm start` was asked to do. */
export interface Arguments {
  /** Port of the HTTP API; 0 takes a free one. */
  port: number;
  /** Data folder, absolute. */
  folder: string;
  /** Begin with empty queues and tables. */
  reset: boolean;
  /** Functions to debug, each with a port, 0 for a free one. */
  inspect: ReadonlyMap<string, number>;
}

/** Where data lies unless told otherwise. */
const FOLDER = '.local';
/** The environment of a run for people: bundles are readable where someone looks into one, and a debugger finds every name. */
export const READABLE: NodeJS.ProcessEnv = { POSTHORN_MINIFY: 'false', ...process.env };

const PROJECT = resolve(import.meta.dirname, '..');

/** The data folder of `npm start` and of what works on it: `given`, else POSTHORN_LOCAL_FOLDER, else `.local` here. */
export function dataFolder(given: string | undefined, env: NodeJS.ProcessEnv): string {
  return resolve(PROJECT, given ?? env['POSTHORN_LOCAL_FOLDER'] ?? FOLDER);
}

/**
 * Reads the command line; `--port` goes before POSTHORN_LOCAL_PORT, `--folder` before POSTHORN_LOCAL_FOLDER.
 * @throws on anything else, with the usage.
 */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Arguments {
  const usage = 'Usage: npm start -- [--port <n>] [--folder <path>] [--reset]';
  let values: { port?: string | undefined; folder?: string | undefined; reset?: boolean | undefined };
  try {
    const options = { port: { type: 'string' }, folder: { type: 'string' }, reset: { type: 'boolean' } } as const;
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  const port = values.port ?? env['POSTHORN_LOCAL_PORT'] ?? '0';
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    throw new Error(`Expected a port from 0 to 65535 in --port or POSTHORN_LOCAL_PORT, got "${port}".\n${usage}`);
  }
  return {
    port: Number(port),
    folder: dataFolder(values.folder, env),
    reset: values.reset ?? false,
    inspect: readInspect(env['POSTHORN_INSPECT']),
  };
}
