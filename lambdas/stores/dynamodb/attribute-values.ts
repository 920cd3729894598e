import { unmarshall } from '@aws-sdk/util-dynamodb';

/** A DynamoDB number as JavaScript has it: exact where it can be (BigInt for large integers), else the nearest. Never throws. */
export function toNumber(text: string): number | bigint {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  return /^-?\d+$/.test(text) ? BigInt(text) : number;
}

/** An attribute value in a stream record as Lambda hands it over: JSON, so binary is base64 text. */
type StreamImage = Record<string, unknown>;

/** A row out of a stream record, the same as if it were read from the table. */
export function readImage(image: StreamImage): Record<string, unknown> {
  return unmarshall(decodeBinary(image) as Parameters<typeof unmarshall>[0], { wrapNumbers: toNumber });
}

function decodeBinary(image: StreamImage): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, decodeValue(value)]));
}

function decodeValue(value: unknown): unknown {
  const [[type, content] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  if (type === 'B') return { B: Buffer.from(content as string, 'base64') };
  if (type === 'BS') return { BS: (content as string[]).map((one) => Buffer.from(one, 'base64')) };
  if (type === 'L') return { L: (content as unknown[]).map(decodeValue) };
  if (type === 'M') return { M: decodeBinary(content as Record<string, unknown>) };
  return value;
}
