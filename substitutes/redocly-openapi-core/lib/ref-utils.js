/** `/` and `~` as they stand in a part of a JSON pointer (RFC 6901). @param {string | number} part */
export const escapePointer = (part) =>
  typeof part === 'number' ? part : part.replaceAll('~', '~0').replaceAll('/', '~1');

/** @param {string} ref as in `$ref`: the document that it points into, null for the same one, and the parts of the pointer. */
export function parseRef(ref) {
  const [uri, pointer = ''] = ref.split('#/');
  const parts = pointer.split('/').filter(Boolean);
  return { uri: uri.replace(/#$/, '') || null, pointer: parts.map(unescapePointer) };
}

/** @param {string} part */
function unescapePointer(part) {
  return decodeURIComponent(part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
