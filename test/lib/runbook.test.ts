import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { environmentName } from '../../bin/read-settings.ts';
import { DEFAULTS } from '../../lib/settings.ts';
import { resourcesOf } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';

const text = readFileSync('docs/runbook.md', 'utf8');

let templates: ReturnType<typeof synthesize>;
/** Description of each alarm, by name. */
let alarms: Record<string, string>;
/** Alarms of one kind for each function share this section. */
const SHARED = /^posthorn-[a-z-]+-(?=(?:release|platform-failures)$)/;
beforeAll(() => {
  // With all alarms that a setting adds.
  templates = synthesize({ POSTHORN_ROLLOUT: 'canary-10-percent-5-minutes' });
  alarms = Object.fromEntries(
    Object.values(resourcesOf(templates, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => [
      Properties['AlarmName'],
      Properties['AlarmDescription'],
    ]),
  ) as Record<string, string>;
});

const sections = text.split(/^## /m).slice(1);
const headings = sections.map((section) => section.split('\n')[0]!).filter((title) => title.startsWith('posthorn-'));

describe('the runbook', () => {
  it('has a heading for every alarm, and none for an alarm that does not exist', () => {
    const sections = new Set(Object.keys(alarms).map((name) => name.replace(SHARED, 'posthorn-')));
    expect([...headings].sort(), 'sections ## posthorn-<name> of docs/runbook.md').toEqual([...sections].sort());
  });

  it.each(headings)('says for %s what it means, where to look and what to do', (heading) => {
    const section = sections.find((text) => text.startsWith(`${heading}\n`));

    for (const part of ['**Description.**', '**Investigation.**', '**Resolution.**']) expect(section).toContain(part);
  });

  it('is named in the text of every alarm, heading and all', () => {
    for (const [name, description] of Object.entries(alarms)) {
      expect(description.endsWith(` docs/runbook.md#${name.replace(SHARED, 'posthorn-')}`), name).toBe(true);
    }
  });
});

describe('commands in the runbook', () => {
  const words = (pattern: RegExp): string[] => [...new Set([...text.matchAll(pattern)].map(([, word]) => word!))];

  it('name outputs that the stack has', () => {
    const outputs = Object.keys(templates.posthorn.findOutputs('*'));
    const used = words(/\b(?:out|depth|arn) ([A-Z]\w+)/g);

    expect(used.length).toBeGreaterThan(5);
    expect(outputs).toEqual(expect.arrayContaining(used));
  });

  it('name one function each', () => {
    const used = words(/\b(?:fn|log|errors|map) ([A-Z]\w+)/g);

    expect(used.length).toBeGreaterThan(3);
    for (const name of used) {
      expect(
        Object.keys(resourcesOf(templates, 'AWS::Lambda::Function')).filter((id) => id.startsWith(name)),
        name,
      ).toHaveLength(1);
    }
  });

  it('name settings that can be set', () => {
    const settings = Object.keys(DEFAULTS).map(environmentName);

    expect(settings).toEqual(expect.arrayContaining(words(/\b(POSTHORN_[A-Z_0-9]+)/g)));
  });

  it('name npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const used = words(/npm run ([a-z]+)/g);

    expect(used).toContain('dlq');
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(used));
  });

  it('name other sections by headings that exist', () => {
    expect(headings).toEqual(expect.arrayContaining(words(/`(posthorn-[a-z0-9-]+)`/g)));
  });
});
