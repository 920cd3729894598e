import { mkdtempSync, rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPartsReader } from './parts.mjs';

/** Where threads of another process call. */
export interface Lines {
  /** Of the socket, in a folder that only this user may enter. */
  path: string;
  close(): void;
}

/**
 * Listens for calls. Who calls says its name first.
 * @param onCall @returns hears all further messages; undefined: nobody knows that name.
 */
export function openLines(onCall: (name: string, socket: Socket) => ((parts: string[]) => void) | undefined): Lines {
  const isWindows = process.platform === 'win32';
  const folder = isWindows ? undefined : mkdtempSync(join(tmpdir(), 'posthorn-'));
  const path = folder === undefined ? `\\\\.\\pipe\\posthorn-${randomUUID()}` : join(folder, 'lines');
  const server = createServer((socket) => {
    let hear: ((parts: string[]) => void) | undefined;
    const read = createPartsReader((parts) => {
      if (hear) return hear(parts);
      hear = onCall(parts[0] ?? '', socket);
      if (!hear) socket.destroy();
    });
    socket.on('data', read);
    // 'close' follows.
    socket.on('error', () => undefined);
  });
  server.listen(path);
  // Nothing waits for a call: it is for those whom the process has started.
  server.unref();
  return {
    path,
    close() {
      server.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
