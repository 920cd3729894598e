import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

/** What a person does from the key to the first request that verifies, at most: fields filled and buttons pressed. */
const MOST_INTERACTIONS = 8;

const posthorn = connect(inject('outputs'));
let browser: ConsoleBrowser;
let receiver: Receiver;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
});
afterAll(() => receiver.close());

describe("a new customer's developer", () => {
  it(`has a first verified 200 in ${MOST_INTERACTIONS} interactions`, async () => {
    const organization = `five_${process.pid}`;
    const key = await posthorn.apiKey({ scopes: ['organization'], organization });
    const { page, faults } = await browser.open('/');
    let count = 0;
    const does = async (interaction: Promise<unknown>): Promise<void> => {
      count += 1;
      await interaction;
    };
    // The developer's server, which takes nothing that it cannot verify.
    let secret = 'whsec_';
    receiver.answer('/five', (_n, { headers, body }) => {
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        return 200;
      } catch {
        return 401;
      }
    });

    await does(page.getByLabel('API key').fill(key));
    await does(page.getByRole('button', { name: 'Sign in' }).click());
    await does(page.getByRole('link', { name: 'Set where events are sent' }).click());
    await does(page.getByRole('textbox', { name: 'URL' }).fill(receiver.url('/five')));
    await does(page.getByRole('button', { name: 'Create', exact: true }).click());
    await does(page.getByRole('button', { name: 'Show secret and code' }).click());
    const shown = page.getByLabel('secret', { exact: true });
    await page.getByLabel('code', { exact: true }).getByText('createHmac').first().waitFor();
    await does(page.getByRole('button', { name: 'Copy secret' }).click());
    [secret = ''] = /whsec_[A-Za-z0-9+/=]+/.exec(await shown.innerText()) ?? [];
    await does(page.getByRole('button', { name: /^Send [a-z-]+\./ }).click());

    const dialog = page.getByRole('dialog', { name: /^Sample of / });
    await dialog.getByText('200').waitFor();
    await dialog.getByText('delivered').waitFor();
    expect(receiver.requests('/five')).toHaveLength(1);
    expect(count).toBeLessThanOrEqual(MOST_INTERACTIONS);
    expect(faults).toEqual([]);
  });

  it('is brought from an example that was refused to what was signed', async () => {
    const organization = `refused_${process.pid}`;
    const key = await posthorn.apiKey({ scopes: ['organization'], organization });
    receiver.answer('/refused', () => 401);
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/refused') });
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);
    await page.getByRole('button', { name: /^Send [a-z-]+\./ }).click();
    const dialog = page.getByRole('dialog', { name: /^Sample of / });

    await dialog.getByRole('button', { name: /^Open the attempt/ }).click();
    await page.getByRole('button', { name: 'What we signed' }).click();

    await page.getByText('This is what was sent.').waitFor();
    expect(await dialog.count()).toBe(0);
  });

  it('is given the code in its language, with the secret filled in', async () => {
    const organization = `languages_${process.pid}`;
    const key = await posthorn.apiKey({ scopes: ['organization'], organization });
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/languages') });
    const { secret } = (await posthorn.call<{ secret: string }>('GET', `/v1/subscriptions/${id}/secret`)).body;
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);
    await page.getByRole('button', { name: 'Show secret and code' }).click();

    for (const language of ['Node', 'Python', 'Go', 'Java', 'C#', 'PHP', 'Ruby']) {
      await page.getByRole('tab', { name: language, exact: true }).click();
      expect(await page.getByLabel('secret', { exact: true }).innerText()).toContain(secret);
      expect(await page.getByLabel('code', { exact: true }).innerText()).toMatch(/hmac/i);
    }
  });

  it('has the secret read once, however often other things change, since the audit trail notes each read', async () => {
    const organization = `once_${process.pid}`;
    const key = await posthorn.apiKey({ scopes: ['organization'], organization });
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/once') });
    const { page, requests } = await browser.open(`/console/subscriptions/${id}`, key);
    await page.getByRole('button', { name: 'Show secret and code' }).click();
    await page.getByLabel('secret', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))");
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();

    expect(requests.filter((url) => url.endsWith(`/v1/subscriptions/${id}/secret`))).toHaveLength(1);
  });

  it('who may only look is shown nothing to do', async () => {
    const { id } = await posthorn.subscribe({ organization: `five_looks_${process.pid}`, url: receiver.url('/looks') });
    const key = await posthorn.apiKey({
      scopes: ['organization'],
      organization: `five_looks_${process.pid}`,
      read_only: true,
    });
    const { page } = await browser.open(`/console/subscriptions/${id}`, key);

    await page.getByRole('heading', { name: 'Attempts', exact: true }).waitFor();

    expect(await page.getByRole('heading', { name: 'To the first delivery' }).count()).toBe(0);
  });
});
