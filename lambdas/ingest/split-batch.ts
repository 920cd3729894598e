import { escapePointer } from '../domain/json/pointer.ts';
import { withoutOuter } from '../domain/json/blanks.ts';
import { scanJson } from '../domain/json/scan.ts';
import { Problem } from '../domain/problem.ts';
import { MAX_DEPTH, scanProblem } from './read-event.ts';

/** Events in one batch request. */
export const MAX_BATCH = 100;

const OPENING = /^[ \t\n\r]*\{[ \t\n\r]*"events"[ \t\n\r]*:[ \t\n\r]*\[/;
const CLOSING = /^\][ \t\n\r]*\}[ \t\n\r]*$/;
const BLANKS = ' \t\n\r';

/** Characters of a field's name that an error quotes. */
const MAX_QUOTE = 40;

/** Levels that the batch itself takes: its object and its array. */
export const BATCH_LEVELS = 2;

/**
 * The texts of the events in `{"events":[…]}`, cut apart without reading them, so that each byte is scanned once and a
 * repeated key in one event spoils no other. Whether each text is JSON is for its reader to find out; only when all
 * are, the whole was.
 * @throws Problem `malformed-json`; `invalid-request` for another shape or a count other than 1 to {@link MAX_BATCH}.
 */
export function splitBatch(text: string): string[] {
  const opening = OPENING.exec(text);
  const items = (opening && splitArray(text, opening[0].length)) ?? splitSlowly(text);
  if (items.length < 1 || items.length > MAX_BATCH) {
    throw shapeProblem('/events', `Expected 1 to ${MAX_BATCH} events, got ${items.length}.`);
  }
  return items;
}

/** Follows strings and brackets only. @param start just after the array's opening bracket. */
function splitArray(text: string, start: number): string[] | undefined {
  const items: string[] = [];
  let itemStart = start;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === '{' || character === '[') {
      depth++;
    } else if (depth === 0 && (character === ',' || character === ']')) {
      items.push(withoutOuter(text.slice(itemStart, at), BLANKS));
      itemStart = at + 1;
      if (character === ',') continue;
      if (!CLOSING.test(text.slice(at))) return undefined;
      return items.length === 1 && items[0] === '' ? [] : items;
    } else if (character === '}' || character === ']') {
      depth--;
    }
  }
  return undefined;
}

/** Where the string that begins at `at` has its closing quotation mark; the text's end if it has none. */
function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return end;
}

/** For texts that {@link splitArray} cannot take: says what is wrong, or finds `events` spelt with escapes. */
function splitSlowly(text: string): string[] {
  const scan = scanJson(text, { maxDepth: MAX_DEPTH });
  if (!scan.ok) throw scanProblem(scan, '');
  const events = scan.members?.get('events');
  if (events?.kind !== 'array' || scan.members?.size !== 1) {
    const pointer = misplaced([...(scan.members?.keys() ?? [])]);
    throw shapeProblem(pointer, 'Expected an object with exactly one field, events, an array: {"events": […]}.');
  }
  const inner = scanJson(events.raw, { maxDepth: MAX_DEPTH });
  return inner.ok ? (inner.elements ?? []).map((element) => element.raw) : [];
}

/** Where a batch differs from `{"events":[…]}`: its first other field, else `events`, else the whole. */
function misplaced(names: string[]): string {
  const name = names.find((one) => one !== 'events') ?? names[0];
  return name === undefined ? '' : `/${escapePointer(name.slice(0, MAX_QUOTE))}`;
}

function shapeProblem(pointer: string, detail: string): Problem {
  return new Problem('invalid-request', 'The batch was not accepted. See errors for what to change.', [
    { pointer, detail },
  ]);
}
