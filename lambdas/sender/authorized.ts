import type { StoredCredentials } from '../domain/subscription/auth.ts';
import type { Answer, SenderDeps, Token } from './ports.ts';
import type { Header } from '../domain/delivery/request.ts';

/** What came of a request, and its headers as the log shows them; none: it was not made. */
export interface Posted {
  answer: Answer;
  loggedHeaders?: Record<string, string>;
  /** Of the body that was sent. */
  requestBytes?: number;
}

/** Makes the request of an attempt with this header of credentials. @param leftMs of the attempt's time. */
export type Post = (header: Header | undefined, leftMs: number) => Promise<Posted>;

export interface Authorization {
  /** Names the credentials: tokens are kept by it. */
  ref: string;
  credentials: StoredCredentials;
  /** Of the whole attempt, with all requests that it takes. */
  timeoutMs: number;
  /** What the function has left beyond that: for as long at most it makes up for what it is late itself. */
  spareMs: number;
}

/**
 * Makes the request of an attempt with its subscription's credentials. A token that the endpoint refuses (401) may have been
 * revoked: one new one is fetched, and the request made once more, within the same attempt and its time.
 */
export async function authorized(
  post: Post,
  { ref, credentials, timeoutMs, spareMs }: Authorization,
  { tokens, now, customers }: Pick<SenderDeps, 'tokens' | 'now' | 'customers'>,
): Promise<Posted> {
  if (credentials.type !== 'oauth2') return post(headerOf(credentials), timeoutMs);
  const until = now() + timeoutMs;
  const lagBefore = customers.ownLagMs();
  const left = (): number => until + Math.min(customers.ownLagMs() - lagBefore, spareMs) - now();
  const withToken = async (token: Token): Promise<Posted> => {
    if (!token.ok) return { answer: token.failure };
    if (left() > 0) return post({ name: 'authorization', value: `Bearer ${token.value}` }, left());
    return { answer: outOfTime(timeoutMs) };
  };
  const token = await tokens.get(ref, credentials, timeoutMs);
  const posted = await withToken(token);
  const isRefused = token.ok && posted.answer.kind === 'response' && posted.answer.status === 401;
  if (!isRefused || left() <= 0) return posted;
  return withToken(await tokens.renew(ref, credentials, left(), token.value));
}

/** RFC 7617 §2 and §2.1 (UTF-8), RFC 6750 §2.1. */
function headerOf(credentials: Exclude<StoredCredentials, { type: 'oauth2' }>): Header {
  switch (credentials.type) {
    case 'basic': {
      const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
      return { name: 'authorization', value: `Basic ${pair}` };
    }
    case 'bearer':
      return { name: 'authorization', value: `Bearer ${credentials.token}` };
    case 'header':
      return { name: credentials.name, value: credentials.value };
  }
}

function outOfTime(timeoutMs: number): Answer {
  const reason = `timeout after ${timeoutMs} ms, waiting for the token endpoint`;
  return { kind: 'error', class: 'token_error', reason, timings: { total: timeoutMs } };
}
