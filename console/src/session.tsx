import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { BASE_PATH } from './base-path.ts';
import { ApiError, bodyOf, createClient, type Client } from './api/client.ts';
import type { Me } from './api/types.ts';
import { answerOtherTabs, askOtherTabs, endInOtherTabs, mayShare } from './shared-session.ts';

/** Session storage: the key ends with its tabs and is never sent by itself, as a cookie would be. */
const STORED = 'posthorn-session';

/** Where the links of a portal lead. */
export const PORTAL_PATH = '/console/portal';

/** Scopes that see subscriptions and the log. */
const SEEING: ReadonlySet<string> = new Set(['admin', 'support', 'organization']);

interface Stored {
  /** Empty: the session of a cookie, which all tabs share. */
  key: string;
  me: Me;
  /** Opened by a link of the platform's own pages. */
  portal?: Portal;
}

/** Where a portal link came from. */
export interface Portal {
  /** Absent: nobody said where to go back to. */
  returnUrl?: string;
}

/** Who is signed in, and the API as that key sees it. */
export interface Session {
  me: Me;
  /** It sees all organizations: administrators and support. */
  isStaff: boolean;
  /** It makes keys, and sees signing secrets and the audit trail of all. */
  isAdmin: boolean;
  /** Sees signing secrets: support does not. */
  maySeeSecrets: boolean;
  /** May change and send something. */
  mayChange: boolean;
  /** Absent: signed in by a key. */
  portal?: Portal;
  client: Client;
  signOut(): void;
}

interface SessionState {
  session: Session | undefined;
  /** Other tabs are being asked whether somebody is signed in there. */
  isAsking: boolean;
  /** Why the last session ended, when not by the person's wish. */
  ended: string | undefined;
  /** @throws ApiError that says why not. */
  signIn(key: string): Promise<void>;
  /** Goes on with the session of a cookie, where there is one. @returns whether there is. */
  resume(): Promise<boolean>;
  /** Exchanges the token of a portal link, once. @throws ApiError that says why not. */
  openPortal(token: string): Promise<void>;
}

const SessionContext = createContext<SessionState | undefined>(undefined);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [stored, setStored] = useState(readStored);
  const [ended, setEnded] = useState<string>();
  const [isAsking, setAsking] = useState(() => stored === undefined && mayShare() && !isPortalLink());
  const queries = useQueryClient();
  const end = useCallback(
    (reason?: string): void => {
      store(undefined);
      queries.clear();
      setEnded(reason);
      setStored(undefined);
    },
    [queries],
  );
  const state = useMemo<SessionState>(() => {
    const clientOf = ({ key, portal }: Stored): Client =>
      createClient(key, () =>
        end(
          portal
            ? 'This link has expired. Open a new one where you came from.'
            : key === ''
              ? 'You were signed out, here or in another tab, or because you were inactive for some time.'
              : 'The API key is not valid: it has expired, was revoked, or never existed. Sign in again.',
        ),
      );
    const begin = (next: Stored): void => {
      store(next);
      setEnded(undefined);
      setStored(next);
    };
    return {
      isAsking,
      ended,
      session: stored && {
        me: stored.me,
        isStaff: stored.me.scopes.some((scope) => scope === 'admin' || scope === 'support'),
        isAdmin: stored.me.scopes.includes('admin'),
        maySeeSecrets: stored.me.scopes.some((scope) => scope === 'admin' || scope === 'organization'),
        mayChange: stored.me.read_only !== true,
        portal: stored.portal,
        client: clientOf(stored),
        signOut: () => {
          // The answer changes nothing: without its cookie the session ends by itself.
          if (stored.key === '')
            void createClient('', () => undefined)
              .POST('/v1/sign-out')
              .catch(() => undefined);
          else if (isShared(stored)) endInOtherTabs(stored.me.id);
          end(stored.portal && 'You have left the console. Open a new link where you came from.');
          // Out of the frame as well.
          if (stored.portal?.returnUrl !== undefined) window.open(stored.portal.returnUrl, '_top');
        },
      },
      async signIn(key) {
        const me = await askWho(key);
        if (!me.scopes.some((scope) => SEEING.has(scope))) {
          throw new ApiError(403, 'This key may only publish events. The console needs a key that may read the log.');
        }
        begin({ key, me });
      },
      async resume() {
        const found = await bodyOf(createClient('', () => undefined).GET('/v1/me')).catch(() => undefined);
        if (found) begin({ key: '', me: found });
        return found !== undefined;
      },
      async openPortal(token) {
        end();
        const { key, return_url } = await bodyOf(
          createClient('', () => undefined).POST('/v1/portal-sessions', { body: { token } }),
        );
        begin({ key, me: await askWho(key), portal: { returnUrl: return_url } });
      },
    };
  }, [stored, ended, isAsking, end]);
  useEffect(() => {
    if (!isAsking) return;
    const join = async (): Promise<void> => {
      const key = await askOtherTabs();
      if (key !== undefined) await state.signIn(key);
    };
    // A key that is no good any more: its person is asked for another.
    void join()
      .catch(() => undefined)
      .finally(() => setAsking(false));
    // Once: who has just signed out is not signed in again.
  }, []);
  useEffect(() => {
    if (!stored || !isShared(stored)) return;
    return answerOtherTabs({ key: stored.key, keyId: stored.me.id }, () => end('You were signed out in another tab.'));
  }, [stored, end]);
  return <SessionContext value={state}>{children}</SessionContext>;
}

/** For the sign-in page and the frame around all pages. */
export function useSessionState(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('Expected a SessionProvider above.');
  return state;
}

/** For pages, which are shown only to somebody signed in. */
export function useSession(): Session {
  const { session } = useSessionState();
  if (!session) throw new Error('Expected somebody to be signed in.');
  return session;
}

/** Sessions of cookies are shared by the browser, and those of portal links by nobody. */
function isShared({ key, portal }: Stored): boolean {
  return key !== '' && portal === undefined && mayShare();
}

/** Whoever opens a portal link is about to have a session of its own. */
function isPortalLink(): boolean {
  return window.location.pathname === BASE_PATH + PORTAL_PATH;
}

function readStored(): Stored | undefined {
  try {
    const text = sessionStorage.getItem(STORED);
    return text === null ? undefined : (JSON.parse(text) as Stored);
  } catch {
    return undefined;
  }
}

/** A browser that lets frames of other sites keep nothing refuses: then the session ends with the page. */
function store(session: Stored | undefined): void {
  try {
    if (session) sessionStorage.setItem(STORED, JSON.stringify(session));
    else sessionStorage.removeItem(STORED);
  } catch {
    // It stays in memory.
  }
}

async function askWho(key: string): Promise<Me> {
  try {
    return await bodyOf(createClient(key, () => undefined).GET('/v1/me'));
  } catch (error) {
    // The API speaks of headers here; the person in front of the form typed a key.
    if (error instanceof ApiError && error.status === 401) {
      throw new ApiError(401, 'This key is not valid. Check that you copied all of it, and that it is not revoked.');
    }
    throw error;
  }
}
