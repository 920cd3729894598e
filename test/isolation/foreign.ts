import type { Operation } from '../support/open-api.ts';
import type { TenantRequest } from '../support/tenants.ts';
import { ghost, World, type IdKind, type Organization } from './world.ts';

/** A request that names something foreign, and the same one that names what does not exist. */
export interface ForeignRequest {
  operation: string;
  what: string;
  foreign: TenantRequest;
  missing: TenantRequest;
}

/** What a parameter of a path names; a route with another needs a line here. */
function kindOf({ path }: Operation, parameter: string): IdKind | 'api-key' {
  const kinds: [RegExp, IdKind | 'api-key'][] = [
    [/^\/v1\/subscriptions\/\{id\}/, 'subscription'],
    [/^\/v1\/events\/\{id\}/, 'event'],
    [/^\/v1\/attempts\/\{id\}/, 'attempt'],
    [/^\/v1\/replays\/\{id\}/, 'replay'],
    [/^\/v1\/api-keys\/\{id\}/, 'api-key'],
    // Of admins alone, whatever the id: a job's as good as another's.
    [/^\/v1\/purges\/\{id\}/, 'replay'],
    [/^\/v1\/organizations\/\{organization\}/, 'replay'],
  ];
  if (parameter === 'event' || parameter === 'subscription') return parameter;
  const found = kinds.find(([pattern]) => pattern.test(path));
  if (!found) throw new Error(`Say in test/isolation/foreign.ts what {${parameter}} of ${path} names.`);
  return found[1];
}

type Pair = [what: string, foreign: unknown, missing: unknown];

/** Bodies that get past the checks, so that the id decides. */
const BODIES: Record<string, unknown> = {
  changeSubscription: { description: 'changed' },
  verifySignature: { headers: {}, body: '' },
  acknowledgeFeed: { through: 'evt_1', page: 'x' },
  sendSample: { type: 'visit.ended' },
  testFilter: { event: { type: 'visit.ended', data: {} } },
  rotateSecret: { overlap_hours: 1 },
  replaySubscription: { since: '2026-01-01', outcomes: ['failed'] },
};

const pickOf = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];

/** Every request of the description in which the caller can name something of the target's. */
export function foreignRequests(world: World, caller: Organization, target: Organization, n: number): ForeignRequest[] {
  return world.operations
    .filter(({ isPublic }) => !isPublic)
    .flatMap((operation) => [
      ...inPath(operation, caller, target, n),
      ...inQuery(operation, caller, target, n),
      ...inBody(operation, caller, target, n),
    ]);
}

/** All parameters foreign, and, where there are several, each one foreign beside own ones. */
function inPath(operation: Operation, caller: Organization, target: Organization, n: number): ForeignRequest[] {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const kinds = names.map((name) => kindOf(operation, name));
  const idOf = (owner: Organization, kind: IdKind | 'api-key'): string | undefined =>
    kind === 'api-key' ? owner.keyId : pickOf(owner.ids[kind], n);
  const missingOf = (kind: IdKind | 'api-key'): string => (kind === 'api-key' ? 'key_nobody' : ghost(kind));
  const requests: ForeignRequest[] = [];
  for (const foreignAt of names.length > 1 ? [undefined, ...names.keys()] : names.map(() => undefined)) {
    const isForeign = (at: number): boolean => foreignAt === undefined || foreignAt === at;
    const foreign = kinds.map((kind, at) => idOf(isForeign(at) ? target : caller, kind));
    const missing = kinds.map((kind, at) => (isForeign(at) ? missingOf(kind) : idOf(caller, kind)));
    if (foreign.includes(undefined) || missing.includes(undefined)) continue;
    requests.push({
      operation: operation.name,
      what: foreignAt === undefined ? 'path' : names[foreignAt]!,
      foreign: request(operation, foreign as string[]),
      missing: request(operation, missing as string[]),
    });
  }
  return requests;
}

function request({ name, method, path, hasBody }: Operation, values: string[]): TenantRequest {
  let at = 0;
  return {
    method,
    path: path.replaceAll(/\{\w+\}/g, () => values[at++]!),
    ...(hasBody ? { body: BODIES[name] ?? {} } : {}),
  };
}

function inQuery(
  { name, method, path, query }: Operation,
  caller: Organization,
  target: Organization,
  n: number,
): ForeignRequest[] {
  if (path.includes('{')) return [];
  const foreign: Record<string, [string | undefined, string]> = {
    organization: [World.areKin(caller, target) ? undefined : target.organization, 'nobody'],
    subscription: [pickOf(target.ids.subscription, n), ghost('subscription')],
    cursor: [pickOf(target.cursors, n)?.cursor, `${'A'.repeat(60)}.${'A'.repeat(22)}`],
  };
  return query.flatMap((parameter) => {
    const [theirs, nobodys] = foreign[parameter] ?? [];
    if (theirs === undefined) return [];
    const about = (value: string) => ({ method, path: `${path}?${parameter}=${encodeURIComponent(value)}` });
    return [{ operation: name, what: parameter, foreign: about(theirs), missing: about(nobodys!) }];
  });
}

function inBody(
  { name, method, path }: Operation,
  caller: Organization,
  target: Organization,
  n: number,
): ForeignRequest[] {
  const body = (value: unknown): TenantRequest => ({ method, path, body: value });
  const webhook = pickOf(target.ids.subscription, n);
  const url = 'https://hooks.example.com/foreign';
  const ping = (id: string) => ({ webhook: id, event: 'ping' });
  const owner = World.areKin(caller, target) ? 'account' : 'organization';
  const ofOther: Pair = [owner, { [owner]: target[owner], url }, { [owner]: 'nobody', url }];
  const event = pickOf(target.ids.event, n);
  const pairs: Record<string, Pair[]> = {
    redeliverMany: [
      ['organization', { filter: { organization: target.name } }, { filter: { organization: 'nobody' } }],
      ...(webhook === undefined || event === undefined
        ? []
        : ([
            [
              'subscription',
              { filter: { subscription: webhook } },
              { filter: { subscription: ghost('subscription') } },
            ],
            [
              'deliveries',
              { deliveries: [{ event, subscription: webhook }] },
              { deliveries: [{ event: ghost('event'), subscription: ghost('subscription') }] },
            ],
          ] satisfies Pair[])),
    ],
    tryFilter: [[owner, { [owner]: target[owner] }, { [owner]: 'nobody' }]],
    createSubscription: [ofOther],
    webhookEvents: [
      ofOther,
      ...(webhook === undefined ? [] : [['webhook', ping(webhook), ping(ghost('subscription'))] satisfies Pair]),
    ],
  };
  return (pairs[name] ?? []).map(([what, foreign, missing]) => ({
    operation: name,
    what,
    foreign: body(foreign),
    missing: body(missing),
  }));
}
