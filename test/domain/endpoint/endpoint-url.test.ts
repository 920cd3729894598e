import { describe, expect, it } from 'vitest';
import { checkEndpointUrl } from '../../../lambdas/domain/endpoint/endpoint-url.ts';
import corpus from '../../corpus/endpoint-urls.json' with { type: 'json' };

const PUBLIC_HTTPS = { allowHttp: false, localReceivers: false };
const cases = corpus.cases.map((entry) => ({ ...entry, shown: JSON.stringify(entry.url).slice(0, 80) }));

describe('checkEndpointUrl', () => {
  it.each(cases.filter(({ expect }) => expect === 'accept'))('accepts $id $shown: $why', ({ url }) => {
    const checked = checkEndpointUrl(url, PUBLIC_HTTPS);

    expect(checked).toEqual({ ok: true, url: new URL(url as string).href });
  });

  it.each(cases.filter(({ expect }) => expect === 'reject'))('refuses $id $shown: $why', ({ url }) => {
    const checked = checkEndpointUrl(url, PUBLIC_HTTPS);

    expect(checked).toEqual({ ok: false, detail: expect.stringMatching(/^(must|is) /) as string });
  });

  it.each(
    cases.filter(({ expect, url }) => expect === 'reject' && !JSON.stringify(url).toLowerCase().startsWith('"http:')),
  )('refuses $id also where http and local receivers are allowed', ({ url }) => {
    expect(checkEndpointUrl(url, { allowHttp: true, localReceivers: true }).ok).toBe(false);
  });

  it('sends a user name and password to auth, where they are kept as secrets', () => {
    const checked = checkEndpointUrl('https://user:secret@hooks.example.com/', PUBLIC_HTTPS);

    expect(checked).toEqual({
      ok: false,
      detail: 'must not contain a user name or password; set them in auth instead',
    });
  });

  it('takes http to public hosts only where the operator allows it', () => {
    const url = 'http://hooks.example.com/';

    expect(checkEndpointUrl(url, { ...PUBLIC_HTTPS, allowHttp: true })).toEqual({ ok: true, url });
    expect(checkEndpointUrl(url, { ...PUBLIC_HTTPS, localReceivers: true }).ok).toBe(false);
    expect(checkEndpointUrl('http://10.0.0.1/', { ...PUBLIC_HTTPS, allowHttp: true }).ok).toBe(false);
  });

  it.each([
    'http://127.0.0.1:8080/hook?x=1',
    'http://localhost:3000/',
    'http://localhost:3000',
    'http://127.0.0.1:9?x',
  ])('admits the local receiver %s, and only locally', (url) => {
    expect(checkEndpointUrl(url, { ...PUBLIC_HTTPS, localReceivers: true }).ok).toBe(true);
    expect(checkEndpointUrl(url, { ...PUBLIC_HTTPS, allowHttp: true }).ok).toBe(false);
  });

  it.each([
    'http://127.0.0.2:8080/',
    'http://[::1]:8080/',
    'http://127.1:8080/',
    'http://localhost/',
    'http://localhost.:8080/',
    'http://localhost:8080@evil.example/',
    'http://localhost:808x/',
    'http://sub.localhost:8080/',
    'https://localhost:8080/',
    'https://127.0.0.1:8080/',
    'http://0.0.0.0:8080/',
    'http://localhost:99999/',
    'http://localhost:8080/#x',
  ])('does not admit %s as a local receiver', (url) => {
    expect(checkEndpointUrl(url, { allowHttp: true, localReceivers: true }).ok).toBe(false);
  });

  it('stores what the URL standard makes of it', () => {
    expect(checkEndpointUrl('HTTPS://Hooks.Example.com:443/a/../b', PUBLIC_HTTPS)).toEqual({
      ok: true,
      url: 'https://hooks.example.com/b',
    });
  });
});
