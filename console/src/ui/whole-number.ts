/**
 * A number as typed into a field. Not `Number(text)`: that makes 0 of an emptied field, and 0 is often the strongest
 * value of all.
 * @returns undefined for everything but a whole number in the range.
 */
export function wholeNumber(text: string, { from, to }: { from: number; to: number }): number | undefined {
  if (!/^\d{1,9}$/.test(text.trim())) return undefined;
  const value = Number(text);
  return value >= from && value <= to ? value : undefined;
}
