import { setTimeout as sleep } from 'node:timers/promises';

/** One delivery, as a request would be. */
export interface FeedItem {
  id: string;
  headers: Record<string, string>;
  /** Absent: the key may not see it. */
  body?: string;
}

/** A page of the feed. */
export interface FeedPage {
  data: FeedItem[];
  page: string | null;
  next: string | null;
}

/** As far as it matters here. */
export interface Subscription {
  id: string;
  delivery: 'push' | 'pull';
  description?: string;
}

/** What cannot go on: somebody has to change something first. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** What may be over in a while. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  /** As long as Posthorn asks to wait, seconds. */
  readonly afterSeconds: number | undefined;
  /** 0: there was no answer. */
  readonly status: number;

  constructor(message: string, status = 0, afterSeconds?: number) {
    super(message);
    this.status = status;
    this.afterSeconds = afterSeconds;
  }
}

export interface PosthornOptions {
  /** Base URL of the API. */
  url: string;
  key: string;
  version: string;
  /** Seconds that an answer may take, beyond what was asked to be waited. @default 20 */
  timeoutSeconds?: number;
}

/** The parts of Posthorn's API that reading a feed takes. Each throws {@link Refused} or {@link Unavailable}. */
export interface Posthorn {
  /** Subscriptions of the key's organization that are fetched. */
  pulled(): Promise<Subscription[]>;
  subscription(id: string): Promise<Subscription>;
  /** @param signal ends the waiting. */
  feed(id: string, asked: { wait: number; after?: string }, signal: AbortSignal): Promise<FeedPage>;
  acknowledge(id: string, body: { through: string; page: string }): Promise<void>;
}

const TIMEOUT_SECONDS = 20;

export function createPosthorn({ url, key, version, timeoutSeconds = TIMEOUT_SECONDS }: PosthornOptions): Posthorn {
  const call = async <T>(
    method: string,
    path: string,
    { body, signal, wait = 0 }: { body?: unknown; signal?: AbortSignal; wait?: number } = {},
  ): Promise<T> => {
    const deadline = AbortSignal.timeout((wait + timeoutSeconds) * 1000);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          'user-agent': `posthorn-receiver/${version}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // The key is for this address alone.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      text = await response.text();
    } catch (error) {
      throw new Unavailable(`Posthorn does not answer at ${url} (${causeOf(error)})`);
    }
    return answerOf<T>(response, text, url);
  };
  return {
    async pulled() {
      const { data } = await call<{ data: Subscription[] }>('GET', '/v1/subscriptions?state=pull&limit=100');
      return data;
    },
    subscription: (id) => call('GET', `/v1/subscriptions/${encodeURIComponent(id)}`),
    feed(id, { wait, after }, signal) {
      const query = new URLSearchParams({ wait: String(wait), ...(after === undefined ? {} : { after }) });
      return call('GET', `/v1/subscriptions/${encodeURIComponent(id)}/feed?${query.toString()}`, { signal, wait });
    },
    async acknowledge(id, body) {
      await call('POST', `/v1/subscriptions/${encodeURIComponent(id)}/feed/ack`, { body });
    },
  };
}

/** Statuses that another try may change; 409: the subscription is paused, or has no secret yet. */
const PASSING = new Set([408, 409, 425, 429]);

function answerOf<T>(response: Response, text: string, url: string): T {
  const { status } = response;
  const answer = parse(text) as { detail?: unknown } | undefined;
  if (status >= 200 && status <= 299 && typeof answer === 'object' && answer !== null) return answer as T;
  const detail = typeof answer?.detail === 'string' ? answer.detail : 'no explanation';
  const said = `Posthorn answered ${status}: ${detail}`;
  const after = Number(response.headers.get('retry-after'));
  if (status >= 500 || PASSING.has(status)) throw new Unavailable(said, status, after > 0 ? after : undefined);
  if (status === 401)
    throw new Refused(`${said} Is POSTHORN_API_KEY the key of this Posthorn, and neither revoked nor expired?`);
  if (status < 400) throw new Refused(`Expected Posthorn's API at ${url}, got something else (status ${status}).`);
  throw new Refused(said);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** `fetch` hides the reason inside. */
function causeOf(error: unknown): string {
  const { cause, name, message, code } = error as { cause?: unknown; name?: string; message?: string; code?: string };
  if (name === 'TimeoutError') return 'no answer in time';
  if (cause !== undefined) return causeOf(cause);
  return code ?? message ?? 'unknown';
}

/** Waits, unless it is told to stop. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
