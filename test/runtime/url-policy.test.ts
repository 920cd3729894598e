import { afterEach, describe, expect, it, vi } from 'vitest';
import { readUrlPolicy, subscriptionRules } from '../../lambdas/runtime/url-policy.ts';

const LOCAL = 'http://127.0.0.1:9000/';
const HTTP = 'http://hooks.example.com/';
const HTTPS = 'https://hooks.example.com/';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the rules of a deployment', () => {
  it.each<[string, string, string | undefined, string[]]>([
    ['takes https alone', 'false', undefined, [HTTPS]],
    ['takes http too where that is allowed for development', 'true', undefined, [HTTPS, HTTP]],
    ['takes receivers on this machine where the local platform says so', 'false', 'allow', [HTTPS, LOCAL]],
    ['takes nothing more for another word', 'yes', 'true', [HTTPS]],
  ])('%s', (_name, allowHttp, localReceivers, accepted) => {
    vi.stubEnv('POSTHORN_LOCAL_RECEIVERS', localReceivers);
    const { checkUrl } = subscriptionRules(readUrlPolicy(allowHttp));

    expect([HTTPS, HTTP, LOCAL].filter((url) => checkUrl(url).ok)).toEqual(accepted);
  });

  it('judge a URL once, and rightly however many there are', () => {
    const { checkUrl } = subscriptionRules(readUrlPolicy('false'));
    const first = checkUrl(HTTPS);

    expect(checkUrl(HTTPS)).toBe(first);
    for (let n = 0; n < 5001; n++) expect(checkUrl(`${HTTPS}${n}`)).toEqual({ ok: true, url: `${HTTPS}${n}` });
    expect(checkUrl(HTTP).ok).toBe(false);
    expect(checkUrl(HTTPS)).toEqual(first);
  });

  it('know the types of the catalogue', () => {
    const { knownTypes } = subscriptionRules(readUrlPolicy('false'));

    expect(knownTypes).toContain('visit.ended');
    expect(knownTypes).not.toContain('no.such');
  });
});
