import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SUBSTITUTES = join(ROOT, 'substitutes');

interface Locked {
  link?: boolean;
  resolved?: string;
  dependencies?: Record<string, string>;
}
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const { packages } = read(join(ROOT, 'package-lock.json')) as { packages: Record<string, Locked> };
const folders = readdirSync(SUBSTITUTES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.each(folders.map(({ name }) => name))('the substitute %s', (folder) => {
  const { name } = read(join(SUBSTITUTES, folder, 'package.json')) as { name: string };

  it('is what npm installs under its name, and the original is nowhere beside it', () => {
    const places = Object.keys(packages).filter((path) => path.endsWith(`node_modules/${name}`));

    expect(places).toEqual([`node_modules/${name}`]);
    expect(packages[places[0]!]).toEqual({ resolved: `substitutes/${folder}`, link: true });
  });

  it('is still asked for', () => {
    const asking = Object.values(packages).filter(({ dependencies }) => dependencies?.[name] !== undefined);

    expect(asking).not.toEqual([]);
  });
});

describe("the substitute's days", () => {
  /** In a process of its own, because a time zone is read once. New York's clocks change on 2026-03-08 and 2026-11-01. */
  const inNewYork = (expression: string): unknown => {
    const days = JSON.stringify(join(SUBSTITUTES, 'date-fns/index.js'));
    const code = `import { add, differenceInDays } from ${days}; console.log(JSON.stringify(${expression}))`;
    const env = { ...process.env, TZ: 'America/New_York' };
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' }));
  };

  it.each([
    ['2026-03-07T00:00', '2026-03-09T00:00', 2],
    ['2026-10-31T00:00', '2026-11-02T00:00', 2],
    ['2026-03-07T12:00', '2026-03-08T11:59', 0],
    ['2026-03-07T12:00', '2026-03-08T12:00', 1],
    ['2026-12-30T06:00', '2027-01-02T05:00', 2],
  ])('from %s to %s are %i whole ones by the calendar, and as many back', (earlier, later, days) => {
    const dates = `new Date('${later}'), new Date('${earlier}')`;
    const back = `new Date('${earlier}'), new Date('${later}')`;

    expect(inNewYork(`[differenceInDays(${dates}), differenceInDays(${back})]`)).toEqual([
      days,
      days === 0 ? 0 : -days,
    ]);
  });

  it('end at the same time of day where clocks change between', () => {
    const later = "add(new Date('2026-03-07T12:00'), { days: 2 })";

    expect(inNewYork(`${later}.getTime() === new Date('2026-03-09T12:00').getTime()`)).toBe(true);
  });
});
