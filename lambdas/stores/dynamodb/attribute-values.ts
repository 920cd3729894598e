/** A DynamoDB number as JavaScript has it: exact where it can be (BigInt for large integers), else the nearest. Never throws. */
export function toNumber(text: string): number | bigint {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  return /^-?\d+$/.test(text) ? BigInt(text) : number;
}
