/** What an unsuccessful answer says, or why there was none. `detail` is for the person in front of the screen. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0: no answer came. */
  readonly status: number;
  readonly errors: { pointer: string; detail: string }[];

  constructor(status: number, detail: string, errors: { pointer: string; detail: string }[] = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** Values of query parameters; undefined and empty ones are left out. */
export type Query = Record<string, string | number | undefined>;

/** The management API as one key sees it. */
export interface Client {
  get<T>(path: string, query?: Query): Promise<T>;
  /** The answer's text, for what JSON.parse would change: digits of numbers. */
  getText(path: string): Promise<string>;
  /** POST, PATCH or DELETE. */
  send<T = void>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

/**
 * @param key of every request; it goes nowhere else.
 * @param onRefused called when the API no longer knows the key.
 */
export function createClient(key: string, onRefused: () => void): Client {
  async function call(method: string, path: string, body?: unknown): Promise<string> {
    const response = await request(path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        // By it a ping says that it was asked for here.
        'posthorn-client': 'console',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response.text();
    if (response.status === 401) onRefused();
    throw await toError(response);
  }
  return {
    get: async <T>(path: string, query: Query = {}) => parse<T>(await call('GET', withQuery(path, query))),
    getText: (path) => call('GET', path),
    send: async <T>(method: string, path: string, body?: unknown) => parse<T>(await call(method, path, body)),
  };
}

function parse<T>(text: string): T {
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function request(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, cache: 'no-store', credentials: 'omit' });
  } catch {
    throw new ApiError(0, 'The API could not be reached. Check the connection, then try again.');
  }
}

async function toError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as {
    detail?: string;
    message?: string;
    errors?: { pointer: string; detail: string }[];
  };
  const detail = body.detail ?? body.message ?? `The API answered with status ${response.status}.`;
  return new ApiError(response.status, detail, body.errors);
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}
