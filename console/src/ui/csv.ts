/** A spreadsheet takes a cell that begins like this for a formula (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** Rows as CSV (RFC 4180). What a spreadsheet would run is defused by an apostrophe. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
