/** What was looked at, and how it turned out. */
export interface Finding {
  what: string;
  expected: string;
  found: string;
  verdict: 'ok' | 'not' | 'cannot be asked here';
}

/** What one look brought. @param isAsExpected decides between `ok` and `not`. */
export function finding(what: string, expected: string, found: string, isAsExpected: boolean): Finding {
  return { what, expected, found, verdict: isAsExpected ? 'ok' : 'not' };
}

/** @param instead why, or the command that asks where there is an answer. */
export function cannotBeAsked(what: string, expected: string, instead: string): Finding {
  return { what, expected, found: instead, verdict: 'cannot be asked here' };
}

/** Looks; what throws is a finding too, so that one refused call hides nothing of the rest. */
export async function look(what: string, expected: string, ask: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await ask();
  } catch (error) {
    return [finding(what, expected, error instanceof Error ? error.message : String(error), false)];
  }
}

/** A look that is repeated until it brings something: AWS shows much only after a while. */
export interface Patience {
  /** Milliseconds until it is given up. */
  forMs: number;
  /** Milliseconds between two looks. */
  everyMs: number;
}

/** @returns what the look brought, or undefined when it brought nothing in time. */
export async function until<T>(
  { forMs, everyMs }: Patience,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const endMs = Date.now() + forMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined || Date.now() >= endMs) return found;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

const HEADINGS = { what: 'what', expected: 'expected', found: 'found', verdict: '' };

/** The findings as a table; the last column is as long as it needs to be. */
export function tableOf(findings: readonly Finding[]): string {
  const rows = [HEADINGS, ...findings].map(({ what, expected, found, verdict }) => [verdict, what, expected, found]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n');
}
