/** What people leave out, or write differently, when they say or type a name: `South Clinic` is `south_clinic`. */
const IGNORED = /[\s_-]+/gu;

/** A text as it is compared in a search: without case, blanks, `_` and `-`, and in one form of its accents. */
export function foldForSearch(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(IGNORED, '');
}
