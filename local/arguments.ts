import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readInspect } from './lambda/inspect.ts';
import { readLikeAws, type LikeAws } from './like-aws/numbers.ts';

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
  /** Limits of AWS that the engines lack; undefined: none. */
  likeAws: LikeAws | undefined;
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

const OPTIONS = {
  port: { type: 'string' },
  folder: { type: 'string' },
  reset: { type: 'boolean' },
  'like-aws': { type: 'boolean' },
} as const;

/**
 * What POSTHORN_LIKE_AWS asks for: `1`, or numbers that differ from AWS's. Tests, proofs and benches read it too.
 * @param asked also without the variable.
 * @throws on anything else.
 */
export function likeAwsOf(env: NodeJS.ProcessEnv, asked = false): LikeAws | undefined {
  const text = env['POSTHORN_LIKE_AWS'] ?? '';
  return text === '' && !asked ? undefined : readLikeAws(text);
}

/**
 * Reads the command line; `--port` overrides POSTHORN_LOCAL_PORT, `--folder` overrides POSTHORN_LOCAL_FOLDER.
 * @throws on anything else, with the usage.
 */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Arguments {
  const usage = 'Usage: npm start -- [--port <n>] [--folder <path>] [--reset] [--like-aws]';
  let values: { port?: string; folder?: string; reset?: boolean; 'like-aws'?: boolean };
  try {
    ({ values } = parseArgs({ args, options: OPTIONS }));
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
    likeAws: likeAwsOf(env, values['like-aws']),
  };
}
