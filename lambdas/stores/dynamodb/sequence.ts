/** Sequence numbers of a stream have up to 40 digits; so they compare as text. */
const SEQUENCE_DIGITS = 40;

export function padded(sequence: string): string {
  return sequence.padStart(SEQUENCE_DIGITS, '0');
}
