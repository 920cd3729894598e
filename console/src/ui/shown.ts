/** A value of a row that somebody may have edited by hand, in words: whatever it is, and that it is not set. */
export function shown(value: unknown, notSet = 'not set'): string {
  if (value === undefined) return notSet;
  if (value === null || value === '') return 'empty';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length > 0) return value.map((item) => shown(item)).join(', ');
  return JSON.stringify(value);
}
