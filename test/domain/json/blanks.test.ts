import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutOuter } from '../../../lambdas/domain/json/blanks.ts';

it('takes the blanks off both ends and nothing else', () => {
  const text = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', 'a', '\u00a0') });

  fc.assert(
    fc.property(text, (given) => {
      expect(withoutOuter(given, ' \t')).toBe(given.replace(/^[ \t]+|[ \t]+$/g, ''));
    }),
  );
});
