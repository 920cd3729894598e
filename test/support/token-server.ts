import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { memoryAdapter, signingJwk } from './oidc.ts';

export const CLIENT_ID = 'posthorn client';
export const CLIENT_SECRET = 'geheim:+%/4711';

/** What the token server was asked, and how. */
export interface TokenRequest {
  authorization: string | undefined;
}

/** A real OAuth 2.0 server on loopback that gives tokens to one client. */
export interface TokenServer {
  url: string;
  requests: TokenRequest[];
  /** The client that a token was given to; undefined: it is none that is valid now. */
  clientOf(token: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface TokenServerOptions {
  /** How the client must say who it is. */
  method?: 'client_secret_basic' | 'client_secret_post';
  /** Of a token. */
  seconds?: number;
}

export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const { method = 'client_secret_basic', seconds = 600 } = options;
  const requests: TokenRequest[] = [];
  let handle: (request: IncomingMessage, response: never) => void = () => undefined;
  const server: Server = createServer((request, response) => {
    const { authorization } = request.headers;
    requests.push({ authorization });
    // The library takes both ways from every client.
    if (method === 'client_secret_post' && authorization !== undefined) {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
    } else handle(request, response as never);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    adapter: memoryAdapter(),
    jwks: { keys: [signingJwk('test')] },
    scopes: ['hooks'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: seconds },
    cookies: { keys: ['test'] },
  });
  const callback = provider.callback();
  handle = (request, response) => void callback(request, response);
  return {
    url: `${origin}/token`,
    requests,
    clientOf: async (token) => (await provider.ClientCredentials.find(token))?.clientId,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
