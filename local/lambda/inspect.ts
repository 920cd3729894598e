import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** How a function is debugged: Node's inspector, on loopback. */
export interface Inspector {
  port: number;
  /** The function is loaded when a debugger has come, and not before. */
  waits: boolean;
}

const USAGE =
  'Expected POSTHORN_INSPECT to name functions, e.g. "sender" or "sender:9229,api" with a port of your choice';

/**
 * Reads POSTHORN_INSPECT.
 * @returns the port of each function, 0 where a free one is to be taken. @throws on anything else, with an example.
 */
export function readInspect(text: string | undefined): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>();
  for (const part of (text ?? '').split(',').filter((part) => part.trim() !== '')) {
    const [, name, port = '0'] = /^\s*([\w-]+)(?::(\d+))?\s*$/.exec(part) ?? [];
    if (name === undefined || Number(port) > 65_535) throw new Error(`${USAGE}, got "${text}".`);
    wanted.set(name, Number(port));
  }
  return wanted;
}

/** Chooses ports where none is given, so that a function which is started anew is found at the same address. */
export async function inspectorsFor(
  wanted: ReadonlyMap<string, number>,
  { waits }: Pick<Inspector, 'waits'>,
): Promise<ReadonlyMap<string, Inspector>> {
  const inspectors = new Map<string, Inspector>();
  for (const [name, port] of wanted) inspectors.set(name, { port: port || (await freePort()), waits });
  return inspectors;
}

/** Where a debugger finds it, and what else has to be known. */
export function inspectorHint(name: string, { port }: Inspector): string {
  return `${name} at 127.0.0.1:${port} (attach your editor, or open chrome://inspect); it has one process and no timeouts`;
}

/** What Node is started with to be debugged. */
export function inspectorFlags(inspector: Inspector | undefined): string[] {
  if (!inspector) return [];
  return [`--inspect${inspector.waits ? '-wait' : ''}=127.0.0.1:${inspector.port}`];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => void server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
