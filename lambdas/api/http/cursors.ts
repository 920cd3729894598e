import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { Problem } from '../../domain/problem.ts';

const CIPHER = 'aes-256-gcm';
/** Bytes of the nonce that GCM is made for (NIST SP 800-38D, 5.2.1.1), and of its full tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Cursors as callers see them: the store's own, sealed for one caller, one list and its filters. A cursor that was
 * changed, made up, taken from another key or used with other filters is refused. Sealed, not only signed, because the
 * place where a page ends may be something that the caller may not see: what a filter left out.
 * @param key the caller's API key: only that caller's cursors open, there is no further secret to keep, and who reads
 * the table of hashes cannot make any.
 * @param list names the list and its filters.
 */
export function createCursors(key: string, list: string, given: string | undefined) {
  const secret = createHmac('sha256', key).update('cursor').digest();
  // From what is sealed, so that the same place has the same cursor: who polls a list sees that nothing has changed.
  const nonceOf = (text: string): Buffer =>
    createHmac('sha256', key).update(`${list}\n${text}`).digest().subarray(0, NONCE_BYTES);

  const open = (cursor: string): string | undefined => {
    const [text = '', tagText = '', ...more] = cursor.split('.');
    const sealed = Buffer.from(text, 'base64url');
    const tag = Buffer.from(tagText, 'base64url');
    // Base64 has several spellings of the same bytes; only ours is a cursor.
    const isSpelt = sealed.toString('base64url') === text && tag.toString('base64url') === tagText;
    if (more.length > 0 || !isSpelt || tag.length !== TAG_BYTES || sealed.length <= NONCE_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, secret, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(list)).setAuthTag(tag);
    try {
      return decipher.update(sealed.subarray(NONCE_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  };

  return {
    /** The store's cursor inside the given one; undefined when none was given. */
    read(): string | undefined {
      if (given === undefined) return undefined;
      const text = open(given);
      if (text === undefined) {
        throw new Problem('invalid-request', 'The cursor does not belong to this list and this key.', [
          { pointer: '?cursor', detail: 'expected next_cursor of the previous page, unchanged, with the same filters' },
        ]);
      }
      return text;
    },
    /** What `next_cursor` shows. */
    write(next: string | undefined): string | null {
      if (next === undefined) return null;
      const nonce = nonceOf(next);
      const cipher = createCipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(list));
      const sealed = Buffer.concat([nonce, cipher.update(next, 'utf8'), cipher.final()]);
      return `${sealed.toString('base64url')}.${cipher.getAuthTag().toString('base64url')}`;
    },
  };
}
