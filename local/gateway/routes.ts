/** A route key of an HTTP API, e.g. `GET /v1/events/{id}`, taken apart. */
export interface Route<T> {
  key: string;
  method: string;
  segments: string[];
  target: T;
}

/** The route that a request takes, with the decoded values of its path parameters. */
export interface Match<T> {
  route: Route<T>;
  parameters: Record<string, string>;
}

const DEFAULT_ROUTE = '$default';

/** Reads a route key. @throws when it is neither `$default` nor `METHOD /path`. */
export function parseRoute<T>(key: string, target: T): Route<T> {
  if (key === DEFAULT_ROUTE) return { key, method: 'ANY', segments: [], target };
  const [, method = '', path = ''] = /^([A-Z]+) \/(.*)$/.exec(key) ?? [];
  if (!method) throw new Error(`Expected a route key like "GET /path" or "$default", got "${key}".`);
  return { key, method, segments: path.split('/'), target };
}

/**
 * Chooses as API Gateway does: a path without greedy parameter before a greedy one before $default; then the one with
 * more fixed segments from the left; then a named method before ANY.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @param path decoded, with its leading slash.
 */
export function matchRoute<T>(routes: Route<T>[], method: string, path: string): Match<T> | undefined {
  const asked = path.slice(1).split('/');
  let best: { match: Match<T>; rank: string } | undefined;
  for (const route of routes) {
    if (route.method !== 'ANY' && route.method !== method) continue;
    const parameters = route.key === DEFAULT_ROUTE ? {} : bind(route.segments, asked);
    if (!parameters) continue;
    const rank = rankOf(route);
    if (!best || rank < best.rank) best = { match: { route, parameters }, rank };
  }
  return best?.match;
}

function bind(pattern: string[], asked: string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [i, segment] of pattern.entries()) {
    const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(segment) ?? [];
    const value = greedy ? asked.slice(i).join('/') : asked[i];
    if (value === undefined || (name === undefined ? value !== segment : value === '')) return undefined;
    if (name !== undefined) parameters[name] = value;
    if (greedy) return parameters;
  }
  return pattern.length === asked.length ? parameters : undefined;
}

/** A text that sorts better routes first: one digit per segment, so that earlier segments decide. */
function rankOf<T>({ key, method, segments }: Route<T>): string {
  if (key === DEFAULT_ROUTE) return '3';
  const greedy = segments.at(-1)?.endsWith('+}') ? '1' : '0';
  const kinds = segments.map((s) => (s.endsWith('+}') ? '2' : s.startsWith('{') ? '1' : '0')).join('');
  return `${greedy}${kinds}${method === 'ANY' ? '1' : '0'}`;
}
