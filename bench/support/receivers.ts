import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../test/sender/outgoing/certificates.ts';
import { RECEIVERS_DOMAIN } from './sample.ts';

// A process of its own: a customer's HTTPS server under as many names as wanted. Arguments: `close`, each answer ends its connection; then how
// long it takes, milliseconds.

const authority = await createAuthority();
// A leaf under an issuing certificate, as every public authority gives them.
const identity = await (await authority.subordinate()).issue([`*.${RECEIVERS_DOMAIN}`]);
const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-ca-'));
writeFileSync(join(folder, 'ca.pem'), authority.ca);
process.on('SIGTERM', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});

const headers = {
  'content-type': 'application/json',
  'content-length': '15',
  ...(process.argv[2] === 'close' ? { connection: 'close' } : {}),
};
const waitMs = Number(process.argv[3] ?? 0);
const server = createServer(identity, (request, response) => {
  request.resume();
  const answer = (): unknown => response.writeHead(200, headers).end('{"status":"ok"}');
  request.on('end', () => (waitMs > 0 ? setTimeout(answer, waitMs) : answer()));
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () =>
  process.send?.({ port: String((server.address() as AddressInfo).port), ca: join(folder, 'ca.pem') }),
);
