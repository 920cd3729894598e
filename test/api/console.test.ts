import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveConsole, type FileAnswer } from '../../lambdas/api/console/console.ts';
import { createStaticFiles } from '../../lambdas/api/console/static-files.ts';
import { compress } from '../../scripts/console.ts';

// A page and a script as Vite makes them of the console, written as the function ships them. The console itself, built, is
// looked at by console/test.
const HASHED = 'assets/index-BzK1a2b3.js';
const PAGE = `<!doctype html>
<html lang="en"><head><title>Posthorn</title><script type="module" crossorigin src="/console/${HASHED}"></script>
<link rel="stylesheet" crossorigin href="/console/assets/index-C4d5e6f7.css"></head><body><div id="root"></div></body></html>`;
const folder = mkdtempSync(join(tmpdir(), 'posthorn-console-'));
const files = createStaticFiles(join(folder, 'files'));

beforeAll(() => {
  mkdirSync(join(folder, 'raw/assets'), { recursive: true });
  writeFileSync(join(folder, 'raw/index.html'), PAGE);
  writeFileSync(join(folder, 'raw', HASHED), 'console.log("a script")');
  compress(join(folder, 'raw'), join(folder, 'files'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function textOf({ headers, body }: FileAnswer): string {
  const bytes = Buffer.from(body, 'base64');
  const encoding = headers['content-encoding'];
  return (encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}

async function scriptPath(): Promise<string> {
  return /src="([^"]+)"/.exec(textOf(await serveConsole(files, '/', undefined)))![1]!;
}

describe('serving the console', () => {
  it.each([
    '/',
    '/console',
    '/console/overview',
    '/console/subscriptions/sub_1',
    '/console/%2e%2e/%2e%2e/etc/passwd',
    '/console/__proto__',
  ])('answers %s with the page, which is looked at anew each time', async (path) => {
    const answer = await serveConsole(files, path, 'gzip, deflate, br, zstd');

    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    expect(textOf(answer)).toContain('<title>Posthorn</title>');
  });

  it('lets hashed files be kept for a year', async () => {
    const answer = await serveConsole(files, await scriptPath(), 'br');

    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it('refuses a hashed file of another version, so that no page is taken for a script', async () => {
    await expect(serveConsole(files, '/console/assets/index-old.js', 'br')).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    [' BR ; q=0 , gzip\t;\tq=0.50', 'gzip'],
    ['br ;a=1; q=0.00, *;q=0', undefined],
    ['*', 'br'],
    ['identity', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes from %j the encoding %j, with the same content', async (accepted, encoding) => {
    const plain = textOf(await serveConsole(files, '/', undefined));

    const answer = await serveConsole(files, '/', accepted);

    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers.vary).toBe('accept-encoding');
    expect(textOf(answer)).toBe(plain);
  });

  it('allows nothing foreign and nothing inline, and the page needs neither', async () => {
    const answer = await serveConsole(files, '/', undefined);

    const policy = answer.headers['content-security-policy']!;
    expect(policy.split('; ')[0]).toBe("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    expect(textOf(answer)).not.toMatch(/<script>|<style|style=|src="http/);
  });

  it('is asked for by https alone once a browser has seen it, and says nothing of the names below', async () => {
    const answer = await serveConsole(files, '/', undefined);

    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
  });
});
