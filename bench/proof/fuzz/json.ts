import type { Chance } from '../../simulation/random.ts';
import { JSON_CASES } from '../corpora/json-cases.ts';
import { NAUGHTY } from '../corpora/naughty.ts';
import { utf8 } from './input.ts';

// JSON texts, nearly right or not at all, as cheap as can be: each character stands for one byte.

const SPECIAL = [
  ...['1e999999', '-0', '1.10', '9007199254740993', '1E-400', '-', '0x1', 'NaN', '"\\ud800"', '"\\u0000"', '""'],
  ...['{"__proto__":{}}', '{"constructor":{"prototype":1}}', '{"toString":1}', '{"":0}', '[[]]', '[]', '{}', 'null'],
  ...['true', 'false', '0', '"visit.*"', '"*"', '"2xx"', '"sub_1"', '"https://127.0.0.1/"', '"http://[::1]"', '-1'],
];
const CORPUS = JSON_CASES.map(({ bytes }) => bytes.toString('latin1'));
const SMALL = [...SPECIAL, ...CORPUS.filter(({ length }) => length <= 1000)];
const LARGE = CORPUS.filter(({ length }) => length > 1000);
const STRINGS = NAUGHTY.map((text) => utf8(JSON.stringify(text)));

/** A piece of the corpora, or made of chance. */
export function anyJson(chance: Chance, depth = 3): string {
  const kind = chance.next();
  if (kind < 0.4) return chance.pick(STRINGS);
  if (kind < 0.75) return chance.pick(SMALL);
  if (kind < 0.752) return chance.pick(LARGE);
  if (kind < 0.8) return String((chance.next() - 0.5) * 10 ** chance.between(-20, 25));
  if (kind < 0.85) return JSON.stringify(String.fromCharCode(chance.between(0, 0xff), chance.between(0x20, 0x7e)));
  if (depth === 0) return 'null';
  const inner = Array.from({ length: chance.between(0, 3) }, () => anyJson(chance, depth - 1));
  if (kind < 0.92) return `[${inner.join(',')}]`;
  return `{${inner.map((value) => `${chance.pick(STRINGS)}:${value}`).join(',')}}`;
}

/** Text that is not JSON: a naughty string, or bytes. */
export function anyText(chance: Chance): string {
  if (chance.happens(0.7)) return utf8(chance.pick(NAUGHTY));
  return Array.from({ length: chance.between(0, 40) }, () => String.fromCharCode(chance.between(0, 255))).join('');
}

export type Members = [name: string, text: string][];

export const toObject = (members: Members): string =>
  `{${members.map(([name, text]) => `"${name}":${text}`).join(',')}}`;

/** A valid object with one to three members changed, left out, doubled or added. */
export function changed(chance: Chance, valid: Members): Members {
  const members = [...valid];
  for (let n = chance.between(1, 3); n > 0; n--) {
    const at = chance.between(0, Math.max(0, members.length - 1));
    const [name = 'data', text = 'null'] = members[at] ?? [];
    const kind = chance.next();
    if (kind < 0.6) members[at] = [name, anyJson(chance)];
    else if (kind < 0.7) members.splice(at, 1);
    else if (kind < 0.75) members.push([name, text]);
    else if (kind < 0.9) members.push([chance.pick(STRINGS).slice(1, -1), anyJson(chance)]);
    else members[at] = [name, `${chance.pick([' ', '\t', '\n\r', '\ufeff', '\u00a0', '//', ''])}${text} `];
  }
  return members;
}

/** Text whose bytes were flipped, cut, doubled or put in. */
export function broken(chance: Chance, text: string): string {
  let bytes = text;
  for (let n = chance.between(1, 4); n > 0; n--) {
    const at = chance.between(0, bytes.length);
    const kind = chance.between(0, 3);
    const between =
      kind === 2 ? bytes.slice(at, at + chance.between(1, 9)) : String.fromCharCode(chance.between(0, 255));
    bytes = bytes.slice(0, at) + (kind === 3 ? '' : between) + bytes.slice(kind === 0 ? at : at + 1);
  }
  return bytes;
}
