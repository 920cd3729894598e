import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import { BASE_PATH } from '../base-path.ts';
import type { paths } from './schema.generated.ts';

/** What an unsuccessful answer says, or why there was none. `detail` is for the person in front of the screen. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0: no answer came. */
  readonly status: number;
  readonly errors: { pointer: string; detail: string }[];
  /** When the API takes it again, seconds from its answer; undefined where it does not say. */
  readonly retryAfter: number | undefined;

  constructor(status: number, detail: string, errors: { pointer: string; detail: string }[] = [], retryAfter?: number) {
    super(detail);
    this.status = status;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/**
 * The management API as one key sees it, typed by the API's own description: a path, parameter or body that it does not
 * have does not compile. Lists come as JSON. Calls throw an {@link ApiError} for whatever is no success.
 */
export type Client = FetchClient<paths, 'application/json'>;

/**
 * @param key of every request; it goes nowhere else. Empty: the session of the browser's cookie.
 * @param onRefused called when the API no longer knows the key.
 * @param baseUrl where the API is; by default where the page came from.
 */
export function createClient(key: string, onRefused: () => void, baseUrl = BASE_PATH): Client {
  const client = createFetchClient<paths, 'application/json'>({
    baseUrl,
    cache: 'no-store',
    credentials: key === '' ? 'same-origin' : 'omit',
    // By the second one a ping says that it was asked for here.
    headers: { ...(key !== '' && { authorization: `Bearer ${key}` }), 'posthorn-client': 'console' },
  });
  client.use({
    async onResponse({ response }) {
      if (response.ok) return;
      if (response.status === 401) onRefused();
      throw await toError(response);
    },
    onError: () => new ApiError(0, 'The API could not be reached. Check the connection, then try again.'),
  });
  return client;
}

/** The body of a call that a {@link Client} made: what did not succeed was thrown. */
export async function bodyOf<Body>(call: Promise<{ data?: Body }>): Promise<Exclude<Body, undefined>> {
  return (await call).data as Exclude<Body, undefined>;
}

async function toError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as {
    detail?: string;
    message?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const detail = body.detail ?? body.message ?? `The API answered with status ${response.status}.`;
  const retryAfter = response.headers.get('retry-after') ?? '';
  return new ApiError(response.status, detail, body.errors, /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined);
}
