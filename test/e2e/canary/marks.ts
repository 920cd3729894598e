import { randomBytes } from 'node:crypto';

// What nobody but its owner may see is marked, and every mark can be found again.

export const RUN = randomBytes(8).toString('hex');
/** A text that nothing else holds. */
export const mark = (what: string): string => `canary-${what}-${RUN}`;

/** API keys and signing secrets as they were shown. */
export const secrets: string[] = [];

/** A text, and what is in it as base64 or percent-encoding. */
function unfold(text: string): string {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{24,}/g)].map(([part]) =>
    Buffer.from(part, 'base64').toString('latin1'),
  );
  const plain = text.replaceAll(/(%[0-9A-Fa-f]{2})+/g, (part) =>
    Buffer.from(part.replaceAll('%', ''), 'hex').toString(),
  );
  return [text, plain, ...decoded].join('\n');
}

/** Secrets as they were shown, and without what tells their kind. */
const bare = (): string[] => secrets.flatMap((secret) => [secret, secret.replace(/^(whsec|phk|phs)_/, '')]);

/** Marks of what lets somebody in. Those that `typed-…` were typed into a row by hand, and lie there until somebody mends it. */
export const CREDENTIALS = [
  ...['password', 'bearer', 'header-value', 'client-secret', 'access-token', 'credential', 'secret', 'token'],
  ...['cookie', 'id-token', 'staff-access-token', 'typed-password', 'typed-credential'],
].map(mark);

/** The credentials, keys, tokens, cookies and signing secrets that a text holds. */
export function credentialsIn(text: string, marks = CREDENTIALS): string[] {
  const all = unfold(text);
  return [...marks, ...bare()].filter((one) => all.includes(one));
}

/** The marks and secrets that a text holds. */
export function found(text: string): string[] {
  const all = unfold(text);
  const shown = bare();
  return [
    // Private keys are shown to nobody, so there is none to look for.
    ...(all.includes('whsk_') ? ['whsk_'] : []),
    ...(all.includes(RUN) ? [/canary-[a-z-]+/.exec(all)?.[0] ?? RUN] : []),
    ...shown.filter((one) => all.includes(one)),
  ];
}
