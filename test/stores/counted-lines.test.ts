import { describe, expect, it } from 'vitest';
import { decodeLines, encodeLines } from '../../lambdas/stores/dynamodb/counted-lines-item.ts';
import type { CountedLine } from '../../lambdas/stores/counted-lines.ts';

const LINES: CountedLine[] = [
  {
    organization: 'org_1',
    subscription: 'sub_1',
    sequence: '100000000000000000000',
    hour: '2026-01-31T09',
    accepted_ms: 1_769_850_900_000,
    counts: { d_delivered: 1, t_delivered: 1, s_2xx: 1, m31: 1, bytes: 534, l35: 1 },
    longestMs: 420,
  },
  {
    organization: 'org_2',
    subscription: 'sub_1',
    sequence: '100000000000000000042',
    hour: '2026-01-31T10',
    accepted_ms: 1_769_850_900_007,
    counts: { t_failed: 1, s_none: 1 },
    longestMs: undefined,
  },
];
/** As this release has written them; rows live for two weeks, so that a later one meets them. */
const WRITTEN =
  'bU7bisIwEP2X8zzCTNqqzXfsWwmhttEN1FSSuLgW/10aUGTZmYdzmcNhFszx1Ad/77OfQ4LuVsMKqKCCIaTrIQ3RX16JjotnBYY6eXND+J6vsXQoVtsNy6aS' +
  'L25Bn1p47Tz6mDI0hP8ZEPphcJfsRntO0LLbtvuG23IkTD648gcYxGUXjHZ0k/9x0Y3QQsh/dLLqdivsXEnBw29ea5qqJkxVAy0PqhUb6lArkJDQjhZke+z9' +
  '9G4Jc3Br1JjHEw==';

describe('lines that lie together', () => {
  it('come back as they were written, whatever their length', () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({
      ...LINES[n % 2]!,
      sequence: String(n),
      subscription: `sub_${n % 700}`,
    }));

    expect(decodeLines(encodeLines(LINES))).toEqual(LINES);
    expect(decodeLines(encodeLines(many))).toEqual(many);
  });

  it('are read as this release has written them', () => {
    expect(decodeLines(Buffer.from(WRITTEN, 'base64'))).toEqual(LINES);
  });

  it('take few bytes each', () => {
    const many = Array.from({ length: 47 }, (_, n) => ({
      ...LINES[0]!,
      sequence: String(10n ** 20n + BigInt(n * 1237)),
      subscription: `sub_${((n * 2_654_435_761) % 4_294_967_296).toString(36).padStart(26, '0')}`,
      accepted_ms: LINES[0]!.accepted_ms + n * 31,
    }));

    expect(encodeLines(many).length / many.length).toBeLessThan(45);
  });
});
