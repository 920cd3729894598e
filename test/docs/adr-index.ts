/** A decision record as its file says it. */
export interface Adr {
  /** Name of the file in docs/adr/. */
  file: string;
  text: string;
}

/** What one record says about another, and what that one must say in return. */
const COUNTERPARTS: Record<string, string> = {
  amends: 'amended by',
  'amended by': 'amends',
  supersedes: 'superseded by',
  'superseded by': 'supersedes',
  'superseded in part by': 'supersedes',
};
/** Longest first, so that none is taken for its beginning. */
const RELATIONS = new RegExp(
  Object.keys(COUNTERPARTS)
    .sort((a, b) => b.length - a.length)
    .join('|'),
  'g',
);

const HEADER = /^# (\d+)\. (\S.*)\n\n- Date: (\d{4}-\d{2}-\d{2})\n- Status: (.+)\n\n## Context\n/;

/**
 * What is wrong with the decision records and their index: the header of each, its number and its line in the index, and
 * that two records which speak of each other both say so.
 * @param index text of docs/adr/README.md.
 * @returns a sentence for each fault.
 */
export function adrProblems(adrs: readonly Adr[], index: string): string[] {
  const problems: string[] = [];
  const relations = new Map<number, Set<string>>();
  const numbers = new Map<number, string>();
  for (const { file, text } of adrs) {
    const header = HEADER.exec(text);
    if (!header) {
      problems.push(`${file}: expected "# <n>. <title>", "- Date: ", "- Status: ", then "## Context"`);
      continue;
    }
    const [, digits = '', title = '', date = '', status = ''] = header;
    const number = Number(digits);
    if (file.slice(0, 5) !== `${digits.padStart(4, '0')}-`)
      problems.push(`${file}: its title has the number ${digits}`);
    if (numbers.has(number)) problems.push(`${file}: number ${digits} is taken by ${numbers.get(number)}`);
    numbers.set(number, file);
    if (!/^(accepted|superseded by)/.test(status)) problems.push(`${file}: status "${status}" is not known`);
    relations.set(number, relationsIn(status));
    const line = `- ${digits} · [${title}](${file}) · ${date} · ${status}`;
    if (!index.split('\n').includes(line)) problems.push(`${file}: README.md lacks the line "${line}"`);
  }
  const listed = new Set<string>();
  for (const [, file = ''] of index.matchAll(/^- \d+ · \[[^\]]+\]\(([^)]+)\)/gm)) {
    if (listed.has(file)) problems.push(`README.md: lists ${file} twice`);
    listed.add(file);
    if (!adrs.some((adr) => adr.file === file)) problems.push(`README.md: lists ${file}, which does not exist`);
  }
  return [...problems, ...oneSided(relations)];
}

/** `amended by 14`, `amends 7`, … for each record that a status names. */
function relationsIn(status: string): Set<string> {
  const found = new Set<string>();
  const starts = [...status.matchAll(RELATIONS)];
  starts.forEach(({ 0: relation, index }, i) => {
    const part = status.slice(index, starts[i + 1]?.index);
    for (const [, number] of part.matchAll(/\[(\d+)\]\(/g)) found.add(`${relation} ${number}`);
  });
  return found;
}

function oneSided(relations: Map<number, Set<string>>): string[] {
  return [...relations].flatMap(([number, said]) =>
    [...said].flatMap((one) => {
      const [, relation = '', other = ''] = /^(.*) (\d+)$/.exec(one) ?? [];
      const expected = `${COUNTERPARTS[relation]} ${number}`;
      const answers = relations.get(Number(other)) ?? new Set();
      const partly = relation === 'supersedes' && answers.has(`superseded in part by ${number}`);
      return answers.has(expected) || partly
        ? []
        : [`${number} says "${one}", but ${other} does not say "${expected}"`];
    }),
  );
}
