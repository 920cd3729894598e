import { printTable } from '../support/report.ts';

/** What was asked for, and what came of it. */
export interface Bar {
  what: string;
  measured: string;
  bar: string;
  /** Absent: it is no bar, but says how a figure came about. */
  met?: boolean;
}

/** A bar of a number that may be at most so much. */
export function atMost(what: string, measured: number | undefined, most: number, unit = '', digits = 0): Bar {
  const text = measured === undefined || Number.isNaN(measured) ? 'not in time' : `${measured.toFixed(digits)}${unit}`;
  return { what, measured: text, bar: `≤ ${most}${unit}`, met: measured !== undefined && measured <= most };
}

/** A bar of a number that has to be exactly so much. */
export function exactly(what: string, measured: number, wanted: number): Bar {
  return { what, measured: String(measured), bar: String(wanted), met: measured === wanted };
}

/** Rows of a table of bars. */
export function rowsOf(bars: readonly Bar[]): string[][] {
  return bars.map(({ what, measured, bar, met }) => [
    what,
    measured,
    bar,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ]);
}

/** Prints what was measured of something, the bars, and whether they are met. */
export function printBars(name: string, bars: readonly Bar[]): void {
  printTable([name, 'measured', 'bar', ''], rowsOf(bars));
}
