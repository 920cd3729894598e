/** What a release is made of, as it stands in the working tree. */
export interface Release {
  /** Output of `git status --porcelain`. */
  uncommitted: string;
  /** Of releases before: `v0.1.0`. */
  tags: string[];
  /** Version of each package.json, by its folder; `.` is Posthorn itself, whose version customers see. */
  versions: Record<string, string>;
  /** Releases of which test/compatibility/ has what they wrote. */
  vectors: string[];
  /** Text of CHANGELOG.md. */
  changelog: string;
}

/** https://semver.org without build metadata, which no registry keeps apart. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** What keeps a release from being made, a line for each: what was expected, what there is. */
export function checkRelease({ uncommitted, tags, versions, vectors, changelog }: Release): string[] {
  const version = versions['.'] ?? '';
  const wrong: string[] = [];
  if (uncommitted !== '') wrong.push(`Expected nothing uncommitted, found:\n${uncommitted}`);
  if (!VERSION.test(version)) wrong.push(`package.json: expected a version as 1.2.3 or 1.2.3-rc.1, got "${version}".`);
  for (const [folder, its] of Object.entries(versions)) {
    if (its !== version)
      wrong.push(`${folder}/package.json: expected version ${version}, as in package.json, got ${its}.`);
  }
  if (tags.includes(`v${version}`))
    wrong.push(`Expected a version that has no tag yet, got ${version}, which has one.`);
  const newer = tags.map((tag) => tag.slice(1)).filter((its) => compare(its, version) > 0);
  if (newer.length > 0)
    wrong.push(`Expected a version above ${newer.sort(compare).at(-1)}, which is tagged, got ${version}.`);
  // Nobody goes back to a candidate: vectors are made for its final version only.
  if (!/-rc\.\d+$/.test(version) && !vectors.includes(version))
    wrong.push(`Expected vectors of ${version}: npm run vectors -- ${version}, and commit them.`);
  wrong.push(...checkChangelog(changelog, version));
  return wrong;
}

/** The heading is `## 1.2.3 – 2027-01-31`, with something below it. */
function checkChangelog(changelog: string, version: string): string[] {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/)[0] === version);
  if (section === undefined) {
    return [
      `CHANGELOG.md: expected a heading "## ${version} – YYYY-MM-DD", got: ${sections.map((text) => text.split('\n')[0]).join(', ')}.`,
    ];
  }
  const [heading = '', ...below] = section.split('\n');
  if (!/ – \d{4}-\d{2}-\d{2}$/.test(heading))
    return [`CHANGELOG.md: expected "## ${version} – YYYY-MM-DD", got "## ${heading}".`];
  if (!below.some((line) => line.startsWith('- ')))
    return [`CHANGELOG.md: expected entries below ${version}, got none.`];
  return [];
}

/** By Semantic Versioning, as far as the numbers go; a version without a suffix is above those with one. */
function compare(a: string, b: string): number {
  const parts = (version: string): number[] => version.split('-')[0]!.split('.').map(Number);
  const [left, right] = [parts(a), parts(b)];
  const differing = [0, 1, 2].find((i) => left[i] !== right[i]);
  if (differing !== undefined) return left[differing]! - right[differing]!;
  return Number(b.includes('-')) - Number(a.includes('-'));
}
