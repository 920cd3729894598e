import { SignatureV4 } from '@smithy/signature-v4';
import {
  createHash,
  createHmac,
  createSecretKey,
  hash,
  timingSafeEqual,
  type Hash,
  type Hmac,
  type KeyObject,
} from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from './credentials.ts';

/** How far a signature's time may be from this machine's, milliseconds; AWS takes five minutes. */
export const MOST_SKEW_MS = 5 * 60_000;

/** A request as it came: what its signature covers. */
export interface SignedRequest {
  method?: string | undefined;
  /** Path and query. */
  url?: string | undefined;
  headers: IncomingHttpHeaders;
}

/** What is wrong with a signature, by the names of AWS's common errors. */
export type SignatureError =
  | 'MissingAuthenticationTokenException'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException';

/** The same errors in AWS's older query protocol, and in SQS's header for clients that knew it. */
export const QUERY_CODES: Record<SignatureError, string> = {
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  UnrecognizedClientException: 'InvalidClientTokenId',
  InvalidSignatureException: 'SignatureDoesNotMatch',
};

/** Who signed a request, or why that is not known. */
export type Verdict = { signer: string } | { error: SignatureError; message: string };

/** Finds the secret of an access key id. */
export type CredentialsOf = (accessKeyId: string) => Credentials | undefined;

/** Checks a request. Never rejects. */
export type CheckSignature = (request: SignedRequest, body: Uint8Array) => Promise<Verdict>;

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, *SignedHeaders=([^,\s]+), *Signature=([0-9a-f]{64})$/;
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** Without these a signature could be carried over to another server or another operation. */
const MUST_BE_SIGNED = ['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token', 'x-amz-content-sha256'];

/**
 * Makes the check of Signature Version 4
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html): the request is signed again
 * with the secret that its key id stands for. Without `credentialsOf` every request is believed.
 * @param now milliseconds since the epoch. @param skewMs how far a caller's clock may differ from it.
 */
export function signatureCheck(
  credentialsOf: CredentialsOf | undefined,
  now: () => number = () => Date.now(),
  skewMs: number = MOST_SKEW_MS,
): CheckSignature {
  if (!credentialsOf) return async ({ headers }) => ({ signer: claimedKey(headers) ?? 'anonymous' });
  const signers = new Map<string, Signers>();
  /** Nearly all requests of a second have the same. */
  let last: { date: string; time: number | undefined } = { date: '', time: undefined };
  return async (request, body) => {
    const found = AUTHORIZATION.exec(request.headers.authorization ?? '');
    if (!found) return refuse('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
    const [, accessKeyId = '', day = '', region = '', service = '', names = '', signature = ''] = found;
    const credentials = credentialsOf(accessKeyId);
    if (!credentials || request.headers['x-amz-security-token'] !== credentials.sessionToken) {
      return refuse('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    const date = String(request.headers['x-amz-date']);
    if (date !== last.date) last = { date, time: timeOf(date) };
    const { time } = last;
    if (time === undefined || !(Math.abs(now() - time) <= skewMs) || !date.startsWith(day)) {
      return refuse('InvalidSignatureException', 'Signature expired or not yet current: check the clock.');
    }
    let signer = signers.get(accessKeyId);
    if (!signer) signers.set(accessKeyId, (signer = signerOf(credentials)));
    const signedNames = names.split(';');
    const again =
      coversAll(request.headers, signedNames) && bodyIsMeant(request.headers, body)
        ? request.url === '/'
          ? signPlain(signer.keyOf(`${day}/${region}/${service}/aws4_request`), request, body, names)
          : await sign(signer.sdk, request, body, signedNames, { signingDate: new Date(time), region, service })
        : '';
    if (isSame(again, signature)) return { signer: accessKeyId };
    return refuse(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    );
  };
}

/** The key id that a request names, whoever signed it. */
export function claimedKey({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /Credential=([^/,\s]+)\//.exec(authorization)?.[1];
}

const refuse = (error: SignatureError, message: string): Verdict => ({ error, message });

function timeOf(date: string): number | undefined {
  const [, ...parts] = AMZ_DATE.exec(date) ?? [];
  if (parts.length === 0) return undefined;
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function coversAll(headers: IncomingHttpHeaders, signed: string[]): boolean {
  return MUST_BE_SIGNED.every((name) => headers[name] === undefined || signed.includes(name));
}

/** The signature covers the hash that the header says, where there is one: it must be that of the body. */
function bodyIsMeant(headers: IncomingHttpHeaders, body: Uint8Array): boolean {
  const said = headers['x-amz-content-sha256'];
  return said === undefined || said === hash('sha256', body);
}

/** Those of one secret. */
interface Signers {
  /** Of any request. */
  sdk: SignatureV4;
  /** The key of a day, region and service. */
  keyOf(scope: string): SigningKey;
}

interface SigningKey {
  scope: string;
  key: KeyObject;
}

/** Scopes whose keys are kept: a caller has few, and may name any. */
const MOST_SCOPES = 100;

function signerOf({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Signers {
  const keys = new Map<string, SigningKey>();
  return {
    sdk: new SignatureV4({
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
      region: '',
      service: '',
      sha256: Sha256,
      // Adds a header to what is signed: here the signed headers are those of the request.
      applyChecksum: false,
    }),
    keyOf(scope) {
      const known = keys.get(scope);
      if (known) return known;
      if (keys.size >= MOST_SCOPES) keys.clear();
      const made = { scope, key: createSecretKey(keyOf(secretAccessKey, scope)) };
      keys.set(scope, made);
      return made;
    },
  };
}

function keyOf(secret: string, scope: string): Buffer {
  const hmac = (key: string | Buffer, part: string): Buffer => createHmac('sha256', key).update(part).digest();
  const [first = '', ...rest] = scope.split('/');
  return rest.reduce(hmac, hmac(`AWS4${secret}`, first));
}

/** What the SDK's signer makes of a request to `/`, as nearly all are, in a sixth of its time. @param names those signed, as the request names them. */
function signPlain(
  { scope, key }: SigningKey,
  { method = '', headers }: SignedRequest,
  body: Uint8Array,
  names: string,
): string {
  let lines = '';
  for (const name of names.split(';')) {
    const value = String(headers[name] ?? '').trim();
    lines += `${name}:${value.replace(/\s+/g, ' ')}\n`;
  }
  const canonical = `${method}\n/\n\n${lines}\n${names}\n${hash('sha256', body)}`;
  const text = `AWS4-HMAC-SHA256\n${String(headers['x-amz-date'])}\n${scope}\n${hash('sha256', canonical)}`;
  return createHmac('sha256', key).update(text).digest('hex');
}

async function sign(
  signer: SignatureV4,
  { method = '', url = '/', headers }: SignedRequest,
  body: Uint8Array,
  signedNames: string[],
  { signingDate, region, service }: { signingDate: Date; region: string; service: string },
): Promise<string> {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const query: Record<string, string[]> = {};
  for (const name of new Set(searchParams.keys())) query[name] = searchParams.getAll(name);
  const signed = Object.fromEntries(signedNames.map((name) => [name, String(headers[name] ?? '')]));
  const { headers: again } = await signer.sign(
    { method, protocol: 'http:', hostname: '127.0.0.1', path: pathname, query, headers: signed, body },
    { signingDate, signingRegion: region, signingService: service, signableHeaders: new Set(signedNames) },
  );
  return AUTHORIZATION.exec(again['authorization'] ?? '')?.[6] ?? '';
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** The hash functions of Node in the shape that the signer takes. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as NodeJS.ArrayBufferView);
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('Not used: a hash is made for each value.');
  }
}
