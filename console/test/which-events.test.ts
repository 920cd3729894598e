import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { chooseEvents, row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const organization = `which_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let key: string;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  key = await posthorn.apiKey({ scopes: ['organization'], organization });
  for (const [type, status] of [
    ['visit.ended', 'cancelled'],
    ['visit.ended', 'ended'],
    ['shift.updated', 'ended'],
  ] as const) {
    await posthorn.publish({ organization, type, data: { status } });
  }
  await waitFor('the events', async () => {
    const { body } = await posthorn.call<{ data: unknown[] }>('GET', `/v1/events?organization=${organization}`);
    return body.data.length === 3;
  });
});
afterAll(() => receiver.close());

const filter = (page: Page) => page.getByRole('textbox', { name: 'Filter' });

describe('the form of a subscription', () => {
  it('says which of the newest events would be sent, and what in the others is why not, while it is filled in', async () => {
    const { page, faults, requests } = await browser.open('/console/subscriptions/new', key);
    await page.getByText('3 of the newest 3 events would be sent').waitFor();

    await chooseEvents(page, 'visit.*');
    await page.getByText('2 of the newest 3 events would be sent').waitFor();
    const asked = requests.filter((url) => url.endsWith('/v1/filter-test')).length;
    await filter(page).pressSequentially('{"data": {"status": ["cancelled"]}}');

    await page.getByText('1 of the newest 3 events would be sent').waitFor();
    await row(page, '/data/status').first().waitFor();
    await row(page, '/type').waitFor();
    // Typed in 35 letters: asked at most for what rested, never for each.
    expect(requests.filter((url) => url.endsWith('/v1/filter-test')).length - asked).toBeLessThan(10);
    expect(faults).toEqual([]);
  });

  it('says beside the filter what is wrong with it and where, until it is mended', async () => {
    const { page } = await browser.open('/console/subscriptions/new', key);

    await filter(page).fill('{"data": {"status": [{"like": "x"}]}}');
    await page.getByText('/data/status/0:').waitFor();
    await filter(page).fill('{"data": ');
    await page.getByText('/data/status/0:').waitFor({ state: 'detached' });
    await page.getByText('Not tested again: the filter is not valid JSON yet').waitFor();
    expect(await page.getByText('Trying again', { exact: true }).count()).toBe(0);
    await page.getByRole('textbox', { name: 'URL' }).fill(receiver.url('/filtered'));
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('This is not valid JSON yet').waitFor();
    await filter(page).fill('');
    await page.getByText('This is not valid JSON yet').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('menuitem', { name: /A number in a range/ }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Ping it to see whether it answers.').waitFor();

    const [, id] = /subscriptions\/(sub_\w+)/.exec(page.url())!;
    const { body } = await posthorn.call<{ filter: unknown }>('GET', `/v1/subscriptions/${id}`);
    expect(body.filter).toEqual({ data: { amount_due: [{ numeric: ['>=', 1000, '<', 5000] }] } });
  });

  it('shows what a request will look like: the very bytes of the example in the chosen format, with its headers', async () => {
    const { body: catalogue } = await posthorn.call<{ data: { name: string; samples: Record<string, string> }[] }>(
      'GET',
      '/v1/event-types',
    );
    const example = catalogue.data.find(({ name }) => name === 'visit.created')!.samples;
    const { page } = await browser.open('/console/subscriptions/new', key);

    await page.getByRole('textbox', { name: 'URL' }).fill('https://hooks.example.com/in?tenant=1');
    await chooseEvents(page, 'visit.created');
    await page.getByRole('button', { name: /^Format/ }).click();
    await page.getByRole('option', { name: /^cloudevents/ }).click();

    const headers = page.getByLabel('headers of the example', { exact: true });
    await headers.getByText('content-type: application/cloudevents+json').waitFor();
    expect(await headers.textContent()).toContain('POST /in?tenant=1 HTTP/1.1\nhost: hooks.example.com');
    expect(await page.getByLabel('body of the example', { exact: true }).textContent()).toBe(example.cloudevents);
  });

  it('takes a pattern that is typed, and offers what types stand for', async () => {
    const { page } = await browser.open('/console/subscriptions/new', key);
    await page.getByRole('textbox', { name: 'URL' }).fill(receiver.url('/typed'));

    await page.getByRole('button', { name: /^Events/ }).click();
    await page
      .getByRole('option', { name: /visit\.ended/ })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await chooseEvents(page, 'visit.note.*', 'shift.*');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Ping it to see whether it answers.').waitFor();

    const [, id] = /subscriptions\/(sub_\w+)/.exec(page.url())!;
    const { body } = await posthorn.call<{ events: string[] }>('GET', `/v1/subscriptions/${id}`);
    expect(body.events.sort()).toEqual(['shift.*', 'visit.note.*']);
  });
});
