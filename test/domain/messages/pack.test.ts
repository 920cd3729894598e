import { describe, expect, it } from 'vitest';
import { createPacker } from '../../../lambdas/domain/messages/pack.ts';

/** Packs messages of these sizes. @returns the sizes by pack. */
function packed(sizes: number[]): number[][] {
  const packer = createPacker<number>();
  const packs = sizes.map((bytes) => packer.add(bytes, bytes));
  return [...packs, packer.rest()].filter((one) => one !== undefined);
}

describe('a packer of messages', () => {
  it('gives nothing for nothing', () => {
    expect(packed([])).toEqual([]);
  });

  it('puts ten into a call, however small', () => {
    expect(packed(Array<number>(21).fill(1)).map((pack) => pack.length)).toEqual([10, 10, 1]);
  });

  it('puts as many into a call as 1 MiB holds, to the byte, in order', () => {
    expect(packed([1_048_575, 1, 1])).toEqual([[1_048_575, 1], [1]]);
    expect(packed([1_048_576, 1_048_576])).toEqual([[1_048_576], [1_048_576]]);
  });

  it('never gives an empty pack', () => {
    expect(packed([2_000_000, 1])).toEqual([[2_000_000], [1]]);
  });
});
