import { buildRequest, generatorOf, inputCases, type InputRequest } from '../../../test/support/api-inputs.ts';
import type { Operation } from '../../../test/support/open-api.ts';
import type { Chance } from '../../simulation/random.ts';
import { utf8, whole, type Input, type Request } from './input.ts';
import { anyJson, anyText, broken, changed, toObject, type Members } from './json.ts';
import type { World } from './world.ts';

/** Enough, so that no organization gets so many subscriptions that looking for equal ones takes all the time. */
const ORGANIZATIONS = 5000;
const JSON_TYPE: Request['headers'][number] = ['content-type', 'application/json'];
const EVENT_TYPES = ['visit.ended', 'visit.created', 'shift.updated', 'medical-encounters.updated', 'user.created'];

const event = (chance: Chance): Members => [
  ['organization', `"org_${chance.between(0, ORGANIZATIONS)}"`],
  ['type', JSON.stringify(chance.pick(EVENT_TYPES))],
  ['data', chance.happens(0.5) ? '{"a":1}' : `{"v":${anyJson(chance)}}`],
  ...(chance.happens(0.3)
    ? ([
        ['account', '"acc_1"'],
        ['resource_id', '"1"'],
      ] as Members)
    : []),
];

/** Bodies that are accepted, by operation. @param n different in every input, so that no two subscriptions are equal. */
const BODIES: Record<string, (chance: Chance, n: number) => Members> = {
  createSubscription: (chance, n) => [
    ['organization', `"org_${chance.between(0, ORGANIZATIONS)}"`],
    ['url', `"https://example.com/${n}"`],
    ['events', '["visit.*"]'],
    ['description', '"x"'],
  ],
  changeSubscription: (_, n) => [
    ['active', 'true'],
    ['headers', '{"x-a":"b"}'],
    ['timeout_seconds', '5'],
    ['format', '"thin"'],
    ['success', '"200"'],
    ['description', `"${n}"`],
  ],
  replaySubscription: (chance) => [
    ['since', '"2026-01-01T00:00:00Z"'],
    ['until', '"2026-01-02T00:00:00Z"'],
    ['outcomes', '["exhausted"]'],
    ...(chance.happens(0.5) ? ([['dry_run', 'true']] as Members) : []),
  ],
  webhookEvents: (chance, n) =>
    chance.happens(0.5)
      ? [
          ['organization', `"org_${chance.between(0, ORGANIZATIONS)}"`],
          ['url', `"https://example.com/${n}"`],
          ['events', '"visit.ended"'],
        ]
      : [['id', '"sub_1"']],
  createApiKey: () => [
    ['scopes', '["organization"]'],
    ['organization', '"org_1"'],
  ],
  rotateSecret: () => [['overlap_hours', '1']],
};

/** Parts of a query that are understood somewhere. `wait` is short: an answer that waits as asked does not hang. */
const QUERY_VALUES: Record<string, string[]> = {
  limit: ['1', '100', '0', '101', '1e2', '-1'],
  outcome: ['failed', 'delivered', 'failed,delivered', 'FAILED'],
  since: ['2026-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '0'],
  until: ['2027-01-01T00:00:00.000Z', '9999999999999'],
  organization: ['org_1', 'org_2', '*'],
  wait: ['0', '0', '0', '0', '0', '0', '1', '-1', '1e1', '031'],
};

const escaped = (text: string): string =>
  text.replace(/[^A-Za-z0-9_.~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);

function caller(chance: Chance, usual: string, { keys }: World): Request['headers'] {
  const kind = chance.next();
  if (kind < 0.9) return [['authorization', `Bearer ${usual}`]];
  if (kind < 0.96) return [['authorization', `Bearer ${chance.pick(Object.values(keys))}`]];
  if (kind < 0.97) return [];
  if (kind < 0.98)
    return [
      ['authorization', `Bearer ${keys.admin}`],
      ['Authorization', `Bearer ${keys.producer}`],
    ];
  return [['authorization', chance.pick([headerText(chance), `Bearer ${headerText(chance)}`, `basic ${usual}`])]];
}

/** What a header's value may hold at all. */
const headerText = (chance: Chance): string => anyText(chance).replace(/[^\t\x20-\x7e\x80-\xff]/g, '');

const ODD_HEADERS = ['content-type', 'traceparent', 'content-encoding', 'accept', 'x-forwarded-for', 'cookie'];
const ODD_PAIRS: Request['headers'] = [
  ['content-type', 'application/json; charset="utf-8"'],
  ['content-type', 'text/plain'],
  ['content-type', 'application/x-www-form-urlencoded'],
  ['content-encoding', 'gzip'],
  ['expect', '100-continue'],
  ['expect', 'the unexpected'],
  ['connection', 'close'],
  ['connection', 'upgrade, keep-alive'],
  ['upgrade', 'websocket'],
  ['__proto__', 'x'],
  ['constructor', 'x'],
  ['posthorn-client', 'console'],
  ['traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
  ['accept-encoding', 'br;q=0, gzip;q=abc, *'],
];

function oddHeaders(chance: Chance): Request['headers'] {
  if (chance.happens(0.8)) return [];
  if (chance.happens(0.4))
    return [['idempotency-key', chance.happens(0.8) ? `k${chance.between(0, 300)}` : headerText(chance)]];
  return [chance.happens(0.5) ? chance.pick(ODD_PAIRS) : [chance.pick(ODD_HEADERS), headerText(chance)]];
}

/** A body around valid members: as it is, changed, broken, or something else. */
function body(chance: Chance, valid: Members): string {
  const kind = chance.next();
  if (kind < 0.25) return toObject(valid);
  if (kind < 0.8) return toObject(changed(chance, valid));
  if (kind < 0.94) return broken(chance, toObject(valid));
  return chance.happens(0.5) ? anyJson(chance) : anyText(chance);
}

/** To `POST /v1/events` or its batch. */
export function ingestRequest(chance: Chance, world: World): Input {
  const headers = [...caller(chance, world.keys.producer, world), ...typeAnd(oddHeaders(chance))];
  if (chance.happens(0.8))
    return whole({ method: 'POST', target: '/v1/events', headers, body: body(chance, event(chance)) });
  const items = Array.from({ length: chance.between(0, 6) }, () => body(chance, event(chance)));
  const all = `{"events":[${items.join(',')}]}`;
  return whole({
    method: 'POST',
    target: '/v1/events/batch',
    headers,
    body: chance.happens(0.1) ? broken(chance, all) : all,
  });
}

/** The usual content type, unless another was chosen. */
const typeAnd = (odd: Request['headers']): Request['headers'] =>
  odd.some(([name]) => name === 'content-type') ? odd : [JSON_TYPE, ...odd];

/** To one of the operations that the API's description lists. @param n see {@link BODIES}. */
export function managementRequest(chance: Chance, world: World, n: number): Input {
  const operation = chance.pick(world.operations);
  const { name, method, hasBody } = operation;
  const { query, askedMs } = queryOf(chance, operation);
  const headers = [...caller(chance, world.keys.admin, world), ...oddHeaders(chance)];
  const valid = BODIES[name]?.(chance, n) ?? [];
  const withBody = hasBody ? chance.happens(0.98) : chance.happens(0.03);
  return whole(
    {
      method: chance.happens(0.98)
        ? method
        : chance.pick(['PUT', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY', 'DELETE', 'PATCH']),
      target: pathOf(chance, operation, world) + query,
      headers: withBody ? typeAnd(headers) : headers,
      ...(withBody ? { body: body(chance, valid) } : {}),
    },
    askedMs,
  );
}

/** `/v1/subscriptions/{id}` with an id that exists, or with anything. */
function pathOf(chance: Chance, { path }: Operation, { ids }: World): string {
  const kindOf = (name: string): string =>
    name === 'event' ? 'events' : name === 'subscription' ? 'subscriptions' : path.split('/')[2]!;
  return path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const known = ids.get(kindOf(name)) ?? [];
    if (known.length > 0 && chance.happens(0.6)) return chance.pick(known);
    const odd = chance.pick(['sub_1', 'evt_01K0000000000000000000000', 'att_1.2.3', '__proto__', '%25', '..', '%00']);
    return chance.happens(0.3) ? odd : escaped(anyText(chance)) || 'x';
  });
}

function queryOf(chance: Chance, operation: Operation): { query: string; askedMs: number } {
  // Lists of all organizations look into each day of the log's 30: 300 queries, so most ask for one organization.
  const one = operation.query.includes('organization') && chance.happens(0.9) ? '&organization=org_1' : '';
  if (chance.happens(0.6)) return { query: one.replace('&', '?'), askedMs: 0 };
  if (chance.happens(0.1))
    return { query: `?${chance.pick(['%zz', '&&=&', '%00=%ff', 'a=b=c', '?', '+', '[]=1', '%'])}`, askedMs: 0 };
  let askedMs = 0;
  const names = [...operation.query, ...Object.keys(QUERY_VALUES), 'x', '__proto__', 'cursor'];
  const pairs = Array.from({ length: chance.between(1, 3) }, () => {
    const name = chance.happens(0.8)
      ? chance.pick(operation.query.length > 0 ? operation.query : names)
      : chance.pick(names);
    const usual = QUERY_VALUES[name];
    const value = usual && (name === 'wait' || chance.happens(0.6)) ? chance.pick(usual) : escaped(anyText(chance));
    if (name === 'wait' && /^\d+$/.test(value)) askedMs = Math.max(askedMs, Number(value) * 1000);
    return `${name}=${value}`;
  });
  if (chance.happens(0.1)) pairs.push(pairs[0]!);
  return { query: `?${pairs.join('&')}${one}`, askedMs };
}

/** Made once for each world: some have ten megabytes, and there are several makers of inputs. */
const ofWorlds = new WeakMap<World, Request[]>();

/** Requests of the corpus of API inputs, with a byte or two changed. */
export function corpusRequests(world: World): (chance: Chance) => Input {
  const requests = ofWorlds.get(world) ?? requestsOf(world);
  ofWorlds.set(world, requests);
  const small = requests.filter((request) => (request.body?.length ?? 0) < 5000);
  return (chance) => {
    const request = chance.pick(chance.happens(0.98) ? small : requests);
    return whole(request.body && chance.happens(0.5) ? { ...request, body: broken(chance, request.body) } : request);
  };
}

function requestsOf({ keys: { producer, admin } }: World): Request[] {
  return (['ingest', 'management'] as const).flatMap((target) => {
    const words = {
      KEY: target === 'ingest' ? producer : admin,
      INGEST: '/v1/events',
      SUBSCRIPTIONS: '/v1/subscriptions',
      ID: 'sub_1',
    };
    const event: Members = [
      ['organization', '"org_1"'],
      ['type', '"visit.ended"'],
      ['data', '{"a":1}'],
    ];
    const subscription: Members = [
      ['organization', '"org_1"'],
      ['url', '"https://example.com/c"'],
      ['events', '["visit.ended"]'],
    ];
    return inputCases(target)
      .filter((one) => isCheap(generatorOf(one)))
      .map((one) => fromCorpus(buildRequest(one, { target, event, subscription, words })));
  });
}

/** Compressed bodies take a second to make, and are refused for a header that others have, too. */
const isCheap = ({ invoke, raw, compress }: ReturnType<typeof generatorOf>): boolean => !invoke && !raw && !compress;

function fromCorpus({ method, path, query, headers, body }: InputRequest): Request {
  const search = query.map(([name, value]) => `${escaped(utf8(name))}=${escaped(utf8(value))}`).join('&');
  return {
    method,
    target: `${utf8(path).replace(/[\0-\x20\x7f]/g, escaped)}${search === '' ? '' : `?${search}`}`,
    headers: headers
      .filter(([name]) => !/^(content-length|transfer-encoding|host)\s*$/i.test(name))
      .map(([name, value]) => [name, utf8(value).replace(/[\r\n\0]/g, '')]),
    ...(body === undefined ? {} : { body: body.toString('latin1') }),
  };
}
