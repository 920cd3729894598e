import { describe, expect, it } from 'vitest';
import { createLatestOnly } from '../src/index.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 31, 9, 15, second)).toISOString();

describe('the latest state only', () => {
  it('drops what is older than the newest seen for its resource', () => {
    const latest = createLatestOnly();
    expect(latest.accept('visit/1', at(2))).toBe(true);
    expect(latest.accept('visit/1', at(1))).toBe(false);
    expect(latest.accept('visit/1', at(3))).toBe(true);
  });

  it('keeps resources apart', () => {
    const latest = createLatestOnly();
    latest.accept('visit/1', at(2));
    expect(latest.accept('shift/1', at(1))).toBe(true);
  });

  it('lets equal times pass: two edits may fall into one millisecond', () => {
    const latest = createLatestOnly();
    latest.accept('visit/1', at(2));
    expect(latest.accept('visit/1', at(2))).toBe(true);
  });

  it('compares times, not letters', () => {
    const latest = createLatestOnly();
    latest.accept('visit/1', '2026-01-31T10:00:00.000+02:00');
    expect(latest.accept('visit/1', '2026-01-31T09:00:00.000Z')).toBe(true);
  });

  it('forgets the resource that changed longest ago when there are too many', () => {
    const latest = createLatestOnly({ maxResources: 2 });
    latest.accept('a', at(5));
    latest.accept('b', at(5));
    latest.accept('a', at(6));
    latest.accept('c', at(5));
    expect(latest.accept('a', at(1))).toBe(false);
    expect(latest.accept('c', at(1))).toBe(false);
    expect(latest.accept('b', at(1))).toBe(true);
  });

  it('refuses what is no time', () => {
    expect(() => createLatestOnly().accept('a', 'soon')).toThrow('2026-01-31T09:15:00.123Z');
  });
});
