import { readFileSync } from 'node:fs';
import { constants, crc32, deflateRawSync, gzipSync } from 'node:zlib';

// Turns a case of test/corpus/api-inputs.json into the HTTP request that it describes. What the members of a generator
// mean is said in that file's `about`.

/** Text as members of a JSON object are set: exact text, exact bytes, or repetition. */
type SetValue =
  | { json: string }
  | { base64: string }
  | { prefix?: string; repeat: string; times?: number; total_characters?: number; suffix?: string }
  | { repeat_item: string; times: number };

export interface Generator {
  generator: string;
  base?: 'event' | 'subscription' | 'valid';
  set?: Record<string, SetValue>;
  remove?: string[];
  append_members?: string;
  prefix_base64?: string;
  total_bytes?: number;
  fill?: string;
  pad_after?: string;
  data_keys?: number;
  data_key_length?: number;
  nest?: { open: string; close: string; inner: string; times: number };
  member?: string;
  wrap?: string;
  repeat?: { text: string; times: number };
  compress?: 'gzip';
  content_length_delta?: number;
  chunked?: boolean;
  drip_ms?: number;
  event_type_count?: number;
  header_count?: number;
  header_bytes?: number;
  method?: string;
  path?: string;
  query?: [string, string][] | Record<string, string>;
  headers?: [string, string | null][];
  authorization?: string | string[] | null;
  raw?: boolean;
  requests?: number;
  parallel?: boolean;
  tenants?: number;
  bodies?: 'different';
  invoke?: Record<string, unknown>;
  body?: string | null;
  body_json?: string;
}

export interface InputCase {
  id: string;
  target: 'ingest' | 'management' | 'both';
  input: string | { bytes_base64: string } | Generator;
  expect_status: number[];
  if_accepted?: string;
  no_answer_ok?: boolean;
  why: string;
}

/** A member of a JSON object: its name and the text of its value. */
export type Member = [name: string, text: string];

/** What the corpus leaves open. */
export interface InputContext {
  target: 'ingest' | 'management';
  /** Smallest valid bodies. */
  event: Member[];
  subscription: Member[];
  /** Words in braces: `KEY`, `INGEST`, `ID`, …; those derived from the key are made here. */
  words: Record<string, string>;
}

/** A request as it goes over the wire. */
export interface InputRequest {
  method: string;
  path: string;
  /** Before URL encoding; a value that holds a % sequence is sent as it is. */
  query: [string, string][];
  /** In this order; a name may come twice. Content-Length is not among them unless the case sets it. */
  headers: [string, string][];
  body: Buffer | undefined;
  /** What Content-Length says, if it differs from the body's length. */
  contentLength?: number;
  chunked: boolean;
  dripMs?: number;
  /** Written to the socket, past any client's checks. */
  raw: boolean;
  /** For requests without a generator's `invoke`: undefined. */
  invoke?: Record<string, unknown>;
}

/** All cases for one target, in the order of the file. */
export function inputCases(target: 'ingest' | 'management'): InputCase[] {
  const file = new URL('../corpus/api-inputs.json', import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: InputCase[] };
  return cases.filter((one) => one.target === target || one.target === 'both');
}

/** A case's generator; exact bodies have an empty one. */
export function generatorOf({ input }: InputCase): Generator {
  return typeof input === 'object' && 'generator' in input ? input : { generator: 'exact body' };
}

/** The request that a case describes. `requests`, `tenants` and `bodies` are for the caller to follow. */
export function buildRequest(one: InputCase, context: InputContext): InputRequest {
  const generator = generatorOf(one);
  const body = bodyOf(one, context);
  const cut = Math.min(0, generator.content_length_delta ?? 0);
  const invoke = generator.invoke && fillInvoke(generator.invoke, context);
  return {
    method: generator.method ?? 'POST',
    path: fillWords(generator.path ?? (context.target === 'ingest' ? '{INGEST}' : '{SUBSCRIPTIONS}'), context),
    query: pairsOf(generator.query).map(([name, value]) => [name, fillWords(value, context)]),
    headers: headersOf(generator, context),
    body,
    ...(body && cut < 0 ? { contentLength: body.length + cut } : {}),
    chunked: generator.chunked ?? false,
    ...(generator.drip_ms === undefined ? {} : { dripMs: generator.drip_ms }),
    raw: generator.raw ?? false,
    ...(invoke ? { invoke } : {}),
  };
}

/** Text of the member `data` that a case sends; undefined if it is not plain UTF-8 text. */
export function sentData(one: InputCase, context: InputContext): string | undefined {
  const text = membersOf(generatorOf(one), context).find(([name]) => name === 'data')?.[1];
  return text?.toString('utf8');
}

function pairsOf(query: Generator['query']): [string, string][] {
  return Array.isArray(query) ? query : Object.entries(query ?? {});
}

function headersOf(generator: Generator, context: InputContext): [string, string][] {
  const given = generator.headers ?? [];
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  const headers: [string, string][] = names.has('content-type') ? [] : [['Content-Type', 'application/json']];
  const { authorization = 'Bearer {KEY}' } = generator;
  for (const value of authorization === null ? [] : [authorization].flat()) headers.push(['Authorization', value]);
  for (const [name, value] of given) if (value !== null) headers.push([name, value]);
  if (generator.base !== 'subscription') {
    for (let n = 1; n <= (generator.header_count ?? 0); n++) headers.push([`X-${n}`, 'x']);
  }
  if (generator.header_bytes) headers.push(['X-Large', 'x'.repeat(generator.header_bytes)]);
  return headers.map(([name, value]) => [name, fillWords(value, context)]);
}

function bodyOf(one: InputCase, context: InputContext): Buffer | undefined {
  const { input } = one;
  if (typeof input === 'string') return Buffer.from(input);
  if ('bytes_base64' in input) return Buffer.from(input.bytes_base64, 'base64');
  if (input.body === null) return undefined;
  if (input.body_json !== undefined) return Buffer.from(input.body_json);
  if (input.repeat) return repeatedBody(input.repeat, input.compress);
  const body = documentOf(input, context);
  return input.compress ? gzipSync(body) : body;
}

/** Of a compressed piece: some of them make up what is large. */
const PIECE_CHARACTERS = 4 * 1024 * 1024;
/** Without a name or a time. */
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** An empty one, which ends what deflate made. */
const LAST_BLOCK = Buffer.from([3, 0]);

function repeatedBody({ text, times }: { text: string; times: number }, compress?: 'gzip'): Buffer {
  return compress ? gzipOfRepeated(text, times) : Buffer.from(text.repeat(times));
}

/**
 * What gzip makes of a text that is repeated. Only a piece of it is compressed, whose end forgets what came before, so that it can be
 * repeated as it is: of 200 MiB gzip itself takes a second.
 */
function gzipOfRepeated(text: string, times: number): Buffer {
  const each = Math.min(times, Math.ceil(PIECE_CHARACTERS / text.length));
  const pieces = [...Array<number>(Math.floor(times / each)).fill(each), times % each];
  const made = new Map([...new Set(pieces)].map((count) => [count, Buffer.from(text.repeat(count))]));
  const blocks = new Map(
    [...made].map(([count, piece]) => [count, deflateRawSync(piece, { finishFlush: constants.Z_FULL_FLUSH })]),
  );
  const end = Buffer.alloc(8);
  end.writeUInt32LE(pieces.reduce((sum, count) => crc32(made.get(count)!, sum), 0));
  end.writeUInt32LE((Buffer.byteLength(text) * times) % 2 ** 32, 4);
  return Buffer.concat([GZIP_HEAD, ...pieces.map((count) => blocks.get(count)!), LAST_BLOCK, end]);
}

function documentOf(generator: Generator, context: InputContext): Buffer {
  const members = membersOf(generator, context);
  const { total_bytes: total, pad_after: padAfter } = generator;
  if (total === undefined) return objectOf(members, generator, context);
  if (padAfter !== undefined) {
    const document = objectOf(members, generator, context);
    return Buffer.concat([document, Buffer.alloc(total - document.length, padAfter)]);
  }
  const frame = objectOf(withMember(members, 'data', Buffer.from('{"s":""}')), generator, context).length;
  const fill = Buffer.from(generator.fill ?? 'a');
  const times = Math.floor((total - frame) / fill.length);
  const filled = Buffer.concat([
    Buffer.alloc(times * fill.length, fill),
    Buffer.alloc((total - frame) % fill.length, 'a'),
  ]);
  const data = Buffer.concat([Buffer.from('{"s":"'), filled, Buffer.from('"}')]);
  return objectOf(withMember(members, 'data', data), generator, context);
}

function objectOf(members: [string, Buffer][], generator: Generator, context: InputContext): Buffer {
  const parts = members.map(([name, value]) => Buffer.concat([Buffer.from(`${JSON.stringify(name)}:`), value]));
  if (generator.append_members) parts.push(Buffer.from(fillWords(generator.append_members, context)));
  const inner = parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from(','), part]));
  const prefix = Buffer.from(generator.prefix_base64 ?? '', 'base64');
  return Buffer.concat([prefix, Buffer.from('{'), ...inner, Buffer.from('}')]);
}

function membersOf(generator: Generator, context: InputContext): [string, Buffer][] {
  const { base = 'valid' } = generator;
  const kind = base === 'valid' ? (context.target === 'ingest' ? 'event' : 'subscription') : base;
  let members = context[kind].map(([name, text]): [string, Buffer] => [name, Buffer.from(text)]);
  for (const [name, value] of Object.entries({ ...generatedMembers(generator), ...generator.set })) {
    members = withMember(members, name, valueOf(value));
  }
  return members.filter(([name]) => !generator.remove?.includes(name));
}

/** Members that a generator makes by counting. */
function generatedMembers(generator: Generator): Record<string, SetValue> {
  const { data_keys: keys, data_key_length: length, nest, event_type_count: types, header_count: headers } = generator;
  const list = (count: number, item: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => item(n)).join();
  const members: Record<string, SetValue> = {};
  if (keys) members.data = { json: objectWithKeys(keys) };
  if (length) members.data = { json: `{"${'k'.repeat(length)}":0}` };
  if (types) members.events = { json: `[${list(types, (n) => `"type-${n}.made"`)}]` };
  if (headers && generator.base === 'subscription')
    members.headers = { json: `{${list(headers, (n) => `"X-H${n + 1}":"x"`)}}` };
  if (nest) {
    const nested = nest.open.repeat(nest.times) + nest.inner + nest.close.repeat(nest.times);
    members[generator.member ?? 'data'] = { json: generator.wrap?.replace('%', nested) ?? nested };
  }
  return members;
}

/** A million keys take 0.3 s of a processor, and several of a process's tests send them. */
const withKeys = new Map<number, string>();

function objectWithKeys(count: number): string {
  const known = withKeys.get(count) ?? `{${Array.from({ length: count }, (_, n) => `"${n.toString(36)}":0`).join()}}`;
  withKeys.set(count, known);
  return known;
}

function valueOf(value: SetValue): Buffer {
  if ('json' in value) return Buffer.from(value.json);
  if ('base64' in value) return Buffer.from(value.base64, 'base64');
  if ('repeat_item' in value) return Buffer.from(`[${Array(value.times).fill(value.repeat_item).join()}]`);
  const { prefix = '', repeat, suffix = '', total_characters: total } = value;
  const times = value.times ?? Math.ceil(((total ?? 0) - prefix.length - suffix.length) / repeat.length);
  const text = prefix + repeat.repeat(times) + suffix;
  return Buffer.from(text.startsWith('"') ? text : JSON.stringify(text));
}

function withMember(members: [string, Buffer][], name: string, value: Buffer): [string, Buffer][] {
  const found = members.some(([known]) => known === name);
  return found
    ? members.map((member): [string, Buffer] => (member[0] === name ? [name, value] : member))
    : [...members, [name, value]];
}

function fillInvoke(invoke: Record<string, unknown>, context: InputContext): Record<string, unknown> {
  const valid = objectOf(membersOf({ generator: '' }, context), { generator: '' }, context);
  const bodies: Record<string, string> = {
    valid: valid.toString(),
    '{base64 of valid event}': valid.toString('base64'),
  };
  const { body } = invoke;
  return typeof body === 'string' ? { ...invoke, body: bodies[body] ?? body } : invoke;
}

/** `{A*10240}`, `{a{n}=1&*10}` and the words of the context; braces around anything else stay. */
function fillWords(text: string, context: InputContext): string {
  const words: Record<string, string> = { ...keyWords(context.words.KEY ?? ''), ...context.words };
  return text
    .replace(/\{(.)\*(\d+)\}/g, (_, letter: string, times: string) => letter.repeat(Number(times)))
    .replace(/\{([^{}]*)\{n\}([^{}]*)\*(\d+)\}/g, (_, before: string, after: string, times: string) =>
      Array.from({ length: Number(times) }, (_, n) => `${before}${n + 1}${after}`).join(''),
    )
    .replace(/\{([A-Z_]+)\}/g, (braces, word: string) => words[word] ?? braces);
}

/** Spellings of the right key that must not work. */
function keyWords(key: string): Record<string, string> {
  const other = (letter: string | undefined): string => (letter === 'A' ? 'B' : 'A');
  const random = key.indexOf('_') + 1;
  return {
    KEY_LAST_CHAR_CHANGED: key.slice(0, -1) + other(key.at(-1)),
    KEY_FIRST_RANDOM_CHAR_CHANGED: key.slice(0, random) + other(key[random]) + key.slice(random + 1),
    KEY_WITHOUT_LAST_CHAR: key.slice(0, -1),
    KEY_BASE64: Buffer.from(key).toString('base64'),
  };
}
