import type { Chance } from '../../simulation/random.ts';
import { whole, type Input } from './input.ts';
import { anyText, broken } from './json.ts';
import { ingestRequest, managementRequest } from './requests.ts';
import type { World } from './world.ts';

const EVENT = '{"organization":"org_1","type":"visit.ended","data":{"a":1}}';
const KIB = 1024;
/** Around the limits of an event (256 KiB), a batch (1 MiB), a function's payload (6 MB) and API Gateway (10 MB). */
const SIZES = [256 * KIB, 256 * KIB, 256 * KIB, KIB * KIB, 4.5 * KIB * KIB, 6 * KIB * KIB, 10 * KIB * KIB];

/** Heads and framings that HTTP may not allow. `{HOST}` is input.ts's OWN_HOST, `{KEY}` a producer's key; most end without what they announce. */
const HOSTILE = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/0.9\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'GET / HTTP/9.9\r\nhost: {HOST}\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET http://example.com/v1/me HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET //v1//me HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /v1/../openapi.json HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /console/../../../../etc/passwd HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /console/%2e%2e%2f%2e%2e%2findex.mjs HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /console/assets/%00 HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /v1/%ff%fe HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /v1/% HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /v1/\xc3\xa9 HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /v1/me HTTP/1.1\nhost: {HOST}\n\n',
  'GET /v1/me\tHTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  'GET /v1/me HTTP/1.1\r\nhost: {HOST}\r\nhost: b\r\n\r\n',
  'GET /v1/me HTTP/1.1\r\nhost: {HOST}\r\n folded: yes\r\n\r\n',
  'GET /v1/me HTTP/1.1\r\nhost: {HOST}\r\nx\0y: z\r\n\r\n',
  'GET /v1/me HTTP/1.1\r\nhost: {HOST}\r\nauthorization : Bearer {KEY}\r\n\r\n',
  'GET /v1/me HTTP/1.1\r\nhost: {HOST}\r\nauthorization: Bearer {KEY}\r\ncontent-length: 5\r\n\r\nhello',
  '\r\n\r\n\r\nGET /v1/me HTTP/1.1\r\nhost: {HOST}\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: 61\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: 59\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: -1\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: 6e1\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: 99999999999999999999\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: 10485761\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: 60\r\ncontent-length: 61\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}content-length: 60\r\ntransfer-encoding: chunked\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}transfer-encoding: chunked\r\n\r\n3c\r\n{EVENT}\r\n0\r\n\r\n',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}transfer-encoding: chunked\r\n\r\n3c;a=b\r\n{EVENT}\r\n0\r\ntrailer: x\r\n\r\n',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}transfer-encoding: chunked\r\n\r\nzz\r\n{EVENT}\r\n0\r\n\r\n',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}transfer-encoding: chunked\r\n\r\n3c\r\n{EVENT}\r\n',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}transfer-encoding: gzip, chunked\r\n\r\n3c\r\n{EVENT}\r\n0\r\n\r\n',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}transfer-encoding: identity\r\n\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}\r\n{EVENT}',
  'POST /v1/events HTTP/1.1\r\nhost: {HOST}\r\n{AUTH}expect: 100-continue\r\ncontent-length: 60\r\n\r\n',
];

/** A request whose framing, not its content, is what is wrong with it. */
export function hostileWire(chance: Chance, world: World, n: number): Input {
  const { keys } = world;
  if (chance.happens(0.5)) {
    const auth = `content-type: application/json\r\nauthorization: Bearer ${keys.producer}\r\n`;
    const text = chance.pick(HOSTILE).replace('{EVENT}', EVENT).replace('{AUTH}', auth).replace('{KEY}', keys.producer);
    return { bytes: chance.happens(0.7) ? text : broken(chance, text), method: 'POST', way: 'broken', askedMs: 0 };
  }
  const { bytes, askedMs } = chance.happens(0.5) ? ingestRequest(chance, world) : managementRequest(chance, world, n);
  const end = bytes.indexOf('\r\n\r\n');
  const head = chance.happens(0.7)
    ? broken(chance, bytes.slice(0, end))
    : bytes.slice(0, end).replace('\r\n', `\r\n${oddLine(chance)}\r\n`);
  return { bytes: `${head}${bytes.slice(end)}`, method: 'POST', way: 'broken', askedMs };
}

function oddLine(chance: Chance): string {
  const kind = chance.next();
  if (kind < 0.3) return `x-large: ${'x'.repeat(chance.between(9_000, 22_000))}`;
  if (kind < 0.6) return Array.from({ length: chance.between(90, 2100) }, (_, n) => `x${n}: ${n}`).join('\r\n');
  return anyText(chance);
}

/** A body about as large as is allowed, or larger. */
export function largeBody(chance: Chance, { keys }: World): Input {
  const size = Math.floor(chance.pick(SIZES)) + chance.between(-3, 3);
  const kind = chance.next();
  const [before, fill, after] =
    kind < 0.4
      ? ['{"organization":"org_1","type":"visit.ended","data":{"s":"', 'a', '"}}']
      : kind < 0.6
        ? [EVENT, ' ', '']
        : kind < 0.7
          ? ['', '[', '']
          : kind < 0.8
            ? ['{"events":[', '{},', '{}]}']
            : ['', '\xff', ''];
  const times = Math.max(0, Math.floor((size - before.length - after.length) / fill.length));
  const target = chance.pick(['/v1/events', '/v1/events/batch', '/v1/subscriptions']);
  const headers: [string, string][] = [
    ['content-type', 'application/json'],
    ['authorization', `Bearer ${target.startsWith('/v1/events') ? keys.producer : keys.admin}`],
  ];
  return whole({ method: 'POST', target, headers, body: `${before}${fill.repeat(times)}${after}` });
}
