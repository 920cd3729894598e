import type { z } from 'zod';
import type { Principal, Scope } from '../../domain/api-key.ts';

/** Who may call a route: nobody in particular; any valid key; a key with one of these scopes. */
export type Access = 'public' | 'any-key' | readonly Scope[];

/** What a route's handler gets: everything checked already. */
export interface ApiRequest<Query, Body> {
  principal: Principal;
  /** Parts of the path; those that are no id were answered with 404 before. */
  params: Record<string, string>;
  query: Query;
  body: Body;
  /** The body as it came: numbers keep their digits. Empty where the route takes none. */
  bodyText: string;
  /** Signs and reads the cursors of this list, see cursors.ts. */
  cursors: { read(): string | undefined; write(next: string | undefined): string | null };
  /** Where the API is, without a slash at its end. */
  baseUrl: string;
  /** Cookies of ours, by their names without prefix. */
  cookies: Record<string, string>;
  /** True when the console asks: a ping's `triggering_location`. */
  fromConsole: boolean;
}

export interface ApiAnswer {
  status: number;
  /** Absent: an answer without a body. */
  body?: unknown;
  /** Where a browser is sent. */
  location?: string;
  /** Values of `set-cookie`. */
  cookies?: string[];
  /** For how long anybody may keep it, seconds. @default it is not to be kept */
  cacheSeconds?: number;
  /** Further members of the body as JSON texts, which go in as they are: a producer's `data` keeps its digits. */
  verbatim?: Record<string, string | undefined>;
}

/** One route: what it takes, what it answers, who may call it. OpenAPI is made of these very objects. */
export interface Route {
  operation: string;
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  summary: string;
  access: Access;
  /** Changes nothing although it is no GET, so that keys which may only look may call it. */
  onlyReads?: true;
  /** Keeps to what is the account's when the key is one account's. Without it such a key is refused: nothing is shown by oversight. */
  forAccounts?: true;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The body may be left out. */
  bodyOptional?: boolean;
  /** Checks the body instead of `body`, where the shape or a setting decides which rules hold. */
  bodyCheck?: (value: unknown) => unknown;
  success: { status: number; description: string; schema?: z.ZodType };
  /** Another good answer, where the query or the body asks for something else. */
  otherwise?: { status: number; description: string; schema: z.ZodType };
  handle(request: ApiRequest<never, never>): Promise<ApiAnswer>;
}

interface TypedRoute<Query extends z.ZodObject, Body extends z.ZodType> extends Omit<
  Route,
  'query' | 'body' | 'handle'
> {
  query?: Query;
  body?: Body;
  handle(request: ApiRequest<z.output<Query>, z.output<Body>>): Promise<ApiAnswer>;
}

/** Ties a handler's types to the schemas of its route. */
export function route<Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodType>(
  definition: TypedRoute<Query, Body>,
): Route {
  return definition;
}

/** Whether a key that may only look may call a route. */
export function changesNothing({ method, onlyReads }: Pick<Route, 'method' | 'onlyReads'>): boolean {
  return method === 'GET' || onlyReads === true;
}
