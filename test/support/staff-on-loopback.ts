import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { overhear, signingJwk, staffProvider, throughProvider } from './oidc.ts';

/** An identity provider on loopback, and staff who sign in there without a browser. */
export interface StaffOnLoopback {
  issuer: string;
  clientId: string;
  /** Everything secret that went over the wire: tokens, codes, verifiers. */
  secrets: Set<string>;
  /** Paths and queries that the provider was asked for. */
  addresses: string[];
  /** What the provider says at its token endpoint instead of the truth; undefined: the truth. */
  lie: { status: number; body: Record<string, unknown> } | undefined;
  /** Tells it where Posthorn is, once that is known. */
  serve(apiUrl: string): void;
  /**
   * Signs somebody in.
   * @returns the cookies that the browser was given (value of each), and where it was sent, one after the other.
   */
  signIn(): Promise<{ cookies: Map<string, string>; given: string[]; locations: string[] }>;
  close(): Promise<void>;
}

export async function startStaff(clientId: string, groups: string[]): Promise<StaffOnLoopback> {
  let apiUrl = '';
  let handle: ReturnType<ReturnType<typeof staffProvider>['callback']> | undefined;
  let finish: ReturnType<typeof staffProvider>['interactionFinished'] | undefined;
  const server = createServer((request, response) => {
    staff.addresses.push(request.url ?? '');
    if (request.url?.startsWith('/interaction/') === true)
      return void finish?.(request, response, { login: { accountId: 'anna' } });
    if (request.url === '/token') {
      request.on('data', (chunk: Buffer) => remember(staff.secrets, new URLSearchParams(String(chunk))));
      if (staff.lie) {
        const { status, body } = staff.lie;
        return void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      }
      overhear(response, ({ id_token, access_token }) => {
        for (const token of [id_token, access_token]) if (token !== undefined) staff.secrets.add(token);
        // Whoever takes a token apart logs one of its parts.
        for (const part of id_token?.split('.').slice(1) ?? []) staff.secrets.add(part);
      });
    }
    void handle?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const staff: StaffOnLoopback = {
    ...{ issuer, clientId, secrets: new Set(), addresses: [], lie: undefined },
    serve: (url) => {
      apiUrl = url;
      const provider = staffProvider({
        ...{ issuer, clientId, key: signingJwk('staff'), callback: `${url}/v1/sign-in/callback` },
        groups: () => groups,
      });
      handle = provider.callback();
      finish = provider.interactionFinished.bind(provider);
    },
    signIn: async () => {
      const cookies = new Map<string, string>();
      const given: string[] = [];
      const locations: string[] = [];
      const visit = async (url: string): Promise<string> => {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
        for (const one of answer.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(one)!;
          cookies.set(name!, value!);
          if (value !== '') given.push(value!);
        }
        locations.push(answer.headers.get('location') ?? '');
        return locations.at(-1)!;
      };
      const callback = await throughProvider(await visit(`${apiUrl}/v1/sign-in`), apiUrl);
      locations.push(callback);
      await visit(callback);
      return { cookies, given, locations };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return staff;
}

/** What the form of a code's exchange holds. The code was in an address, as OpenID Connect has it; it counts once. */
function remember(secrets: Set<string>, form: URLSearchParams): void {
  for (const name of ['code', 'code_verifier']) {
    const value = form.get(name);
    if (value !== null) secrets.add(value);
  }
}
