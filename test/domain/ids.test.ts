import fc from 'fast-check';
import { decodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import { ID_PATTERN } from '../../lambdas/domain/event.ts';
import { createIds } from '../../lambdas/domain/ids.ts';

/** Ids under a clock that shows these times one after the other and then stands still. */
function idsAt(...times: number[]) {
  let reading = 0;
  return createIds({ now: () => times[Math.min(reading++, times.length - 1)]!, random: () => 0.5 });
}

describe('createIds', () => {
  it('puts the time of acceptance into the id of an event', () => {
    const { id, enqueued_ms } = idsAt(1_700_000_000_123).event();

    expect(enqueued_ms).toBe(1_700_000_000_123);
    expect(id).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(decodeTime(id.slice('evt_'.length))).toBe(enqueued_ms);
  });

  it('never goes back, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000_000_000_000), { minLength: 2, maxLength: 50 }), (times) => {
        const ids = idsAt(...times);
        let before = ids.event();
        for (let i = 1; i < times.length; i++) {
          const after = ids.event();
          expect(after.id > before.id).toBe(true);
          expect(after.enqueued_ms).toBeGreaterThanOrEqual(before.enqueued_ms);
          expect(decodeTime(after.id.slice('evt_'.length))).toBe(after.enqueued_ms);
          before = after;
        }
      }),
    );
  });

  it('counts up within one millisecond', () => {
    const ids = idsAt(5);
    const made = Array.from({ length: 2000 }, () => ids.attempt());

    expect(made).toEqual([...new Set(made)].sort());
  });

  it('tells what an id is of, in characters that a path can hold', () => {
    const ids = idsAt(1);
    const made = [ids.event().id, ids.subscription(), ids.apiKey(), ids.replay(), ids.attempt()];

    expect(made.map((id) => id.slice(0, -26))).toEqual(['evt_', 'sub_', 'key_', 'rpl_', '']);
    for (const id of made) expect(id).toMatch(ID_PATTERN);
  });

  it('takes its randomness from outside', () => {
    const idsWith = (random: number) => createIds({ now: () => 1, random: () => random }).attempt();

    expect(idsWith(0)).toBe('00000000010000000000000000');
    expect(idsWith(0.99)).toBe('0000000001ZZZZZZZZZZZZZZZZ');
  });
});
