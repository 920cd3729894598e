import type { RequestListener } from 'node:http';

/** What a program on this machine calls a server of its own, and the port, where the scheme's own may be left out. */
const OWN = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/i;
const HTTP_PORT = 80;

/**
 * Serves only requests that call this very server by a loopback name. A web page can lead its visitor's browser here under
 * a name of the page's own (DNS rebinding), and then reads the answers as its own: the Host header gives it away.
 */
export function forOwnHost(listener: RequestListener): RequestListener {
  return (request, response) => {
    const { localPort = 0 } = request.socket;
    if (isOwn(request.headers.host, localPort)) return void listener(request, response);
    const message = `Forbidden: expected the Host header to be 127.0.0.1:${localPort} or localhost:${localPort}. Use the URL that the local run printed.`;
    response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ message }));
  };
}

/** Whether a Host header names a server of this port on this machine. */
export function isOwn(host: string | undefined, port: number): boolean {
  const [found, written = HTTP_PORT] = OWN.exec(host ?? '') ?? [];
  return found !== undefined && Number(written) === port;
}
