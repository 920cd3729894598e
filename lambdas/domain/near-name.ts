import { distance } from 'fastest-levenshtein';

/** Letters that may differ; of four letters and fewer two would be half of the word. */
const MAX_DISTANCE = 2;
const SHORT = 4;
/** Longer names are none of ours misspelt; and an edit distance costs the product of both lengths. */
const LONGEST = 40;
/** Characters of a list of words: an error has 300 at most, and what is cut off may be the very word that was meant. */
const LISTED = 200;

/**
 * The name that somebody probably meant by one that is not known: `timeoutSeconds` or `timout_seconds` for `timeout_seconds`, and
 * `timeout` as well, where no other begins with that word.
 */
export function nearName(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  const key = keyOf(name);
  const near = known
    .map((one) => ({ one, edits: distance(key, keyOf(one)) }))
    .filter(
      ({ one, edits }) => edits <= (Math.min(one.length, key.length) > SHORT ? MAX_DISTANCE : key === '' ? -1 : 1),
    )
    .sort((a, b) => a.edits - b.edits)[0];
  if (near) return near.one;
  const longer = known.filter((one) => one.startsWith(`${name.toLowerCase()}_`));
  return longer.length === 1 ? longer[0] : undefined;
}

/**
 * Words for an error, so many that it stays readable: all, or those most like what came instead and how many there are.
 * @param got anything that somebody sent.
 */
export function listWords(words: readonly string[], got: unknown): string {
  const all = words.join(', ');
  if (all.length <= LISTED) return all;
  const like = typeof got === 'string' ? got.slice(0, LONGEST) : '';
  const byLikeness = words
    .map((word) => ({ word, edits: distance(like, word) }))
    .sort((a, b) => a.edits - b.edits)
    .map(({ word }) => word);
  let fit = 1;
  while (byLikeness.slice(0, fit + 1).join(', ').length <= LISTED) fit++;
  return `${byLikeness.slice(0, fit).join(', ')}, … (${words.length} in all)`;
}

/** A name without case and separators. */
function keyOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
