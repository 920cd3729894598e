import { parseArgs } from 'node:util';

/** What `npm start` was asked to do. */
export interface Arguments {
  /** Port of the HTTP API; 0 takes a free one. */
  port: number;
  /** Begin with empty queues and tables. */
  reset: boolean;
}

/**
 * Reads the command line; `--port` goes before POSTHORN_LOCAL_PORT.
 * @throws on anything else, with the usage.
 */
export function readArguments(args: string[], env: NodeJS.ProcessEnv): Arguments {
  const usage = 'Usage: npm start -- [--port <n>] [--reset]';
  let values: { port?: string | undefined; reset?: boolean | undefined };
  try {
    ({ values } = parseArgs({ args, options: { port: { type: 'string' }, reset: { type: 'boolean' } } }));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  const port = values.port ?? env['POSTHORN_LOCAL_PORT'] ?? '0';
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    throw new Error(`Expected a port from 0 to 65535 in --port or POSTHORN_LOCAL_PORT, got "${port}".\n${usage}`);
  }
  return { port: Number(port), reset: values.reset ?? false };
}
