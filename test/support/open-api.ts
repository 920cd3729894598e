import type { Tenants } from './tenants.ts';

/** One operation as the description says. */
export interface Operation {
  /** `getSubscription`. */
  name: string;
  method: string;
  /** With parameters in braces. */
  path: string;
  /** Names of its query parameters. */
  query: string[];
  /** Of which a key needs one; undefined: any valid key will do. */
  scopes: string[] | undefined;
  /** No key is asked for. */
  isPublic: boolean;
  hasBody: boolean;
  /** A key that may only look may call it. */
  changesNothing: boolean;
  /** A key of one account may call it. */
  forAccounts: boolean;
}

interface Described {
  operationId: string;
  security: unknown[];
  'x-scopes'?: string[];
  'x-changes-nothing'?: true;
  'x-account-keys'?: true;
  parameters?: { name: string; in: string }[];
  requestBody?: unknown;
}

/** Every operation of the running API's own description. */
export async function operationsOf(tenants: Pick<Tenants, 'call'>): Promise<Operation[]> {
  const { text } = await tenants.call({ method: 'GET', path: '/openapi.json' });
  const { paths } = JSON.parse(text) as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      name: described.operationId,
      method: method.toUpperCase(),
      path,
      query: (described.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name),
      scopes: described['x-scopes'],
      isPublic: described.security.length === 0,
      hasBody: described.requestBody !== undefined,
      forAccounts: described['x-account-keys'] === true,
      changesNothing: method === 'get' || described['x-changes-nothing'] === true,
    })),
  );
}
