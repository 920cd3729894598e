import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type Provider from 'oidc-provider';
import type { JWK } from 'oidc-provider';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overhear, signingJwk, staffProvider } from '../../test/support/oidc.ts';
import { FAST_SETTINGS, startPosthorn, type OwnPosthorn } from '../../test/support/posthorn.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

// Staff sign in in a real browser, with a real OpenID Connect provider on loopback. Every way in which a token may be wrong is
// test/api/sign-in.test.ts; here are the main paths, as a person walks them.

const CLIENT = 'posthorn-console';
const MINUTE_MS = 60_000;
const LONG_MS = 240_000;
/** See test/support/moved-clock.mjs: what is over after a quarter of an hour is seen at once. */
const folder = mkdtempSync(join(tmpdir(), 'posthorn-staff-'));
const MOVED_CLOCK = join(folder, 'moved-clock');
const PRELOADED = `--import ${new URL('../../test/support/moved-clock.mjs', import.meta.url).href}`;

/** Id tokens and access tokens that the provider gave, and cookies that a browser was given. */
const tokens = new Set<string>();
const lines: string[] = [];
/** Of every request of the last browser. */
let addresses: string[] = [];
let posthorn: OwnPosthorn;
let browser: ConsoleBrowser;
let server: Server;
let issuer: string;
let provider: Provider;
/** Who signs in at the provider, and in which groups. */
let person = { sub: 'anna', groups: ['posthorn-admins'] };

beforeAll(async () => {
  writeFileSync(MOVED_CLOCK, '0');
  server = createServer((request, response) => {
    if (request.url === '/elsewhere') response.setHeader('content-type', 'text/html').end('<h1>Elsewhere</h1>');
    else if (request.url?.startsWith('/interaction/') === true)
      void provider.interactionFinished(request, response, { login: { accountId: person.sub } });
    else {
      if (request.url === '/token') listen(response);
      void provider.callback()(request, response);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  posthorn = await startPosthorn({
    settings: {
      ...FAST_SETTINGS,
      POSTHORN_OIDC_ISSUER: issuer,
      POSTHORN_OIDC_CLIENT_ID: CLIENT,
      POSTHORN_OIDC_SCOPES: '{"posthorn-admins":"admin","desk":"support"}',
    },
    onLog: ({ line }) => void lines.push(line),
    localVariables: { POSTHORN_LOCAL_RECEIVERS: 'allow', NODE_OPTIONS: PRELOADED, MOVED_CLOCK },
  });
  provide(signingJwk('first'));
  browser = await startBrowser(posthorn.apiUrl);
}, LONG_MS);
afterAll(async () => {
  await posthorn.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** Remembers the tokens of an answer. */
const listen = (response: ServerResponse): void =>
  overhear(response, ({ id_token, access_token }) => {
    for (const token of [id_token, access_token]) if (token !== undefined) tokens.add(token);
  });

/** Starts the provider anew, with this key. */
function provide(key: JWK): void {
  provider = staffProvider({
    ...{ issuer, key, clientId: CLIENT, callback: `${posthorn.apiUrl}/v1/sign-in/callback` },
    groups: () => person.groups,
  });
}

/** Somebody who has just signed in, in a browser of their own. */
async function signedIn(
  sub: string,
  groups: string[],
): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  person = { sub, groups };
  const { page, faults, requests } = await browser.open('/console/overview');
  addresses = requests;
  await page.getByRole('link', { name: 'Sign in with your organization' }).click();
  return { page, context: page.context(), faults };
}

const isIn = (page: Page) => page.getByRole('button', { name: 'Sign out' }).waitFor();
const isOut = (page: Page) => page.getByLabel('API key').waitFor();

/** Does something while the clocks of all functions are ahead. */
async function ahead<T>(ms: number, work: () => Promise<T>): Promise<T> {
  writeFileSync(MOVED_CLOCK, String(ms));
  return work().finally(() => writeFileSync(MOVED_CLOCK, '0'));
}

const actionsOf = async (actor: string): Promise<string[]> => {
  const { body } = await posthorn.call<{ data: { action: string }[] }>('GET', `/v1/audit?actor=${actor}`);
  return body.data.map(({ action }) => action).reverse();
};

describe('staff with the provider', () => {
  it(
    'sign in, in all tabs at once, and out of all of them; both are in the audit trail',
    async () => {
      const { page, context, faults } = await signedIn('anna', ['posthorn-admins']);
      await isIn(page);
      for (const { value } of await context.cookies(posthorn.apiUrl)) tokens.add(value);
      const tab = await context.newPage();
      await tab.goto(`${posthorn.apiUrl}/console/api-keys`);
      await tab.getByRole('heading', { name: 'API keys' }).waitFor();
      expect(JSON.stringify(await page.evaluate('document.cookie'))).toBe('""');

      await page.getByRole('button', { name: 'Sign out' }).click();
      await isOut(page);
      await tab.reload();

      await isOut(tab);
      expect(await actionsOf('user:anna')).toEqual(['user.signed_in', 'user.signed_out']);
      expect(faults).toEqual([]);
    },
    LONG_MS,
  );

  it(
    'have what their groups give, and nothing without one',
    async () => {
      const { page } = await signedIn('ben', ['desk']);
      await isIn(page);
      expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
      const refused = await page.evaluate(
        `fetch('/v1/api-keys',{headers:{'posthorn-client':'console'}}).then((r)=>r.status)`,
      );
      expect(refused).toBe(403);

      const { page: other } = await signedIn('carl', ['visitors']);

      await other.getByText('not in a group that may use Posthorn').waitFor();
    },
    LONG_MS,
  );

  it(
    'are out after a quarter of an hour without use',
    async () => {
      const { page } = await signedIn('dora', ['desk']);
      await isIn(page);

      await ahead(16 * MINUTE_MS, async () => {
        await page.reload();
        await isOut(page);
      });
    },
    LONG_MS,
  );

  it(
    'stay in, and nothing changes, when a page from elsewhere has their browser ask',
    async () => {
      const { page, context } = await signedIn('ella', ['posthorn-admins']);
      await isIn(page);
      const elsewhere = await context.newPage();
      await elsewhere.goto(`${issuer}/elsewhere`);

      // The same site, as another port of this machine is, so that the cookie goes with it.
      await elsewhere.evaluate(
        `Promise.all(['sign-out','api-keys'].map((path) => fetch('${posthorn.apiUrl}/v1/' + path, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"scopes":["admin"]}' })))`,
      );

      await page.reload();
      await isIn(page);
      expect(await actionsOf('user:ella')).toEqual(['user.signed_in']);
    },
    LONG_MS,
  );

  it(
    'sign in with the new key when the provider has replaced its own',
    async () => {
      provide(signingJwk('second'));

      // The keys of a provider are asked for again half a minute after the last time.
      await ahead(MINUTE_MS, async () => {
        const { page } = await signedIn('fred', ['desk']);
        await isIn(page);
      });
    },
    LONG_MS,
  );
});

describe('id tokens, access tokens and cookies', () => {
  it('are in no log line, metric, audit record or other row, no message and no address', async () => {
    const parts = [...tokens].flatMap((token) => [token, ...token.split('.').filter((part) => part.length > 40)]);
    const holds = (text: string): boolean => parts.some((part) => text.includes(part));
    // First, that there was something to look for, and that it would be seen.
    expect(tokens.size).toBeGreaterThan(8);
    expect(holds(`{"id_token":"${[...tokens][0]!}"}`)).toBe(true);
    expect(lines.length).toBeGreaterThan(50);

    const { TableNames = [] } = await posthorn.dynamoDb.send(new ListTablesCommand({}));
    const found: string[] = [];
    for (const TableName of TableNames) {
      const { Items = [] } = await posthorn.dynamoDb.send(new ScanCommand({ TableName }));
      found.push(...Items.map((item) => JSON.stringify(item)));
    }
    for (const queue of ['Events', 'Deliveries', 'Recovery'])
      found.push(...(await posthorn.peek(`${queue}DeadLetterQueueUrl`)).map((body) => JSON.stringify(body)));

    expect(found.some((row) => row.includes('user.signed_in'))).toBe(true);
    expect([...lines, ...found, ...addresses].filter(holds)).toEqual([]);
  });
});
