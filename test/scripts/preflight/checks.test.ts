import { describe, expect, it } from 'vitest';
import { queueConcurrency } from '../../../lib/concurrency.ts';
import { DEFAULTS, type Settings } from '../../../lib/settings.ts';
import { judge } from '../../../scripts/preflight/checks.ts';
import type { Facts, Verdict } from '../../../scripts/preflight/facts.ts';
import { synthesize, synthesizeTables } from '../../support/stacks.ts';

/** What the template says of an event source. */
interface Mapping {
  ScalingConfig?: { MaximumConcurrency: number };
}

const DELIVERY = 'AWSLogDeliveryWrite20150319';

/** A fresh account with AWS's usual limit, ready for a first deployment. */
const FRESH: Facts = {
  bootstrap: { value: 25 },
  concurrency: { value: { limit: 1000, unreserved: 1000 } },
  logPolicies: { value: [] },
  tables: { value: ['Invoices', 'posthorn-notes'] },
  stack: { value: undefined },
  dataStack: { value: undefined },
};

function verdict(about: string, facts: Partial<Facts>, settings: Partial<Settings> = {}): Verdict {
  const plan = { settings: { ...DEFAULTS, ...settings }, qualifier: 'hnb659fds' };
  return judge({ ...FRESH, ...facts }, plan).find((each) => each.about === about)!;
}

const policies = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `policy-${index}`, document: '{}' }));

describe('judge', () => {
  it('finds nothing against a fresh account', () => {
    const verdicts = judge(FRESH, { settings: DEFAULTS, qualifier: 'hnb659fds' });

    expect(verdicts.map(({ about, level }) => `${about}: ${level}`)).toEqual([
      'bootstrap: ok',
      'stack PosthornData: ok',
      'stack Posthorn: ok',
      'tables: ok',
      'concurrency: ok',
      'log policies: ok',
    ]);
  });

  it.each(Object.keys(FRESH) as (keyof Facts)[])('warns when %s could not be looked at, with the reason', (fact) => {
    const facts = { ...FRESH, [fact]: { error: 'AccessDeniedException: not authorized' } };

    const verdicts = judge(facts, { settings: DEFAULTS, qualifier: 'hnb659fds' });

    const others = verdicts.filter(({ level }) => level !== 'ok');
    expect(others.length).toBeGreaterThan(0);
    expect(others.every(({ level, text }) => level === 'warning' && text.includes('not authorized'))).toBe(true);
  });

  it.each([
    ['is missing', undefined],
    ['is too old', 5],
  ])('stops when the bootstrap %s', (_what, value) => {
    const { level, text } = verdict('bootstrap', { bootstrap: { value } });

    expect(level).toBe('stop');
    expect(text).toContain('npx cdk bootstrap');
  });

  it.each([
    ['CREATE_COMPLETE', 'ok'],
    ['UPDATE_ROLLBACK_COMPLETE', 'ok'],
    ['ROLLBACK_COMPLETE', 'warning'],
    ['REVIEW_IN_PROGRESS', 'warning'],
    ['UPDATE_IN_PROGRESS', 'stop'],
    ['UPDATE_ROLLBACK_FAILED', 'stop'],
  ])('takes a stack in %s for: %s', (status, level) => {
    expect(verdict('stack Posthorn', { stack: { value: status } }).level).toBe(level);
  });

  describe('tables', () => {
    const retained = Object.keys(synthesizeTables()).map((logicalId) => `PosthornData-${logicalId}-1A2B3C4D5E6F`);

    it.each([undefined, 'ROLLBACK_COMPLETE'])('stops beside every retained table when the stack is %s', (status) => {
      const { level, text } = verdict('tables', { tables: { value: retained }, dataStack: { value: status } });

      expect(level).toBe('stop');
      expect(text).toContain(`begin empty beside ${retained.length} retained tables`);
      expect(retained.filter((name) => !text.includes(name))).toEqual([]);
    });

    it('says which are empty when a first deployment failed, and only then', () => {
      const text = (status?: string): string =>
        verdict('tables', { tables: { value: retained }, dataStack: { value: status } }).text;

      expect(text('ROLLBACK_COMPLETE')).toContain('first deployment that failed are empty');
      expect(text('ROLLBACK_COMPLETE')).toContain('docs/deploying.md#after-a-first-deployment-that-failed');
      expect(text()).not.toContain('failed');
      expect(text('REVIEW_IN_PROGRESS')).not.toContain('failed');
    });

    it('prints the setting that uses them, and lets pass what it names', () => {
      const { text } = verdict('tables', { tables: { value: retained } });
      const given = /"adoptedTables": (\{.*?\}) \(docs/.exec(text)?.[1] ?? '';
      const adopted = JSON.parse(given) as Record<string, string>;
      const streams = Object.entries(adopted).filter(([, name]) => name.startsWith('<LatestStreamArn of '));
      for (const [id, name] of streams) {
        adopted[id] = `arn:aws:dynamodb:eu-central-1:123456789012:table/${name.slice(20, -1)}/stream/2026`;
      }

      expect(Object.keys(adopted)).toHaveLength(retained.length);
      expect(streams.map(([id]) => id)).toEqual(['Subscriptions', 'Attempts']);
      expect(verdict('tables', { tables: { value: retained } }, { adoptedTables: adopted }).level).toBe('ok');
    });

    it('does not take those of another name for its own', () => {
      const others = retained.flatMap((name) => [`Other${name}`, name.replace('PosthornData', 'Posthorn-2Data')]);

      expect(verdict('tables', { tables: { value: others } }).level).toBe('ok');
      expect(verdict('tables', { tables: { value: others } }, { name: 'Posthorn-2' }).level).toBe('stop');
    });

    it('finds nothing against those of the stack', () => {
      const facts = { tables: { value: retained }, dataStack: { value: 'CREATE_COMPLETE' } };

      expect(verdict('tables', facts).level).toBe('ok');
    });

    it('warns when the stack has begun beside older ones', () => {
      const older = retained[0]!.replace('1A2B3C4D5E6F', 'ZZZZZZZZZZZZ');
      const facts = { tables: { value: [...retained, older] }, dataStack: { value: 'CREATE_COMPLETE' } };

      const { level, text } = verdict('tables', facts);

      expect(level).toBe('warning');
      expect(text).toContain(older);
    });
  });

  describe('concurrency', () => {
    it('counts what the queues of the template take', () => {
      const settings = { fanOutConcurrency: 7, senderConcurrency: 30, slowSenderConcurrency: 4 };
      const { posthorn } = synthesize({
        POSTHORN_FAN_OUT_CONCURRENCY: '7',
        POSTHORN_SENDER_CONCURRENCY: '30',
        POSTHORN_SLOW_SENDER_CONCURRENCY: '4',
      });
      const inTemplate = Object.values(posthorn.findResources('AWS::Lambda::EventSourceMapping'))
        .map(({ Properties }) => (Properties as Mapping).ScalingConfig?.MaximumConcurrency ?? 0)
        .reduce((sum, each) => sum + each);

      expect(queueConcurrency(settings)).toBe(inTemplate);
    });

    it.each([
      ['a new account', { limit: 10, unreserved: 10 }, {}, 'stop', 'Set apiConcurrency to 0, or ask for more'],
      ['one short of the 100 that AWS keeps', { limit: 1000, unreserved: 199 }, {}, 'stop', 'to 99 or less'],
      ['the 100 that AWS keeps', { limit: 1000, unreserved: 200 }, {}, 'ok', '100 of 1000 are left'],
      ['a new account without a reserve', { limit: 10, unreserved: 10 }, { apiConcurrency: 0 }, 'warning', 'up to 75'],
      [
        'more senders than are left',
        { limit: 1000, unreserved: 1000 },
        { senderConcurrency: 900 },
        'warning',
        'up to 925',
      ],
    ] as const)('judges %s', (_what, value, settings, level, words) => {
      const found = verdict('concurrency', { concurrency: { value } }, settings);

      expect(found.level).toBe(level);
      expect(found.text).toContain(words);
    });

    it('does not count the reserve of a stack that is there twice', () => {
      const facts = { concurrency: { value: { limit: 250, unreserved: 150 } }, stack: { value: 'UPDATE_COMPLETE' } };

      expect(verdict('concurrency', facts).level).toBe('ok');
      expect(verdict('concurrency', { ...facts, stack: { value: undefined } }).level).toBe('stop');
    });
  });

  describe('log policies', () => {
    const delivery = (bytes: number, document = '') => ({ name: DELIVERY, document: document.padEnd(bytes, 'x') });
    const PATTERN = '"arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/*:log-stream:*"';

    it.each([
      ['room for the only one that is needed', policies(9), 'ok'],
      ['no room', policies(10), 'stop'],
      ['no room where none is needed', [...policies(9), delivery(500)], 'ok'],
      ['room for one more line', [delivery(4900)], 'ok'],
      ['no room for one more line', [delivery(4901)], 'stop'],
      ['no room for one more line where it stands already', [delivery(5120, PATTERN)], 'ok'],
      ['no room where others below it stand', [delivery(5120, PATTERN.replace('/*:', '/states/*:'))], 'stop'],
    ])('judges %s', (_what, value, level) => {
      expect(verdict('log policies', { logPolicies: { value } }).level).toBe(level);
    });

    it('finds nothing against a full account whose stack has its policies', () => {
      const facts = { logPolicies: { value: [...policies(9), delivery(5120)] }, stack: { value: 'CREATE_COMPLETE' } };

      expect(verdict('log policies', facts).level).toBe('ok');
    });
  });
});
