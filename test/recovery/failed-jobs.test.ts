import { describe, expect, it } from 'vitest';
import { encodeRecoveryMessage } from '../../lambdas/domain/messages/codec.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import { workAll } from '../../lambdas/recovery/recovery.ts';
import { createLogger, errorFields } from '../../lambdas/runtime/logger.ts';
import { handedOut, takeInHand } from '../support/in-hand.ts';

// Real: the log. Doubled: the table, which throws.

describe('a job that fails', () => {
  it('stays in the queue when no new message is taken for it, and its log line says that a job failed, which and where', async () => {
    const lines: string[] = [];
    const deps = {
      replays: { get: () => Promise.reject(new TypeError('no such table')) },
      logger: createLogger('recovery', { write: (line) => void lines.push(line) }),
      take: takeInHand(),
      metrics: { count: () => undefined },
      comeBack: async () => ({ stay: new Set([0]), buried: 0 }),
      errorFields,
    } as unknown as RecoveryDeps;
    const body = encodeRecoveryMessage({ v: 1, job: { kind: 'replay', replay_id: 'rep_1' }, step: 0 });

    const again = await workAll([handedOut({ messageId: '1b2f-4c', body })], deps);

    expect(again).toEqual(['1b2f-4c']);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        stage: 'recovery',
        message: 'job failed',
        message_id: '1b2f-4c',
        kind: 'replay',
        error: 'TypeError',
        at: expect.stringContaining('failed-jobs.test.ts') as string,
      }),
    ]);
  });
});
