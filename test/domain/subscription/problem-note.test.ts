import { describe, expect, it } from 'vitest';
import { problemAfterChange, problemText } from '../../../lambdas/domain/subscription/problem-note.ts';
import type { ReadSubscription } from '../../../lambdas/domain/subscription/read-subscription.ts';

const GONE = 'The endpoint answered 410 Gone, so nothing more is sent.';
const FORMAT = 'format: expected one of standard, thin, got xml; choose one.';
const URL = 'url: expected https.';
const SECRET = 'signing secret: expected one that is valid now, got none.';
const broken = (problem: string): ReadSubscription => ({ ok: false, problem });
const fine = { ok: true } as ReadSubscription;

describe('the problem of a row after a change through the API', () => {
  it.each<[string, string | null, ReadSubscription, ReadSubscription, boolean, string | null]>([
    ['goes when the row is mended', problemText('', FORMAT), broken(FORMAT), fine, false, null],
    [
      'tells what is still wrong when one of two is mended',
      problemText('', `${FORMAT} ${URL}`),
      broken(`${FORMAT} ${URL}`),
      broken(URL),
      false,
      problemText('', URL),
    ],
    [
      'is there at once where the guard has not looked yet',
      null,
      broken(URL),
      broken(URL),
      false,
      problemText('', URL),
    ],
    ['keeps what others said', problemText(GONE, FORMAT), broken(FORMAT), fine, false, GONE],
    ['loses what others said when that is over', problemText(GONE, FORMAT), broken(FORMAT), fine, true, null],
    [
      'keeps what the guard knows about secrets',
      problemText('', `${FORMAT} ${SECRET}`),
      broken(FORMAT),
      fine,
      true,
      problemText('', SECRET),
    ],
    [
      'keeps that of a row without any other fault',
      problemText('', SECRET),
      fine,
      fine,
      false,
      problemText('', SECRET),
    ],
    ['forgets what the guard said about an older row', problemText('', FORMAT), broken(URL), fine, false, null],
    ['stays none', null, fine, fine, true, null],
  ])('%s', (_name, problem, before, after, ended, expected) => {
    expect(problemAfterChange(problem ?? undefined, before, after, ended)).toBe(expected);
  });
});
