import { z } from 'zod';
import { Problem } from '../../domain/problem.ts';
import type { PortalLink, SessionStore } from '../../stores/sessions.ts';
import type { Auditor } from '../audit/audit.ts';
import { owner } from '../http/query-schema.ts';
import type { RefuseClosed } from '../purges/routes.ts';
import { route, type Route } from '../http/route.ts';

const MINUTE_MS = 60_000;
const FEWEST_MINUTES = 5;
const MOST_MINUTES = 720;
/** Where the console takes the token out of the address: after the `#`, which browsers send to nobody. */
const PAGE = '/console/portal';

export interface PortalRouteDeps {
  sessions: Pick<SessionStore, 'start' | 'end' | 'keepLink' | 'getLink' | 'takeLink'>;
  refuseClosed: RefuseClosed;
  record: Auditor;
  newLinkId(): string;
  /** A token that nobody can guess, and its hash. */
  newToken(): { key: string; hash: string };
  hash(token: string): string;
  now(): number;
}

const returnUrl = z
  .string()
  .max(2048)
  .refine(isPage, 'expected an https URL without user name and password')
  .optional()
  .describe('Where the console leads back to');

/** Links for the platform's own admin panel: one organization's console, for whoever opens the link first. */
export function portalRoutes(deps: PortalRouteDeps): Route[] {
  const { sessions, record, now } = deps;
  return [
    route({
      operation: 'createPortalLink',
      method: 'POST',
      path: '/v1/portal-links',
      summary: "Make a link to one organization's console, for the platform's own admin panel; it can be opened once",
      access: ['admin'],
      body: z.strictObject({
        organization: owner,
        account: owner.optional().describe('Sees this account of it alone'),
        read_only: z.boolean().optional().describe('May read but change nothing'),
        minutes: z
          .int()
          .min(FEWEST_MINUTES)
          .max(MOST_MINUTES)
          .default(60)
          .describe('How long the link and its console last'),
        return_url: returnUrl,
      }),
      success: {
        status: 201,
        description: 'The link',
        schema: z.object({ url: z.string().describe('Shown only in this answer'), expires_at: z.string() }),
      },
      handle: async ({ principal, body, baseUrl }) => {
        const { organization, account, read_only, minutes, return_url } = body;
        const ends_ms = now() + minutes * MINUTE_MS;
        const expires_at = new Date(ends_ms).toISOString();
        await deps.refuseClosed(organization);
        const id = deps.newLinkId();
        const rights = { scopes: ['organization' as const], organization, account, read_only, expires_at };
        const { key, hash } = deps.newToken();
        await record(principal, {
          action: 'portal_link.created',
          type: 'portal_link',
          id,
          organization,
          after: { id, ...rights },
        });
        await sessions.keepLink(hash, { id, rights, ends_ms, return_url });
        return { status: 201, body: { url: `${baseUrl}${PAGE}#${key}`, expires_at } };
      },
    }),
    route({
      operation: 'openPortalLink',
      method: 'POST',
      path: '/v1/portal-sessions',
      summary: 'Exchange the token of a portal link for a session, once',
      access: 'public',
      body: z.strictObject({ token: z.string().max(200) }),
      success: {
        status: 201,
        description: 'The session; its key goes with each request as an API key does',
        schema: z.object({ key: z.string(), expires_at: z.string(), return_url: z.string().optional() }),
      },
      handle: async ({ body: { token } }) => {
        const linkHash = deps.hash(token);
        const link = await sessions.getLink(linkHash);
        if (!link) throw ended();
        const { key, hash } = deps.newToken();
        await record({ keyId: link.id, scopes: [] }, opened(link));
        await sessions.start(hash, { actor: link.id, rights: link.rights, ends_ms: link.ends_ms, by: 'bearer' });
        // Of several who open it at the same time the first one has it.
        if (!(await sessions.takeLink(linkHash))) {
          await sessions.end(hash);
          throw ended();
        }
        const expires_at = new Date(link.ends_ms).toISOString();
        return { status: 201, body: { key, expires_at, return_url: link.return_url } };
      },
    }),
  ];
}

function opened({ id, rights: { organization } }: PortalLink) {
  return { action: 'portal_link.opened' as const, type: 'portal_link' as const, id, organization, changed: [] };
}

/** The same for one that never was: nobody learns which tokens there are. */
function ended(): Problem {
  return new Problem('not-found', 'This link has been opened before, or has expired. Open a new one.');
}

/** The admin panel may be inside the platform's own network, so any host will do; http on this machine alone. */
function isPage(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isLocal = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (protocol === 'https:' || isLocal) && username === '' && password === '';
}
