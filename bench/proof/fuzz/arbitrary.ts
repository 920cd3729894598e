import * as fc from 'fast-check';
import { anyCharacter } from '../../../test/support/any-character.ts';
import { JSON_CASES } from '../corpora/json-cases.ts';
import { NAUGHTY } from '../corpora/naughty.ts';
import { whole, type Input } from './input.ts';
import type { World } from './world.ts';

const HOSTILE_JSON = [
  ...JSON_CASES.map(({ bytes }) => bytes.toString('latin1')),
  ...['1e999999', '-0', '1.10', '9007199254740993', '"\\ud800"', '{"__proto__":{}}', '{"constructor":1}', '[[]]', '""'],
].map((text) => Buffer.from(text, 'latin1'));

const naughty = fc.constantFrom(...NAUGHTY);
const text = fc.oneof(naughty, fc.string({ unit: anyCharacter, maxLength: 300 }), fc.string({ maxLength: 20 }));
const json: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom(...HOSTILE_JSON),
  text.map((value) => Buffer.from(JSON.stringify(value))),
  fc.json({ maxDepth: 4 }).map((value) => Buffer.from(value)),
  fc.double().map((value) => Buffer.from(String(value))),
  fc.constantFrom('null', 'true', '0', '-1', '[]', '{}', '""', '1e400').map((value) => Buffer.from(value)),
);

/** Enough, so that no organization gets so many subscriptions that looking for equal ones takes all the time. */
const ORGANIZATIONS = 5000;

type Members = Record<string, Buffer>;
const words = (members: Record<string, unknown>): Members =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, Buffer.from(JSON.stringify(value))]));

/** Bodies that would be accepted, by the operations that take them. */
const VALID: Record<string, Members> = {
  event: words({ organization: 'org_1', type: 'visit.ended', data: { a: 1 }, account: 'a', resource_id: '1' }),
  subscription: words({ organization: 'org_1', url: 'https://example.com/x', events: ['visit.*'], description: 'x' }),
  change: words({ active: true, headers: { 'x-a': 'b' }, timeout_seconds: 5, format: 'thin', success: '200' }),
  replay: words({ since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', outcomes: ['exhausted'] }),
  webhook: words({ url: 'https://example.com/y', events: 'visit.ended', account: 'acc_1', id: 'sub_1', wait: 1 }),
  key: words({ scopes: ['organization'], organization: 'org_1', overlap_hours: 1 }),
};

const toBytes = (members: Members): Buffer => {
  const parts = Object.entries(members).flatMap(([name, value], n) => [
    Buffer.from(`${n === 0 ? '' : ','}${JSON.stringify(name)}:`),
    value,
  ]);
  return Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')]);
};

/** A valid body with some of its members, or a foreign one, set to something else or left out. */
const changedBody: fc.Arbitrary<Buffer> = fc.constantFrom(...Object.values(VALID)).chain((valid) =>
  fc
    .tuple(
      fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(valid)), text), fc.option(json), { maxKeys: 3 }),
      fc.nat(ORGANIZATIONS),
    )
    .map(([changes, organization]) => {
      const members: Members = { ...valid };
      if (valid.organization) members.organization = Buffer.from(`"org_${organization}"`);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) delete members[name];
        else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
      }
      return toBytes(members);
    }),
);

/** A body whose bytes were flipped, cut or doubled. */
const brokenBody: fc.Arbitrary<Buffer> = fc
  .tuple(changedBody, fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(2)), { minLength: 1, maxLength: 4 }))
  .map(([body, edits]) => {
    let bytes = body;
    for (const [place, byte, kind] of edits) {
      const at = place % (bytes.length + 1);
      const rest = bytes.subarray(kind === 0 ? at : at + 1);
      const between = kind === 2 ? Buffer.alloc(0) : Buffer.from([byte]);
      bytes = Buffer.concat([bytes.subarray(0, at), between, rest]);
    }
    return bytes;
  });

const batch = (one: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .array(one, { maxLength: 6 })
    .map((items) =>
      Buffer.concat([
        Buffer.from('{"events":['),
        ...items.flatMap((item, n) => (n === 0 ? [item] : [Buffer.from(','), item])),
        Buffer.from(']}'),
      ]),
    );

const body: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 5, arbitrary: changedBody },
  { weight: 2, arbitrary: brokenBody },
  { weight: 2, arbitrary: batch(fc.oneof(changedBody, brokenBody, json)) },
  { weight: 1, arbitrary: json },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

/** What a header's value may hold at all; clients refuse the rest. */
const headerValue = text.map((value) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').trim());

/** Requests to ingest and to every operation of the management API, most of them nearly right. */
export function inputs({ operations, keys }: World): fc.Arbitrary<Input> {
  const ingest = fc.constantFrom('/v1/events', '/v1/events/batch').map((path) => ({ method: 'POST', path }));
  const id = fc.oneof(
    text,
    fc.constantFrom('sub_1', 'evt_01K0000000000000000000000', 'att_1.2.3', '__proto__', '%', '..'),
  );
  const managed = fc.constantFrom(...operations).chain(({ method, path, query }) =>
    fc
      .tuple(
        fc.array(id, { minLength: 3, maxLength: 3 }),
        fc.dictionary(fc.constantFrom('x', ...query), id, { maxKeys: 3 }),
      )
      .map(([ids, asked]) => {
        const rest = [...ids];
        const filled = path.replace(/\{[^}]+\}/g, () => encodeURIComponent((rest.pop() ?? '').toWellFormed() || 'x'));
        const parameters = Object.entries(asked).map(([name, value]): [string, string] => [name, value.toWellFormed()]);
        const search = new URLSearchParams(parameters).toString();
        return { method, path: search === '' ? filled : `${filled}?${search}` };
      }),
  );
  const bearer = (...of: string[]): fc.Arbitrary<string> => fc.constantFrom(...of).map((key) => `Bearer ${key}`);
  /** Mostly who may; else who may not, or anything. */
  const authorization = (usual: string): fc.Arbitrary<string> =>
    fc.oneof(
      { weight: 20, arbitrary: bearer(usual) },
      { weight: 4, arbitrary: bearer(keys.admin, keys.producer, keys.organization) },
      { weight: 1, arbitrary: headerValue },
    );
  const extra = fc.dictionary(
    fc.constantFrom('content-type', 'idempotency-key', 'traceparent', 'content-encoding', 'accept', 'x-forwarded-for'),
    headerValue,
    { maxKeys: 1 },
  );
  const target = (operation: fc.Arbitrary<{ method: string; path: string }>, usual: string) =>
    fc.tuple(operation, authorization(usual), fc.option(extra, { freq: 2 }), body);
  return fc
    .oneof(target(ingest, keys.producer), target(managed, keys.admin))
    .map(([{ method, path }, caller, more, bytes]) => ({
      ...whole({
        method,
        target: path,
        headers: Object.entries({ 'content-type': 'application/json', authorization: caller, ...more }),
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: bytes.toString('latin1') }),
      }),
      shrinks: true as const,
    }));
}
