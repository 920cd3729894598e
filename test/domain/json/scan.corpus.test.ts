import { describe, expect, it } from 'vitest';
import { MAX_JSON_DEPTH, scanJson } from '../../../lambdas/domain/json/scan.ts';
import corpus from '../../corpus/api-inputs.json' with { type: 'json' };

interface Case {
  id: string;
  input: string | { set?: { data?: { json?: string } }; append_members?: string };
  expect_status: number[];
  why: string;
}

/** The text of a case that is decided by its syntax: the body itself, or a body with these members. */
function textOf({ input }: Case): string | undefined {
  if (typeof input === 'string') return input;
  const data = input.set?.data?.json;
  if (data !== undefined) return `{"type":"visit.ended","data":${data}}`;
  return input.append_members === undefined
    ? undefined
    : `{"type":"visit.ended","url":"https://a.example",${input.append_members}}`;
}

const syntaxCases = (corpus.cases as Case[])
  .filter(({ id }) => /^(BY|SY|NU|OB)/.test(id))
  .flatMap((one) => {
    const text = textOf(one);
    return text === undefined ? [] : [{ ...one, text }];
  });
const mustTake = syntaxCases.filter(({ expect_status }) => expect_status.every((status) => status < 300));
const mustRefuse = syntaxCases.filter(
  ({ id, expect_status }) => id !== 'BY005' && expect_status.every((status) => status >= 400),
);

describe('the corpus of odd input', () => {
  it('has the cases that these tests are about', () => {
    expect([syntaxCases.length, mustTake.length, mustRefuse.length].every((count) => count >= 20)).toBe(true);
  });

  it.each(mustTake)('$id is taken as it is: $why', ({ text }) => {
    const result = scanJson(text, { maxDepth: MAX_JSON_DEPTH });

    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.members!.get('data')!.raw).toBe(text.slice('{"type":"visit.ended","data":'.length, -1));
  });

  it.each(mustRefuse)('$id is refused: $why', ({ text }) => {
    expect(scanJson(text, { maxDepth: MAX_JSON_DEPTH }).ok).toBe(false);
  });

  it('of what may be taken or refused, everything taken keeps its characters', () => {
    const free = syntaxCases.filter((one) => !mustTake.includes(one) && !mustRefuse.includes(one));

    for (const { text } of free) {
      const result = scanJson(text, { maxDepth: MAX_JSON_DEPTH });
      if (result.ok && result.members) for (const { raw } of result.members.values()) expect(text).toContain(raw);
    }
    expect(free.length).toBeGreaterThan(10);
  });
});
