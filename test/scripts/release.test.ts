import { describe, expect, it } from 'vitest';
import { checkRelease, type Release } from '../../scripts/release/check.ts';

const ready: Release = {
  uncommitted: '',
  tags: ['v0.1.0', 'v0.9.0'],
  versions: { '.': '0.10.0', construct: '0.10.0', receiver: '0.10.0' },
  vectors: ['0.9.0', '0.10.0'],
  changelog:
    '# Changelog\n\n## Unreleased\n\n## 0.10.0 – 2027-01-31\n\n### Added\n\n- Something.\n\n## 0.9.0 – 2027-01-01\n',
};

describe('a release', () => {
  it('is made when everything is ready', () => {
    expect(checkRelease(ready)).toEqual([]);
  });

  it('of a candidate comes before its version', () => {
    const versions = { '.': '1.0.0', construct: '1.0.0' };
    const changelog = ready.changelog.replace('0.10.0', '1.0.0');

    expect(checkRelease({ ...ready, versions, changelog, vectors: ['1.0.0'], tags: ['v1.0.0-rc.1'] })).toEqual([]);
    expect(
      checkRelease({
        ...ready,
        versions: { '.': '1.0.0-rc.2' },
        changelog: ready.changelog.replace('0.10.0', '1.0.0-rc.2'),
        tags: ['v1.0.0'],
      }),
    ).toEqual(['Expected a version above 1.0.0, which is tagged, got 1.0.0-rc.2.']);
  });

  it.each<[string, Partial<Release>, string]>([
    ['uncommitted changes', { uncommitted: ' M README.md' }, 'Expected nothing uncommitted, found:\n M README.md'],
    [
      'no version',
      { versions: { '.': '1.0' }, vectors: ['1.0'], changelog: ready.changelog.replace('0.10.0', '1.0') },
      'package.json: expected a version as 1.2.3 or 1.2.3-rc.1, got "1.0".',
    ],
    [
      'no vectors of what it writes',
      { vectors: ['0.9.0', '0.10.0-rc.1'] },
      'Expected vectors of 0.10.0: npm run vectors -- 0.10.0, and commit them.',
    ],
    [
      'packages of another version',
      { versions: { ...ready.versions, receiver: '0.9.0' } },
      'receiver/package.json: expected version 0.10.0, as in package.json, got 0.9.0.',
    ],
    [
      'a version that was released',
      { tags: ['v0.10.0'] },
      'Expected a version that has no tag yet, got 0.10.0, which has one.',
    ],
    [
      'an older version',
      { tags: ['v0.11.0', 'v0.2.0'] },
      'Expected a version above 0.11.0, which is tagged, got 0.10.0.',
    ],
    [
      'no heading in the changelog',
      { changelog: '# Changelog\n\n## Unreleased\n\n- Something.\n' },
      'CHANGELOG.md: expected a heading "## 0.10.0 – YYYY-MM-DD", got: Unreleased.',
    ],
    [
      'no date in the changelog',
      { changelog: '## 0.10.0\n\n- Something.\n' },
      'CHANGELOG.md: expected "## 0.10.0 – YYYY-MM-DD", got "## 0.10.0".',
    ],
    [
      'nothing below its heading',
      { changelog: '## 0.10.0 – 2027-01-31\n\n## 0.9.0 – 2027-01-01\n\n- Something.\n' },
      'CHANGELOG.md: expected entries below 0.10.0, got none.',
    ],
  ])('is not made with %s', (_, change, told) => {
    expect(checkRelease({ ...ready, ...change })).toEqual([told]);
  });
});
