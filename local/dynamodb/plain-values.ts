import type { AttributeValue, Item } from './types.ts';

// Attribute values that need no second look: well formed, their numbers written as DynamoDB writes them itself. Nearly all are.

/** As DynamoDB writes numbers itself, and fewer digits than the 38 that it keeps. */
const USUAL_NUMBER = /^(?:0|-?(?:[1-9]\d{0,24}(?:\.\d{0,9}[1-9])?|0\.\d{0,9}[1-9]))$/;
/** Characters of one item. What is longer may be near AWS's limit, which is counted elsewhere. */
const MOST_CHARACTERS = 100_000;
/** AWS takes 32 levels. */
const MOST_LEVELS = 30;

/** A copy of an item; undefined when it must be looked at in full. */
export function plainItem(item: unknown): Item | undefined {
  const room = { left: MOST_CHARACTERS };
  const copy = copyMap(item, room, 0);
  return room.left >= 0 ? copy : undefined;
}

interface Room {
  left: number;
}

function copyMap(map: unknown, room: Room, level: number): Item | undefined {
  if (!isObject(map)) return undefined;
  const copy: Item = {};
  for (const name of Object.keys(map)) {
    const value = copyValue(map[name], room, level);
    if (value === undefined || name === '__proto__') return undefined;
    room.left -= name.length;
    copy[name] = value;
  }
  return copy;
}

function copyValue(value: unknown, room: Room, level: number): AttributeValue | undefined {
  if (!isObject(value) || level > MOST_LEVELS) return undefined;
  const [type, ...more] = Object.keys(value);
  if (type === undefined || more.length > 0) return undefined;
  const held = value[type];
  if (type === 'S') return copyText(held, room);
  if (type === 'N') return isUsualNumber(held) ? { N: held } : undefined;
  if (type === 'BOOL') return typeof held === 'boolean' ? { BOOL: held } : undefined;
  if (type === 'NULL') return held === true ? { NULL: true } : undefined;
  if (type === 'M') {
    const M = copyMap(held, room, level + 1);
    return M && { M };
  }
  return Array.isArray(held) ? copyList(type, held, room, level) : undefined;
}

function copyText(text: unknown, room: Room): AttributeValue | undefined {
  if (typeof text !== 'string') return undefined;
  room.left -= text.length;
  return { S: text };
}

function copyList(type: string, held: unknown[], room: Room, level: number): AttributeValue | undefined {
  room.left -= held.length;
  if (type === 'L') {
    const L: AttributeValue[] = [];
    for (const element of held) {
      const copy = copyValue(element, room, level + 1);
      if (copy === undefined) return undefined;
      L.push(copy);
    }
    return { L };
  }
  if (held.length === 0 || new Set(held).size < held.length) return undefined;
  if (type === 'NS') return held.every(isUsualNumber) ? { NS: [...held] } : undefined;
  if (type !== 'SS' || !held.every((text) => typeof text === 'string')) return undefined;
  for (const text of held) room.left -= text.length;
  return { SS: [...held] };
}

function isUsualNumber(number: unknown): number is string {
  return typeof number === 'string' && USUAL_NUMBER.test(number);
}

/** One that JSON has made, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
