// What every reader of an attribute works with.

/** What of a row's rules depends on the deployment. */
export interface SubscriptionRules {
  /** `checkEndpointUrl` with the deployment's options. */
  checkUrl(url: string): { ok: true; url: string } | { ok: false; detail: string };
  /** The catalogue's event types. */
  knownTypes: ReadonlySet<string>;
}

/** Takes down everything that is wrong with a row; each reader goes on with a stand-in, so that all problems show at once. */
export type Complain = (attribute: string, expected: string, got: unknown, todo: string) => undefined;

/** A name in a problem: quoted, and cut where somebody typed a whole text. */
export function short(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}

export function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
