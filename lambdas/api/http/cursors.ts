import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '../../domain/problem.ts';

/** Bytes of the signature kept: 128 bits. */
const SIGNATURE_BYTES = 16;

/**
 * Cursors as callers see them: the store's own, signed for one caller, one list and its filters. A cursor that was
 * changed, made up, taken from another key or used with other filters is refused.
 * @param key the caller's API key: only that caller's cursors verify, there is no further secret to keep, and who reads
 * the table of hashes cannot make any.
 * @param list names the list and its filters.
 */
export function createCursors(key: string, list: string, given: string | undefined) {
  const sign = (text: string): Buffer =>
    createHmac('sha256', key).update(`${list}\n${text}`).digest().subarray(0, SIGNATURE_BYTES);
  return {
    /** The store's cursor inside the given one; undefined when none was given. */
    read(): string | undefined {
      if (given === undefined) return undefined;
      const [text, signature, ...more] = given.split('.');
      const claimed = Buffer.from(signature ?? '', 'base64url');
      const isOurs =
        text !== undefined &&
        more.length === 0 &&
        claimed.length === SIGNATURE_BYTES &&
        claimed.toString('base64url') === signature &&
        timingSafeEqual(claimed, sign(text));
      if (!isOurs) {
        throw new Problem('invalid-request', 'The cursor is not one that this list gave to this key.', [
          { pointer: '?cursor', detail: 'expected next_cursor of the page before, unchanged, with the same filters' },
        ]);
      }
      return Buffer.from(text, 'base64url').toString();
    },
    /** What `next_cursor` shows. */
    write(next: string | undefined): string | null {
      if (next === undefined) return null;
      const text = Buffer.from(next).toString('base64url');
      return `${text}.${sign(text).toString('base64url')}`;
    },
  };
}
