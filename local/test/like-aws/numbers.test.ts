import { describe, expect, it } from 'vitest';
import { NUMBERS } from '../../like-aws/numbers.ts';
import { withMarked } from '../../../test/docs/marked.ts';

describe('what AWS has and the engines lack', () => {
  // Written anew by: npm run vitest -- local/test/like-aws/numbers.test.ts -u
  it('stands in the README with its sources', async () => {
    const rows = Object.entries(NUMBERS).map(
      ([name, { value, unit, says, source }]) =>
        `| \`${name}\` | ${value.toLocaleString('en-US')} ${unit} | ${says} | ${source} |`,
    );
    const table = ['| number | AWS | what | source |', '| --- | ---: | --- | --- |', ...rows].join('\n');
    const { page, anew } = await withMarked('local/README.md', { numbers: table });

    await expect(anew).toMatchFileSnapshot(page);
  });
});
