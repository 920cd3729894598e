import type { Subscription, SubscriptionInput } from '../../api/types.ts';

/** A part of credentials, as typed. */
export type AuthPart =
  | 'username'
  | 'password'
  | 'token'
  | 'name'
  | 'value'
  | 'token_url'
  | 'client_id'
  | 'client_secret'
  | 'scope';

/** What the form holds of credentials. Secret parts are only ever what this person typed: the API shows none. */
export interface AuthFields {
  /** Empty: none. */
  type: '' | AuthType;
  /** When the stored ones were sent, ISO 8601: the form keeps them. Empty: what stands in `parts` is sent. */
  setAt: string;
  parts: Partial<Record<AuthPart, string>>;
}

type AuthType = NonNullable<Subscription['auth']>['type'];
export interface PartOf {
  name: AuthPart;
  label: string;
  isSecret?: boolean;
  isOptional?: boolean;
  hint?: string;
}

export const NO_AUTH: AuthFields = { type: '', setAt: '', parts: {} };

/** What each kind of credentials consists of. */
export const AUTH_PARTS: Record<AuthType, PartOf[]> = {
  basic: [
    { name: 'username', label: 'User name' },
    { name: 'password', label: 'Password', isSecret: true },
  ],
  bearer: [{ name: 'token', label: 'Token', isSecret: true, hint: 'Without the word Bearer.' }],
  header: [
    { name: 'name', label: 'Name of the header', hint: 'For example x-api-key.' },
    { name: 'value', label: 'Value of the header', isSecret: true },
  ],
  oauth2: [
    { name: 'token_url', label: 'Token URL', hint: 'Address that issues access tokens: https.' },
    { name: 'client_id', label: 'Client id' },
    { name: 'client_secret', label: 'Client secret', isSecret: true },
    { name: 'scope', label: 'Scope', isOptional: true, hint: 'Separate several by one space.' },
  ],
};

export const AUTH_TYPES: { value: AuthFields['type']; label: string }[] = [
  { value: '', label: 'None' },
  { value: 'basic', label: 'User name and password (basic)' },
  { value: 'bearer', label: 'Token (bearer)' },
  { value: 'header', label: 'A custom header' },
  { value: 'oauth2', label: 'OAuth 2.0 client credentials' },
];

/** The credentials that a subscription has, without what nobody may see. */
export function authFieldsOf({ auth }: Pick<Subscription, 'auth'>): AuthFields {
  if (typeof auth !== 'object' || auth === null) return NO_AUTH;
  const { type, set_at, ...parts } = auth;
  return { type, setAt: set_at, parts };
}

/** Names and values of credentials that may be shown. */
export function shownParts({ type, parts }: AuthFields): [label: string, value: string][] {
  if (type === '') return [];
  return AUTH_PARTS[type].flatMap(({ name, label, isSecret }) => {
    const value = parts[name];
    return isSecret || !value ? [] : [[label, value] as [string, string]];
  });
}

/** Credentials in words, never with a secret. */
export function authWords(auth: AuthFields): string {
  if (auth.type === '') return 'none';
  const shown = shownParts(auth).map(([label, value]) => `${label} ${value}`);
  const since = auth.setAt === '' ? 'newly typed' : `set ${auth.setAt}`;
  return [AUTH_TYPES.find(({ value }) => value === auth.type)?.label ?? auth.type, ...shown, since].join(', ');
}

/** What is compared to see whether credentials were changed: those that are kept are the same only as of the same time. */
export function authMeaning({ type, setAt, parts }: AuthFields): string {
  if (type === '') return '';
  return JSON.stringify([type, setAt, setAt === '' ? AUTH_PARTS[type].map(({ name }) => parts[name] ?? '') : []]);
}

/** Credentials as the API takes them; null: none. What was left empty is sent so, for the API to say what is missing. */
export function authValue({ type, parts }: AuthFields): SubscriptionInput['auth'] | null {
  if (type === '') return null;
  const given = AUTH_PARTS[type]
    .map(({ name, isSecret, isOptional }) => {
      const text = parts[name] ?? '';
      // A blank at an end of a password may belong to it.
      return [name, isSecret ? text : text.trim(), isOptional] as const;
    })
    .filter(([, text, isOptional]) => !(isOptional && text === ''));
  return { type, ...Object.fromEntries(given) } as SubscriptionInput['auth'];
}

/**
 * Why credentials cannot stay: they are for the origin that they were given for.
 * @returns that origin; undefined: they can, or it is the API's to say.
 */
export function leftOrigin(auth: AuthFields, url: string, before: string): string | undefined {
  if (auth.setAt === '' || !URL.canParse(url.trim()) || !URL.canParse(before.trim())) return undefined;
  const { origin } = new URL(before.trim());
  return new URL(url.trim()).origin === origin ? undefined : origin;
}
