import type { Attempt } from '../../api/types.ts';

/** Headers that curl makes by itself. */
const OWN = new Set(['host', 'content-length', 'connection', 'accept-encoding']);
/** What the log shows in place of signatures and credentials. */
const MASK = '***';
/** What a terminal takes for a key when it is pasted, as a tab or a carriage return; a line feed stays what it is. */
const CONTROL = /(?!\n)\p{Cc}/u;
/** One word of a command may have 128 KiB on Linux (MAX_ARG_STRLEN, execve(2)); a pipe takes any length. Bytes. */
const LONGEST_WORD = 100 * 1024;

/**
 * The request as a command for a POSIX shell, with the same bytes. Signatures and credentials are masked in the log, so
 * they are masked here, and the command says so. Notes are words of `:`, which does nothing: interactive zsh knows no
 * comments.
 */
export function toCurl({ url, request, redacted }: Attempt): string {
  const all = Object.entries(request?.headers ?? {}).filter(([name]) => !OWN.has(name.toLowerCase()));
  // `name:` alone would remove the header: curl(1), --header.
  const headers = all.map(([name, value]) => `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`);
  const masked = all.filter(([, value]) => value.includes(MASK)).map(([name]) => name);
  const { note, before, words } = bodyParts(request?.body, redacted);
  const notes = [
    ...(masked.length > 0
      ? [`${masked.join(', ')}: masked in the log. An endpoint that checks them will refuse this request.`]
      : []),
    ...note,
  ].map((text) => `: ${quote(text)}\n`);
  // Braces and brackets of a URL would be patterns to curl.
  return `${notes.join('')}${before}${[`curl --globoff -X POST ${quote(url)}`, ...headers, ...words].join(' \\\n  ')}`;
}

function bodyParts(body: string | undefined, isRedacted = false): { note: string[]; before: string; words: string[] } {
  if (body === undefined) {
    const note = isRedacted
      ? 'This key may not see payloads: the body is left out.'
      : 'The event has expired, and the body with it.';
    return { note: [note], before: '', words: [] };
  }
  if (CONTROL.test(body)) {
    return { note: [], before: `printf %b ${quote(escaped(body))} | `, words: ['--data-binary @-'] };
  }
  if (new TextEncoder().encode(quote(body)).length <= LONGEST_WORD) {
    return { note: [], before: '', words: [`--data-raw ${quote(body)}`] };
  }
  // printf is part of the shell, so its words may be of any length; a here-document would add a line break to the body.
  return { note: [], before: `printf %s ${quote(body)} | `, words: ['--data-binary @-'] };
}

/** For `printf %b`: by POSIX it makes a byte of `\0` and octal digits. */
function escaped(text: string): string {
  const octal = (byte: number): string => `\\0${byte.toString(8).padStart(3, '0')}`;
  return text
    .replaceAll('\\', '\\\\')
    .replace(new RegExp(CONTROL, 'gu'), (letter) => [...new TextEncoder().encode(letter)].map(octal).join(''));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
