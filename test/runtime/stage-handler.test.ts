import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { Logger } from '../../lambdas/runtime/logger.ts';
import { createMetrics } from '../../lambdas/runtime/metrics.ts';
import { leave, stageHandler } from '../../lambdas/runtime/stage-handler.ts';

const nothing = (): void => undefined;
const logger: Logger = { info: nothing, warn: nothing, error: nothing };

function aStage(work: (count: (name: string) => void) => Promise<string[]>) {
  const lines: string[] = [];
  const numbers = createMetrics('sender', { write: (line) => void lines.push(line) });
  const handler = stageHandler({ logger, metrics: numbers }, async () =>
    leave(await work((name) => numbers.count(name, 1))),
  );
  return { run: () => handler({}, {} as Context), lines };
}

describe('the function of a stage', () => {
  it('answers which messages must stay, and writes its numbers', async () => {
    const { run, lines } = aStage(async (count) => {
      count('MessagesPoison');
      return ['m1', 'm2'];
    });

    expect(await run()).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] });
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ MessagesPoison: 1 })]);
  });

  it('writes its numbers when it breaks too, and hands Lambda an error without the message', async () => {
    const { run, lines } = aStage(async (count) => {
      count('PlatformFailures');
      throw new TypeError('Jane Roe');
    });

    await expect(run()).rejects.toThrow(/^Unexpected error/);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ PlatformFailures: 1 })]);
  });
});
