import { inspect } from 'node:util';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { redactErrors } from '../../lambdas/runtime/redact-errors.ts';
import type { LogFields, Logger } from '../../lambdas/runtime/logger.ts';

const PATIENT = 'Jane-Roe-1980';

describe('redactErrors', () => {
  it('hands Lambda an error that holds nothing of the one that was thrown, and logs its name and place', async () => {
    const lines: [string, LogFields | undefined][] = [];
    const write = (message: string, fields?: LogFields): void => void lines.push([message, fields]);
    const logger: Logger = { info: write, warn: write, error: write };
    const handler = middy<string, unknown, Error, Context>()
      .use(redactErrors(logger))
      .handler(async (body: string): Promise<unknown> => JSON.parse(body));

    const thrown: unknown = await handler(`{"name":"${PATIENT}"`, {} as Context).catch((error: unknown) => error);

    expect(thrown).toBeInstanceOf(Error);
    // What console.error and Lambda's runtime would write.
    expect(inspect(thrown, { depth: 10, showHidden: true })).not.toContain(PATIENT);
    expect(JSON.stringify(lines)).not.toContain(PATIENT);
    expect(lines).toEqual([['unexpected error', expect.objectContaining({ error: 'SyntaxError' })]]);
  });

  it('leaves answers alone', async () => {
    const logger = { error: () => expect.unreachable() } as unknown as Logger;
    const handler = middy<string, unknown, Error, Context>()
      .use(redactErrors(logger))
      .handler(async (body: string) => body);
    expect(await handler('ok', {} as Context)).toBe('ok');
  });
});
