import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCursors } from '../../lambdas/api/http/cursors.ts';
import { anyCharacter } from '../support/any-character.ts';

const KEY = 'phk_caller';
const LIST = '["/v1/events",{},[["organization","org_1"]]]';
const PLACE = 'eyJpZCI6ImV2dF8xIn0';

const given = createCursors(KEY, LIST, undefined).write(PLACE)!;
const read = (cursor: string, key = KEY, list = LIST): string | undefined => createCursors(key, list, cursor).read();
const REFUSED = expect.objectContaining({ problem: 'invalid-request', status: 422 }) as unknown;

function refusal(run: () => unknown): unknown {
  try {
    return { read: run() };
  } catch (error) {
    return error;
  }
}

describe('a cursor', () => {
  it('leads the caller back to the place of the list that gave it', () => {
    expect(read(given)).toBe(PLACE);
  });

  it('is the same for the same place, and shows nothing of it', () => {
    const again = createCursors(KEY, LIST, undefined).write(PLACE)!;
    const bytes = Buffer.from(again.split('.')[0]!, 'base64url').toString('latin1');

    expect(again).toBe(given);
    expect(bytes).not.toContain(PLACE);
    expect(bytes).not.toContain('evt_1');
  });

  it('is null after the last page, and nothing is read from none', () => {
    const cursors = createCursors(KEY, LIST, undefined);
    expect(cursors.write(undefined)).toBeNull();
    expect(cursors.read()).toBeUndefined();
  });

  it.each([
    ['another key', 'phk_other', LIST],
    ['the hash of its key, as the table holds it', '6d1f', LIST],
    ['another list', KEY, LIST.replace('events', 'attempts')],
    ['other filters', KEY, LIST.replace('org_1', 'org_2')],
    ['no key', '', LIST],
  ])('is refused from %s', (_whose, key, list) => {
    expect(refusal(() => read(given, key, list))).toEqual(REFUSED);
  });

  it('is refused after any change of one character', () => {
    const alphabet = [...'ABCxyz019-_.=+/ %\u0000é'];
    for (let at = 0; at < given.length; at++) {
      for (const letter of alphabet.filter((one) => one !== given[at])) {
        const changed = given.slice(0, at) + letter + given.slice(at + 1);
        expect(
          refusal(() => read(changed)),
          changed,
        ).toEqual(REFUSED);
      }
    }
  });

  it('is refused cut, lengthened, doubled or put together from two', () => {
    const other = createCursors(KEY, LIST, undefined).write('eyJpZCI6ImV2dF8yIn0')!;
    const [text] = given.split('.');
    const [, signature] = other.split('.');
    const forged = [given.slice(0, -1), given.slice(1), `${given}A`, `${given}=`, `${given}.`, `${given}.x`];
    for (const cursor of [
      ...forged,
      `${given},${given}`,
      `${text}.${signature}`,
      `${text}`,
      `${text}.`,
      `.${signature}`,
    ]) {
      expect(
        refusal(() => read(cursor)),
        cursor,
      ).toEqual(REFUSED);
    }
  });

  it('is never made up by chance, and a refusal never quotes it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: anyCharacter })), (text) => {
        const forged = [text, `${text}.${text}`, `${PLACE}.${text}`];
        for (const cursor of forged) {
          const error = refusal(() => read(cursor)) as Error;
          expect(error).toEqual(REFUSED);
          if (text.length > 8) expect(error.message).not.toContain(text);
        }
      }),
    );
  });
});
