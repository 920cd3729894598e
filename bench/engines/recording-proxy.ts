import { appendFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that notes each signed request, as one line of JSON a request, and hands it on unchanged. */
export interface RecordingProxy {
  endpoint: string;
  /** Requests so far. */
  count(): number;
  close(): Promise<void>;
}

/**
 * @param target where requests go, `http://127.0.0.1:<port>`.
 * @param file where they are noted: method, path, raw headers, body in base64.
 */
export async function startRecordingProxy(target: string, file: string): Promise<RecordingProxy> {
  let count = 0;
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method, url, rawHeaders } = incoming;
      if (incoming.headers.authorization !== undefined) {
        count += 1;
        appendFileSync(
          file,
          `${JSON.stringify({ method, path: url, headers: rawHeaders, body: body.toString('base64') })}\n`,
        );
      }
      const onwards = request(target + url, { method, headers: incoming.headers }, (from) => {
        answer.writeHead(from.statusCode ?? 502, from.headers);
        from.pipe(answer);
      });
      onwards.on('error', () => answer.destroy());
      onwards.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
