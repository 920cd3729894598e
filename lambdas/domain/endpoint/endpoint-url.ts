import { isPublicAddress } from './address.ts';

/** Longest URL of an endpoint, characters. */
export const URL_LIMIT = 2048;

/** Names that never lead to a customer on the internet: RFC 6761, RFC 6762, RFC 8375, RFC 7686, ICANN's .internal, and usual private ones. */
const PRIVATE_SUFFIXES = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'onion',
];

/** Databases, caches, brokers, desktops and administration: a POST there is never a webhook. */
const REFUSED_PORTS = new Set([
  1433, 1521, 2049, 2181, 2375, 2376, 2379, 3306, 3389, 5432, 5672, 5900, 6379, 9042, 9092, 9200, 9300, 11211, 27017,
]);

/** What may be an endpoint besides public https. */
export interface EndpointUrlOptions {
  /** Admit http as well: a development switch of the operator. */
  allowHttp: boolean;
  /** Admit exactly `http://127.0.0.1:<port>` and `http://localhost:<port>`, any path: the local platform alone. */
  localReceivers: boolean;
}

export type EndpointUrlCheck = { ok: true; url: string } | { ok: false; detail: string };

/**
 * Whether a URL may be a customer's endpoint. `url` of the answer is its WHATWG-normalised form, the one to store and
 * to deliver to. Nothing is resolved: the addresses behind a name are checked when the connection is made.
 * `detail` says what was expected and what to do, for the person who typed it; it does not repeat the URL.
 */
export function checkEndpointUrl(url: unknown, options: EndpointUrlOptions): EndpointUrlCheck {
  const detail = typeof url !== 'string' ? 'must be a string' : (wrongText(url) ?? wrongUrl(url, options));
  return detail === undefined ? { ok: true, url: new URL(url as string).href } : { ok: false, detail };
}

/** True for a URL that only {@link EndpointUrlOptions.localReceivers} admits. */
export function isLocalReceiver(url: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|localhost):\d{1,5}(?=[/?]|$)/.test(url);
}

/** The host of a URL as it stands in a row: all of it that may be told, because paths and queries may hold tokens. */
export function hostOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : undefined;
}

/** Rules that the text must keep before a parser repairs it: parsers drop, fold and guess, each in its own way. */
function wrongText(url: string): string | undefined {
  if (url.length > URL_LIMIT) return `must have at most ${URL_LIMIT} characters, not ${url.length}`;
  if (!/^[\x21-\x7e]*$/.test(url))
    return 'must be printable ASCII without spaces; write international names in punycode and encode the path';
  if (url.includes('\\')) return 'must not contain a backslash';
  if (url.includes('#')) return 'must not have a fragment (#…): it would never be sent';
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?]+)/i.exec(url)?.[1];
  if (authority === undefined) return 'must be a full URL with two slashes: https://<host>/<path>';
  if (authority.includes('@')) return 'must not contain a user name or password; set them in auth instead';
  return URL.canParse(url) ? undefined : 'is not a URL that can be parsed';
}

function wrongUrl(text: string, options: EndpointUrlOptions): string | undefined {
  const { protocol, hostname, port, href } = new URL(text);
  if (href.length > URL_LIMIT) return `must have at most ${URL_LIMIT} characters when encoded, not ${href.length}`;
  if (options.localReceivers && isLocalReceiver(text)) return undefined;
  if (protocol !== 'https:' && !(protocol === 'http:' && options.allowHttp)) return 'must begin with https://';
  if (port !== '' && !isAllowedPort(Number(port)))
    return `must use port 443 or a port from 1024 that is not a well-known database or administration port, not ${port}`;
  return wrongHost(hostname);
}

function isAllowedPort(port: number): boolean {
  return port === 443 || (port >= 1024 && !REFUSED_PORTS.has(port));
}

function wrongHost(hostname: string): string | undefined {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  if (literal !== hostname || /^[\d.]+$/.test(hostname))
    return isPublicAddress(literal) ? undefined : 'must not be a private, loopback, link-local or reserved address';
  const name = hostname.replace(/\.$/, '').toLowerCase();
  if (PRIVATE_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`)))
    return 'must be a public host name, not one of a private network';
  const labels = name.split('.');
  if (labels.length < 2) return 'must be a full host name with a dot, e.g. hooks.example.com';
  if (name.length > 253 || !labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)))
    return 'must be a host name of letters, digits and inner hyphens, at most 63 characters between dots and 253 in all';
  if (/^\d+$/.test(labels.at(-1)!)) return 'must be a host name whose last part is not a number';
  return undefined;
}
