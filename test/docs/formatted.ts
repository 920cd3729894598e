import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, type FormatConfig } from 'oxfmt';

const OPTIONS = JSON.parse(readFileSync(join(import.meta.dirname, '../../.oxfmtrc.json'), 'utf8')) as FormatConfig;

/** A file's text as `npm run format` would leave it. @throws when it cannot be read. */
export async function formatted(path: string, text: string): Promise<string> {
  const { code, errors } = await format(path, text, OPTIONS);
  if (errors.length > 0) throw new Error(`${path} cannot be formatted: ${errors.map(({ message }) => message).join()}`);
  return code;
}
