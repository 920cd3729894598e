import { describe, expect, it } from 'vitest';
import type { LogFields } from '../../lambdas/domain/telemetry.ts';
import { createLogger, errorFields } from '../../lambdas/runtime/logger.ts';

const PATIENT = 'Jane-Roe-1980';

describe('a log line', () => {
  const rig = (): { lines: string[]; logger: ReturnType<typeof createLogger> } => {
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    return { lines, logger: createLogger('sender', { now: () => 1_769_850_900_123, write }) };
  };

  it('says when it was written, as Lambda reads it, before all else', () => {
    const { lines, logger } = rig();

    logger.warn('endpoint is down', { failures: 20 });

    expect(lines).toEqual([
      '{"timestamp":"2026-01-31T09:15:00.123Z","level":"WARN","stage":"sender","message":"endpoint is down","failures":20}\n',
    ]);
  });

  it.each(['info', 'warn', 'error'] as const)('lets no field take the place of what it says itself: %s', (level) => {
    const { lines, logger } = rig();
    const fields = { timestamp: 'x', level: 'x', stage: 'x', message: 'x', kind: 'replay' } as unknown as LogFields;

    logger[level]('job failed', fields);

    expect(JSON.parse(lines[0]!)).toEqual({
      timestamp: '2026-01-31T09:15:00.123Z',
      level: level.toUpperCase(),
      stage: 'sender',
      message: 'job failed',
      kind: 'replay',
    });
  });

  it('refuses such a field where it is written', () => {
    const { logger } = rig();

    // @ts-expect-error a field must not be called `message`
    logger.info('job failed', { message: 'x' });
    // @ts-expect-error nor `level`, `stage` or `timestamp`
    logger.info('job failed', { level: 'x' });
  });
});

describe('errorFields', () => {
  it('names the error, its code and the place it was thrown at', () => {
    const error = Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET' });
    expect(errorFields(error)).toEqual({
      error: 'TypeError',
      code: 'ECONNRESET',
      at: expect.stringMatching(/^at .*logger\.test\.ts:\d+:\d+/) as string,
      stack: expect.arrayContaining([expect.stringMatching(/^at /)]) as string[],
    });
  });

  it('names what led there, in a few frames', () => {
    const throws = (depth: number): unknown => (depth === 0 ? new Intl.NumberFormat('!') : throws(depth - 1));
    const fields = (): LogFields => {
      try {
        throws(20);
        return {};
      } catch (error) {
        return errorFields(error);
      }
    };

    expect(fields()).toMatchObject({ error: 'RangeError', at: expect.stringMatching(/^at throws /) as string });
    expect(fields().stack).toHaveLength(5);
  });

  it.each([
    ['one line', `no visit of ${PATIENT}`],
    ['several lines', `no visit\n${PATIENT}\nnor shift`],
    ['lines that look like a stack', `no visit\n    at ${PATIENT} (/app/${PATIENT}.ts:1:2)\n    at ${PATIENT}:3:4`],
  ])('says nothing of a message of %s', (_what, message) => {
    const fields = errorFields(new Error(message));
    expect(JSON.stringify(fields)).not.toContain(PATIENT);
    expect(fields.at).toMatch(/logger\.test\.ts/);
  });

  it('says nothing of what JSON.parse quotes', () => {
    const broken = (): unknown => JSON.parse(`{"name":"${PATIENT}"`);
    try {
      broken();
      expect.unreachable();
    } catch (error) {
      expect(JSON.stringify(errorFields(error))).not.toContain(PATIENT);
    }
  });

  it('gives no place when the message was changed after the stack was written', () => {
    const error = new Error(`a\n    at ${PATIENT}:1:2`);
    // V8 writes the stack when it is first read.
    expect(error.stack).toContain(PATIENT);
    error.message = 'changed';
    expect(errorFields(error)).toEqual({ error: 'Error', at: undefined });
  });

  it('takes neither a name nor a code that could be a sentence', () => {
    const error = Object.assign(new Error('x'), { name: `visit of ${PATIENT}`, code: `visit of ${PATIENT}` });
    expect(JSON.stringify(errorFields(error))).not.toContain(PATIENT);
  });

  it('tells only the type of what is no error', () => {
    expect(errorFields(PATIENT)).toEqual({ error: 'string' });
  });
});
