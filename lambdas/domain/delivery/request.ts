import type { Rendered } from '../formats/index.ts';
import type { SigningSecret } from '../secrets/rotation.ts';
import { wrongSecret } from '../secrets/stored.ts';
import {
  parsePrivateKey,
  parseSecret,
  signAsymmetric,
  signStandard,
  signTimestamped,
  type KeyObject,
} from '../secrets/signature.ts';
import { MASKED } from '../subscription/custom-headers.ts';
import { needsPrivateKey, type Subscription } from '../subscription/subscription.ts';

/** A request to a customer, and what of it the delivery log shows. */
export interface CustomerRequest {
  headers: Record<string, string>;
  /** The same with the customer's own values masked, which may be credentials, and the signatures but for their beginning. */
  loggedHeaders: Record<string, string>;
  body: Uint8Array;
}

/** The first six of a signature's 43 and more characters tell which secret made it, and forge nothing. */
const SIGNATURE = /(v1a?[,=].{6})[^ ,]*/g;

/** One header. */
export interface Header {
  name: string;
  value: string;
}

/**
 * Keys live as long as the list of secrets that the target store keeps (60 s); parsing one anew for each request costs
 * more than signing with it.
 */
const parsed = new WeakMap<SigningSecret, KeyObject>();
const parsedPrivate = new WeakMap<SigningSecret, KeyObject>();

/** Keys of all secrets that are valid now, newest first; one that cannot be read counts as none. */
function signingKeys(secrets: readonly SigningSecret[], nowMs: number): KeyObject[] {
  return keysOf(secrets, nowMs, parsed, ({ key }) => parseSecret(key));
}

/** The same of their private keys; a secret without one counts as none. */
function privateKeys(secrets: readonly SigningSecret[], nowMs: number): KeyObject[] {
  return keysOf(secrets, nowMs, parsedPrivate, ({ private_key = '' }) => parsePrivateKey(private_key));
}

/** What the deliveries of a subscription are signed with. */
export interface DeliveryKeys {
  keys: readonly KeyObject[];
  /** Absent: not wanted. */
  asymmetric?: readonly KeyObject[];
}

/** The keys among its secrets that are valid then, of each kind that it wants. */
export function keysFor(subscription: Subscription, secrets: readonly SigningSecret[], atMs: number): DeliveryKeys {
  const keys = signingKeys(secrets, atMs);
  return needsPrivateKey(subscription) ? { keys, asymmetric: privateKeys(secrets, atMs) } : { keys };
}

function keysOf(
  secrets: readonly SigningSecret[],
  nowMs: number,
  kept: WeakMap<SigningSecret, KeyObject>,
  parse: (secret: SigningSecret) => KeyObject,
): KeyObject[] {
  const keys: KeyObject[] = [];
  for (const secret of secrets) {
    if (secret.expires_ms !== undefined && secret.expires_ms <= nowMs) continue;
    const key = kept.get(secret) ?? parseOnce(secret, kept, parse);
    if (key) keys.push(key);
  }
  return keys;
}

/** What is wrong with the newest secret, to follow "got". @returns undefined when there is none, or it has only expired. */
export function wrongOfNewest([newest]: readonly SigningSecret[]): string | undefined {
  return newest && wrongSecret(newest.key);
}

function parseOnce(
  secret: SigningSecret,
  kept: WeakMap<SigningSecret, KeyObject>,
  parse: (secret: SigningSecret) => KeyObject,
): KeyObject | undefined {
  try {
    const key = parse(secret);
    kept.set(secret, key);
    return key;
  } catch {
    return undefined;
  }
}

export interface RequestContext {
  nowMs: number;
  version: string;
  credentials?: Header | undefined;
  asymmetric?: readonly KeyObject[];
}

/**
 * Headers as docs/design.md §9 lists them, over the very bytes that are sent.
 * @param more.nowMs this attempt's time.
 * @param more.credentials what the endpoint asks for, besides.
 * @param more.asymmetric private keys, newest first, where the subscription wants signatures with them.
 */
export function buildRequest(
  eventId: string,
  subscription: Subscription,
  rendered: Rendered,
  keys: readonly KeyObject[],
  { nowMs, version, credentials, asymmetric = [] }: RequestContext,
): CustomerRequest {
  const timestamp = Math.floor(nowMs / 1000);
  const body = Buffer.from(rendered.body);
  const headers: Record<string, string> = {};
  const loggedHeaders: Record<string, string> = {};
  const own = Object.entries(subscription.headers ?? {});
  if (credentials) own.push([credentials.name, credentials.value]);
  for (const [name, value] of own) {
    // Names differ in case only; what the format says is part of its contract.
    if (Object.hasOwn(rendered.headers, name.toLowerCase())) continue;
    headers[name] = value;
    loggedHeaders[name] = MASKED;
  }
  const plain = {
    ...rendered.headers,
    'content-type': rendered.contentType,
    'user-agent': `Posthorn/${version}`,
    'webhook-id': eventId,
    'webhook-timestamp': String(timestamp),
  };
  Object.assign(headers, plain);
  Object.assign(loggedHeaders, plain);
  const { signing = 'v1' } = subscription;
  headers['webhook-signature'] =
    signing === 'v1'
      ? signStandard(eventId, timestamp, body, keys)
      : [
          signing === 'both' ? [signStandard(eventId, timestamp, body, keys)] : [],
          signAsymmetric(eventId, timestamp, body, asymmetric),
        ]
          .flat()
          .join(' ');
  loggedHeaders['webhook-signature'] = shortened(headers['webhook-signature']);
  if (subscription.signature_header !== undefined) {
    headers[subscription.signature_header] = signTimestamped(timestamp, body, keys);
    loggedHeaders[subscription.signature_header] = shortened(headers[subscription.signature_header]!);
  }
  return { headers, loggedHeaders, body };
}

function shortened(signatures: string): string {
  return signatures.replace(SIGNATURE, `$1${MASKED}`);
}
