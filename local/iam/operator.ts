import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readPrivate, writePrivate } from '../private-file.ts';
import type { Credentials } from './credentials.ts';

const FILE = 'operator.json';
/** How AWS begins the id of a long-lived key; a role's temporary ones begin with ASIA. */
const PREFIX = 'AKIA';
/** As long as AWS's: 16 letters and digits after the prefix, 40 characters of secret. */
const ID_BYTES = 10;
const SECRET_BYTES = 30;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * The credentials without limits of a data folder, for people and tools outside the functions: made at random with the
 * folder, kept in it for its owner alone, and shown in outputs.json.
 * @throws when the file is there but cannot be read as credentials.
 */
export function operatorOf(folder: string): Credentials {
  const file = join(folder, FILE);
  const text = readPrivate(file) ?? JSON.stringify(newOperator());
  writePrivate(file, text);
  const { accessKeyId, secretAccessKey } = JSON.parse(text) as Partial<Credentials>;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(`Expected accessKeyId and secretAccessKey in ${file}. Delete the file: a new key is made.`);
  }
  return { accessKeyId, secretAccessKey, sessionToken: undefined };
}

/** Whether a call was made with an operator's key, and not with a function's. */
export function isOperatorKey(accessKeyId: string | undefined): boolean {
  return accessKeyId?.startsWith(PREFIX) ?? false;
}

function newOperator(): Pick<Credentials, 'accessKeyId' | 'secretAccessKey'> {
  const bits = [...randomBytes(ID_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = bits.match(/.{5}/g)!.map((five) => BASE32[parseInt(five, 2)]);
  return {
    accessKeyId: PREFIX + letters.join(''),
    secretAccessKey: randomBytes(SECRET_BYTES).toString('base64'),
  };
}
