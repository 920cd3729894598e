import { describe, expect, it } from 'vitest';
import { errorFields } from '../../lambdas/runtime/logger.ts';

const PATIENT = 'Jane-Roe-1980';

describe('errorFields', () => {
  it('names the error, its code and the place it was thrown at', () => {
    const error = Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET' });
    expect(errorFields(error)).toEqual({
      error: 'TypeError',
      code: 'ECONNRESET',
      at: expect.stringMatching(/^at .*logger\.test\.ts:\d+:\d+/) as string,
    });
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
