import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const organization = `why_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let key: string;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  key = await posthorn.apiKey({ scopes: ['organization'], organization });
});
afterAll(() => receiver.close());

/** A request as it came: signed for a subscription just now, by a public library. */
async function signedFor(id: string, body: string) {
  const { secret } = (await posthorn.call<{ secret: string }>('GET', `/v1/subscriptions/${id}/secret`)).body;
  const at = new Date();
  const signature = new Webhook(secret).sign('evt_1', at, body);
  const seconds = Math.floor(at.getTime() / 1000);
  return { headers: `Webhook-Id: evt_1\nwebhook-timestamp: ${seconds}\nwebhook-signature: ${signature}\n`, body };
}

describe('a developer whose signature does not match', () => {
  it('pastes the request, and is told the cause with a link to what to do', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/signed') });
    const { headers, body } = await signedFor(id, '{"id":1}');
    const { page, faults } = await browser.open(`/console/subscriptions/${id}`, key);
    await page.getByRole('button', { name: 'Check a signature' }).click();
    const dialog = page.getByRole('dialog', { name: 'Check a signature' });
    const check = dialog.getByRole('button', { name: 'Check', exact: true });

    await dialog.getByLabel('Headers of the request').fill('no header');
    await check.click();
    await dialog.getByText('found: no header').waitFor();
    await dialog.getByLabel('Headers of the request').fill(headers);
    await dialog.getByLabel('Body').fill('{ "id": 1 }');
    await check.click();
    const link = dialog.getByRole('link', { name: /Causes of a wrong signature/ });
    await link.waitFor();
    await dialog.getByText('The body was changed').waitFor();
    expect(await link.getAttribute('href')).toBe('/docs/troubleshooting#the-signature-does-not-match');
    await dialog.getByLabel('Body').fill(body);
    await check.click();

    await dialog.getByText('The signature matches', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('is offered no causes where the signature is right by an older secret', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/older') });
    const { headers, body } = await signedFor(id, '{"id":1}');
    await posthorn.call('POST', `/v1/subscriptions/${id}/rotate-secret`, { overlap_hours: 1 });
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);
    await page.getByRole('button', { name: 'Check a signature' }).click();
    const dialog = page.getByRole('dialog', { name: 'Check a signature' });

    await dialog.getByLabel('Headers of the request').fill(headers);
    await dialog.getByLabel('Body').fill(body);
    await dialog.getByRole('button', { name: 'Check', exact: true }).click();

    await dialog.getByText('The signature matches, with an older secret').waitFor();
    expect(await dialog.getByRole('link', { name: /Causes of a wrong signature/ }).count()).toBe(0);
  });

  it('is not offered a check where the secret may not be seen', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/unseen') });
    const support = await posthorn.apiKey({ scopes: ['support'] });
    const { page } = await browser.open(`/console/subscriptions/${id}`, support);

    await page.getByRole('button', { name: 'Ping' }).waitFor();

    expect(await page.getByRole('button', { name: 'Check a signature' }).count()).toBe(0);
  });
});

describe('what was signed for a call', () => {
  /** A call that was refused, opened in the browser; `computed` is what the receiver made of it wrongly. */
  async function refused(path: string, as = key) {
    receiver.answer(path, () => ({ status: 401, body: '{"error":"invalid signature"}' }));
    const { id } = await posthorn.subscribe({
      organization,
      url: receiver.url(path),
      signature_header: 'Axle-Signature',
    });
    await posthorn.call('POST', `/v1/subscriptions/${id}/sample?wait=10`, { type: 'visit.ended' });
    const [attempt] = await posthorn.attempts(id);
    const { secret } = (await posthorn.call<{ secret: string }>('GET', `/v1/subscriptions/${id}/secret`)).body;
    const { page, faults, requests } = await browser.open(`/console/subscriptions/${id}?call=${attempt!.id}`, as);
    await page.getByText('invalid signature').waitFor();
    const [request] = receiver.requests(path);
    return { id, page, faults, requests, secret, request: request! };
  }

  it('is the exact text and the signature as it was received, in each header that is signed', async () => {
    const { page, faults, request } = await refused('/signed-text');
    await page.getByRole('button', { name: 'What we signed' }).click();

    const text = page.getByLabel('what was signed for webhook-signature', { exact: true });
    await text.waitFor();
    const { body } = request;
    const headers = request.headers as Record<string, string>;
    expect(await text.textContent()).toBe(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
    await page.getByText(headers['webhook-signature']!, { exact: true }).waitFor();
    const [t, v1] = headers['axle-signature']!.split(',');
    expect(await page.getByLabel('what was signed for Axle-Signature', { exact: true }).textContent()).toBe(
      `${t!.slice(2)}.${body}`,
    );
    await page.getByText(v1!, { exact: true }).waitFor();
    expect(await page.getByText('This is what was sent.').count()).toBe(2);
    expect(faults).toEqual([]);
  });

  it.each<[string, (id: string, at: string, body: string) => string, 'secret' | 'text', string]>([
    [
      'the text of the secret as the key',
      (id, at, body) => `${id}.${at}.${body}`,
      'text',
      'used the text of the secret',
    ],
    ['the body alone', (_id, _at, body) => body, 'secret', 'signs only the body'],
    ['no id', (_id, at, body) => `${at}.${body}`, 'secret', 'leaves out the webhook-id'],
    [
      'a body that was parsed',
      (id, at, body) => `${id}.${at}.${JSON.stringify(JSON.parse(body), null, 2)}`,
      'secret',
      'does not match',
    ],
  ])('names the mistake of a receiver in two interactions: %s', async (_what, contentOf, keyOf, cause) => {
    const { page, secret, request } = await refused(`/mistake-${cause.length}-${contentOf.length}`);
    const { headers, body } = request;
    const content = contentOf(headers['webhook-id'] as string, headers['webhook-timestamp'] as string, body);
    const hmacKey = keyOf === 'text' ? secret : Buffer.from(secret.slice('whsec_'.length), 'base64');
    const computed = createHmac('sha256', hmacKey).update(content).digest('base64');

    // One: the section. Two: what was computed is pasted.
    await page.getByRole('button', { name: 'What we signed' }).click();
    await page.getByLabel('What your code computed').fill(computed);

    await page.getByText(new RegExp(cause)).first().waitFor();
  });

  it('says that a receiver computed rightly, and whose secret it took otherwise', async () => {
    const { page, secret, request } = await refused('/right');
    const other = await posthorn.subscribe({ organization, url: receiver.url('/right-other') });
    const { body: theirs } = await posthorn.call<{ secret: string }>('GET', `/v1/subscriptions/${other.id}/secret`);
    const { headers, body } = request;
    const by = (one: string): string =>
      new Webhook(one).sign(
        headers['webhook-id'] as string,
        new Date(Number(headers['webhook-timestamp']) * 1000),
        body,
      );
    await page.getByRole('button', { name: 'What we signed' }).click();
    const computed = page.getByLabel('What your code computed');

    await computed.fill(by(theirs.secret));
    await page.getByText(`Signed with the secret of ${other.id}`).waitFor();
    await computed.fill(Buffer.from(by(secret).slice('v1,'.length), 'base64').toString('hex'));
    await page.getByText('writes the signature in hexadecimal').waitFor();
    await computed.fill('v1,no signature');
    await page.getByText('This is not an HMAC-SHA256').waitFor();
    await computed.fill(by(secret));

    await page.getByText('Your code computed the right signature').waitFor();
  });

  it('has the secret read once, also when calls are read again, since the audit trail notes each read', async () => {
    const { id, page, requests } = await refused('/signed-once');
    await page.getByRole('button', { name: 'What we signed' }).click();
    await page.getByText('This is what was sent.').first().waitFor();

    await page.getByRole('button', { name: 'Redeliver' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redeliver' }).click();
    // It closes once what was to be read again has been.
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    expect(requests.filter((url) => url.endsWith(`/v1/subscriptions/${id}/secret`))).toHaveLength(1);
  });

  it('is not offered where the secret may not be seen', async () => {
    const support = await posthorn.apiKey({ scopes: ['support', 'payloads:read'] });

    const { page } = await refused('/signed-unseen', support);

    expect(await page.getByRole('button', { name: 'What we signed' }).count()).toBe(0);
  });
});

describe('a call that failed', () => {
  it('leads to the common causes of its status', async () => {
    receiver.answer('/fails', () => ({ status: 500 }));
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/fails') });
    await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } });
    await waitFor('a call', async () => (await posthorn.attempts(id)).length > 0);
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);

    await row(page, 'visit.ended').last().getByRole('link').click();

    const link = page.getByRole('link', { name: /Most frequent causes of 500/ });
    await link.waitFor();
    const document = await page.request.get(`${posthorn.apiUrl}${await link.getAttribute('href')}`);
    expect(await document.text()).toContain('id="by-status"');
    expect(await link.getAttribute('href')).toBe('/docs/troubleshooting#by-status');
  });
});

describe('a sample of an event type', () => {
  it('is chosen from a menu and sent once, and what the endpoint answers is shown', async () => {
    receiver.answer('/sampled', () => ({ status: 422, body: '{"error":"no such field"}' }));
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/sampled') });
    const { page, faults } = await browser.open(`/console/subscriptions/${id}`, key);

    await page.getByRole('button', { name: 'Send a sample' }).click();
    expect(await page.getByRole('menuitem', { name: 'ping', exact: true }).count()).toBe(0);
    await page.getByRole('menuitem', { name: 'visit.created' }).click();

    const dialog = page.getByRole('dialog', { name: 'Sample of visit.created' });
    await dialog.getByText('no such field').waitFor();
    await dialog.getByRole('link', { name: /Most frequent causes of 422/ }).waitFor();
    expect(await posthorn.attempts(id)).toMatchObject([{ type: 'visit.created', sample: true, status: 422 }]);
    expect(faults).toEqual([]);
  });
});
