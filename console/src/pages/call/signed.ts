import type { Attempt, Secrets } from '../../api/types.ts';

type Secret = Secrets['secrets'][number];

/** What was signed for one header of a call, and what each secret that is valid now makes of it. */
export interface SignedHeader {
  name: string;
  /** The very text whose bytes were signed. */
  content: string;
  /** How it is put together, for the person who does the same. */
  rule: string;
  made: Made[];
}

/** What one secret makes. */
export interface Made {
  /** As the audit trail names secrets. */
  fingerprint: string;
  createdAt: string;
  expiresAt: string | undefined;
  /** As it stands in the header: `v1,<base64>` or `v1=<hex>`. */
  signature: string;
  /** Whether it was sent; undefined where the log does not hold the beginnings of signatures. */
  isSent: boolean | undefined;
}

const STANDARD = 'webhook-signature';
/** A subscription's own header: `t=<seconds>,v1=<hex>`. */
const TIMESTAMPED = /^t=(\d+),v1=/;
/** What the log shows of a signature: its beginning, or in lines of the time before, nothing. */
const LOGGED = /(?:^|[ ,])(v1[,=])([^ ,*]*)\*{3}/g;

/** Whether a call carries a signature that its secret makes again; not one with a private key, which nobody has. */
export function isSigned({ request }: Attempt): boolean {
  return Object.entries(request?.headers ?? {}).some(([name, value]) => isSignature(name, value));
}

/**
 * Signs a call again with each of the secrets.
 * @throws Error where the browser has no cryptography: a page that came by http from elsewhere.
 */
export async function signedHeaders(
  headers: Record<string, string>,
  body: string,
  secrets: readonly Secret[],
): Promise<SignedHeader[]> {
  if ((globalThis as { crypto?: { subtle?: unknown } }).crypto?.subtle === undefined) {
    throw new Error('Expected a page that came by https: without it the browser computes no signatures.');
  }
  const id = valueOf(headers, 'webhook-id');
  const timestamp = valueOf(headers, 'webhook-timestamp');
  return Promise.all(
    Object.entries(headers)
      .filter(([name, value]) => isSignature(name, value))
      .map(async ([name, value]) => {
        const [, t] = TIMESTAMPED.exec(value) ?? [];
        const content = t === undefined ? `${id}.${timestamp}.${body}` : `${t}.${body}`;
        const sent = [...value.matchAll(LOGGED)].map(([, version, beginning]) => `${version}${beginning}`);
        const made = await Promise.all(
          secrets.map((secret) => make(secret, content, t === undefined ? 'base64' : 'hex', sent)),
        );
        const over = t === undefined ? '<webhook-id>.<webhook-timestamp>.<body>' : '<t>.<body>';
        return { name, content, rule: `HMAC-SHA256 over ${over}, in ${t === undefined ? 'base64' : 'hex'}`, made };
      }),
  );
}

async function make(secret: Secret, content: string, form: 'base64' | 'hex', sent: string[]): Promise<Made> {
  const [bytes, fingerprint] = await Promise.all([hmac(secret.secret, content), fingerprintOf(secret.secret)]);
  const signature = form === 'base64' ? `v1,${base64(bytes)}` : `v1=${hex(bytes)}`;
  const beginnings = sent.filter((one) => one.length > 'v1,'.length);
  return {
    fingerprint,
    createdAt: secret.created_at,
    expiresAt: secret.expires_at,
    signature,
    isSent: beginnings.length === 0 ? undefined : beginnings.some((one) => signature.startsWith(one)),
  };
}

function isSignature(name: string, value: string): boolean {
  // With a private key alone there is no `v1`.
  return (name.toLowerCase() === STANDARD && /(^| )v1,/.test(value)) || TIMESTAMPED.test(value);
}

function valueOf(headers: Record<string, string>, wanted: string): string {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

/** The key is what base64 makes of the secret, without `whsec_`. */
async function hmac(secret: string, content: string): Promise<Uint8Array> {
  const raw = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(content)));
}

/** As in the audit trail: the first eight digits of the secret's SHA-256. */
async function fingerprintOf(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  return `sha256:${hex(new Uint8Array(digest)).slice(0, 8)}`;
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
