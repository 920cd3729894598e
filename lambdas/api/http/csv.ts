/**
 * How a cell begins that a spreadsheet would compute (OWASP, CSV Injection): also a line feed, and the full-width forms, which
 * some spreadsheets read like the narrow ones.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Records as CSV (RFC 4180): a line of headings, CRLF after every line. A text that a spreadsheet would compute begins with an
 * apostrophe; numbers do not, so that -1 remains one. What is missing or null is an empty cell, lists and objects are JSON.
 * @param columns names of the members to write, in this order; others are left out.
 */
export function toCsv(columns: readonly string[], records: readonly object[]): string {
  const lines = records.map((record) => columns.map((name) => cellOf((record as Record<string, unknown>)[name])));
  return [columns.map(cellOf), ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellOf(value: unknown): string {
  const text = textOf(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return FORMULA.test(value) ? `'${value}` : value;
  return JSON.stringify(value);
}
