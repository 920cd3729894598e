import { checkEndpointUrl, isLocalReceiver, type EndpointUrlOptions } from '../../domain/endpoint/endpoint-url.ts';
import { OutgoingError } from './failure.ts';

/** A URL, taken apart once. */
export interface Destination {
  /** Connections are shared by targets of the same origin. */
  origin: string;
  /** Path and query as they go on the request line. */
  path: string;
  /** Name or address literal, without brackets and without a final dot. */
  hostname: string;
  port: number;
  secure: boolean;
  /** The local platform's own receiver on loopback. */
  local: boolean;
}

// A platform with more endpoints than this pays about 3 µs per request for parsing again.
const REMEMBERED = 2000;

/**
 * Gives a function that checks and parses the URL of a request. It remembers the last {@link REMEMBERED} URLs: checking
 * one costs more than the rest of a request's bookkeeping.
 * The function throws an OutgoingError of class `blocked_address` for a URL that may not be contacted.
 */
export function createTargets(options: EndpointUrlOptions): (url: string) => Destination {
  const known = new Map<string, Destination>();
  return (url) => {
    const remembered = known.get(url);
    if (remembered) return remembered;
    const target = parseTarget(url, options);
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value!);
    known.set(url, target);
    return target;
  };
}

function parseTarget(url: string, options: EndpointUrlOptions): Destination {
  const checked = checkEndpointUrl(url, options);
  if (!checked.ok) throw new OutgoingError('blocked_address', `the endpoint's URL ${checked.detail}`);
  const { origin, protocol, hostname, port, pathname, search } = new URL(checked.url);
  const secure = protocol === 'https:';
  return {
    origin,
    path: pathname + search,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.replace(/\.$/, ''),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    secure,
    local: options.localReceivers && isLocalReceiver(url),
  };
}
