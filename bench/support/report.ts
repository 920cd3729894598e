import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { median, ratio, type Measured } from './rounds.ts';

/** What a figure means without: which code, which machine, how busy. */
export function printHeader(name: string): void {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'lambdas', 'lib', 'local', 'bench', 'package-lock.json') !== '';
  const commit = `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform} ${process.arch}`;
  const aws = process.env.POSTHORN_LIKE_AWS ? ` · like AWS: ${process.env.POSTHORN_LIKE_AWS}` : '';
  console.log(
    `${name} · commit ${commit} · Node ${process.version} · ${machine} · load ${loadavg()[0]?.toFixed(1)}${aws}\n`,
  );
}

/** Prints rows under a head, in columns. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? title).length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ');
  for (const row of [head, ...rows]) console.log(line(row));
  console.log();
}

/** A row: µs of CPU per unit, and how many times the base's. */
export function comparison(title: string, measured: Measured, base: string): string[][] {
  return Object.entries(measured).map(([name, values]) => {
    const ratios = values.map((value, round) => value / measured[base]![round]!);
    const spread = name === base ? '' : fromTo(ratios, 2);
    return [`${title}: ${name}`, median(values).toFixed(1), ratio(measured, name, base).toFixed(2), spread];
  });
}

/** Smallest and largest of the rounds' numbers. */
export function fromTo(numbers: readonly number[], digits: number): string {
  return `${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)}`;
}

/** Head of a table of {@link comparison}s. */
export const COMPARISON = ['', 'µs CPU each', 'ratio', 'from–to'];
