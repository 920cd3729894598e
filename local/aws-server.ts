import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Reply, Serve } from './aws-call.ts';
import { forOwnHost } from './own-host.ts';
import { PlainConnection, type PlainOwner } from './plain-posts.ts';
import { readBody } from './read-body.ts';

/** Longer than the SDK and our functions keep an idle connection, so that the client and not the server lets go first. */
const KEEP_ALIVE_MS = 65_000;

/** A running server of one service. */
export interface AwsServer {
  port: number;
  /** Listens no more. @param calls those under way are answered first, or cut. */
  close(calls: 'answer' | 'cut'): Promise<void>;
}

/**
 * Listens on 127.0.0.1 for one service. Calls as our functions write them are read here, in less than half the time that Node's HTTP
 * server takes for one; all others by Node's.
 * @param mostBytes of a body.
 * @throws when the port is taken.
 */
export async function startAwsServer(port: number, mostBytes: number, serve: Serve): Promise<AwsServer> {
  let isClosing = false;
  const server = createServer(
    forOwnHost((request, response) => {
      const { method, url, headers } = request;
      readBody(request, mostBytes).then(
        (body) =>
          serve(
            { method, url, headers, body },
            replyBy(response, () => isClosing),
          ),
        // Only a client that went away in the middle of its request ends up here: nobody is left to answer.
        () => response.destroy(),
      );
    }),
  );
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const plain = new Set<PlainConnection>();
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
  const owner: PlainOwner = {
    serve,
    mostBytes,
    isClosing: () => isClosing,
    handOver: (socket) => {
      for (const listener of listeners) listener.call(server, socket);
    },
    gone: (connection) => plain.delete(connection),
  };
  server.removeAllListeners('connection').on('connection', (socket) => plain.add(new PlainConnection(socket, owner)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close(calls) {
      isClosing = true;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of plain) if (calls === 'cut' || connection.isIdle) connection.destroy();
      if (calls === 'cut') server.closeAllConnections();
      else server.closeIdleConnections();
      await closed;
    },
  };
}

function replyBy(response: ServerResponse, isClosing: () => boolean): Reply {
  return {
    get isOver() {
      return response.destroyed || response.headersSent;
    },
    send(status, headers, text) {
      // A closing server would otherwise wait for the client to drop its idle connection.
      if (isClosing()) response.shouldKeepAlive = false;
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
      response.end(text);
    },
    cut: () => void response.destroy(),
    hangUp() {
      const controller = new AbortController();
      response.once('close', () => {
        // An abort makes an error with its stack: not for each answer that was written whole.
        if (!response.writableFinished) controller.abort();
      });
      return controller.signal;
    },
  };
}
