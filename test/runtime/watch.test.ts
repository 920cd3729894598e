import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { createWatch } from '../../lambdas/runtime/watch.ts';

// CloudWatch is doubled, by its answers.

const NOW = Date.parse('2026-03-05T09:15:00Z');

function setUp(answer: (input: Record<string, unknown>) => object) {
  const asked: Record<string, unknown>[] = [];
  const clock = { nowMs: NOW };
  const cloudWatch = {
    send: ({ input }: { input: Record<string, unknown> }) => {
      asked.push(input);
      return Promise.resolve().then(() => answer(input));
    },
  } as unknown as CloudWatchClient;
  return { asked, clock, watch: createWatch({ cloudWatch, prefix: 'posthorn-', now: () => clock.nowMs }) };
}

describe('ringing alarms', () => {
  it('are those of this Posthorn, from all pages', async () => {
    const alarm = (AlarmName: string) => ({
      AlarmName,
      AlarmDescription: 'what',
      StateUpdatedTimestamp: new Date(NOW),
    });
    const { watch, asked } = setUp(({ NextToken }) =>
      NextToken === undefined
        ? { MetricAlarms: [alarm('posthorn-a')], NextToken: 'more' }
        : { MetricAlarms: [alarm('posthorn-b')] },
    );

    expect(await watch.ringing()).toEqual(
      ['posthorn-a', 'posthorn-b'].map((name) => ({ name, description: 'what', since_ms: NOW })),
    );
    expect(asked[0]).toMatchObject({ AlarmNamePrefix: 'posthorn-', StateValue: 'ALARM' });
  });

  it('are asked for once a minute', async () => {
    const { watch, asked, clock } = setUp(() => ({ MetricAlarms: [] }));

    await watch.ringing();
    clock.nowMs += 59_999;
    await watch.ringing();
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    await watch.ringing();
    expect(asked).toHaveLength(2);
  });

  it('are unknown where there is no CloudWatch, and an error anywhere else', async () => {
    const refusing = (name: string) =>
      setUp(() => {
        throw Object.assign(new Error('no'), { name });
      }).watch.ringing();

    await expect(refusing('UnknownOperationException')).resolves.toBeUndefined();
    await expect(refusing('AccessDenied')).rejects.toThrow('no');
  });
});

describe('ages', () => {
  it('are the newest value of each queue; of which there is none is missing', async () => {
    const { watch } = setUp(() => ({
      MetricDataResults: [
        { Id: 'q1', Values: [] },
        { Id: 'q0', Values: [12, 700] },
      ],
    }));

    expect(await watch.ages(['events', 'deliveries'])).toEqual(new Map([['events', 12]]));
  });

  it('are unknown where there is no CloudWatch', async () => {
    const { watch } = setUp(() => {
      throw Object.assign(new Error('no'), { name: 'UnknownOperationException' });
    });

    expect(await watch.ages(['events'])).toEqual(new Map());
  });
});

describe('the real client', () => {
  it('understands how the local run says that it has no such service', async () => {
    const { startNotices } = await import('../../local/notices/server.ts');
    const server = await startNotices({
      file: '/dev/null',
      account: '000000000000',
      region: 'us-east-1',
      topics: () => new Set(),
      authorize: () => ({ allowed: true }),
      now: () => NOW,
    });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const cloudWatch = new CloudWatchClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
    try {
      const watch = createWatch({ cloudWatch, prefix: 'posthorn-', now: () => NOW });

      expect(await watch.ringing()).toBeUndefined();
    } finally {
      cloudWatch.destroy();
      await server.close();
    }
  });
});
