import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { goTo, row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const CUSTOMERS = 12;
/** Four tries of twelve customers, on a busy machine. */
const PATIENCE_MS = 60_000;
const organizations = Array.from({ length: CUSTOMERS }, (_, i) => `fleet${i}_${process.pid}`);
const visit = `fleet${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;
let isMended = false;
/** Of the first customer. */
let subscription: string;
let event: string | undefined;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  receiver.answer('/fleet', () => (isMended ? { status: 200, body: '' } : { status: 503, body: 'busy' }));
  const ids = await Promise.all(
    organizations.map(
      async (organization) => (await posthorn.subscribe({ organization, url: receiver.url('/fleet') })).id,
    ),
  );
  subscription = ids[0]!;
  for (const organization of organizations) {
    const { body } = await posthorn.publish({
      organization,
      type: 'visit.ended',
      resource_id: visit,
      data: { id: visit },
    });
    event ??= body.id;
  }
  // One after another: a key has a hundred requests a second.
  for (const id of ids) {
    await waitFor(
      'the last try',
      async () => (await posthorn.attempts(id)).some(({ outcome }) => outcome === 'exhausted'),
      PATIENCE_MS,
    );
  }
});
afterAll(() => receiver.close());

describe('the deliveries of all endpoints', () => {
  it('are filtered by all filters together, each in the address', async () => {
    const { page } = await browser.open('/console/deliveries', admin);
    await page.getByRole('button', { name: 'Failed today' }).click();
    await page.getByRole('combobox', { name: 'Organization' }).fill(organizations[3]!);
    await page.getByRole('searchbox', { name: 'Status' }).fill('5xx');
    await page.waitForURL((url) => url.searchParams.get('status') === '5xx');

    await row(page, organizations[3]!).getByText('status 503').waitFor();
    await page.getByText(organizations[4]!).waitFor({ state: 'detached' });

    const read = (name: string) => new URL(page.url()).searchParams.get(name);
    expect(['organization', 'outcome', 'range', 'status'].map(read)).toEqual([
      organizations[3],
      'exhausted,gone,failed',
      'today',
      '5xx',
    ]);
    await page.getByRole('searchbox', { name: 'Status' }).fill('4xx');
    await page.getByText('None matches these filters.').waitFor();
    // Failed today begins with any status.
    await page.getByRole('button', { name: 'Failed today' }).click();
    await row(page, organizations[3]!).getByText('status 503').waitFor();
    expect([read('organization'), read('status')]).toEqual([organizations[3], null]);
  });

  it('are a file for a spreadsheet', async () => {
    const { page } = await browser.open(
      `/console/deliveries?organization=${organizations[0]}&resource_id=${visit}`,
      admin,
    );
    await row(page, visit).waitFor();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);

    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`,${organizations[0]},,visit.ended,${visit},`);
  });

  it('are sent again by nobody whose key may only look', async () => {
    const key = await posthorn.apiKey({ scopes: ['organization'], organization: organizations[0]!, read_only: true });
    const { page } = await browser.open('/console/deliveries', key);
    await row(page, visit).getByText('status 503').waitFor();

    expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await goTo(page, `/console/events/${event}`, page.getByRole('heading', { name: 'Its deliveries' }));
    await row(page, receiver.url('/fleet')).getByText('status 503').waitFor();
    expect(await page.getByRole('button', { name: /^Send again/ }).count()).toBe(0);
    await goTo(page, `/console/replays?subscription=${subscription}`, page.getByText('None in the last 30 days.'));
    await page.getByText('None in the last 30 days.').waitFor();
    expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0);
  });

  it('that failed today at 12 customers are sent again in five steps', async () => {
    isMended = true;
    const { page, faults } = await browser.open('/console/overview', admin);

    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('button', { name: 'Failed today' }).click();
    // What other tests let fail at the same time is theirs: sent again, it would have a try more than they count.
    await page.getByRole('searchbox', { name: 'Resource' }).fill(visit);
    await page.waitForURL((url) => url.searchParams.get('resource_id') === visit);
    for (const organization of organizations) await row(page, organization).first().waitFor();
    const boxes = page.getByRole('checkbox');
    await waitFor('nothing else', async () => (await boxes.count()) === 1 + CUSTOMERS);
    await page.getByRole('checkbox', { name: 'Choose all on this page' }).click();
    await page.getByRole('button', { name: `Send ${CUSTOMERS} again` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: `Send ${CUSTOMERS} again` }).click();

    await dialog
      .getByText(/are on their way/)
      .first()
      .waitFor();
    // One after another: a key has a hundred requests a second.
    for (const organization of organizations) {
      const query = `organization=${organization}&resource_id=${visit}`;
      const arrived = async () => {
        const { body } = await posthorn.call<{ data?: { outcome: string }[] }>('GET', `/v1/deliveries?${query}`);
        return body.data?.[0]?.outcome === 'delivered';
      };
      await waitFor('a delivery of each customer', arrived, PATIENCE_MS);
    }
    // One job for all of them, with its progress where every replay has it.
    await dialog.getByText(/\d+ delivered, \d+ not delivered, \d+ to come/).waitFor();
    await dialog.getByRole('link', { name: 'Replays' }).click();
    await page.getByRole('table', { name: 'Replays' }).getByText('Several').first().waitFor();
    expect(faults).toEqual([]);
  });

  it('of one event stand on its page, with a button for each', async () => {
    const organization = organizations[0]!;
    const { body } = await posthorn.publish({
      organization,
      type: 'shift.created',
      resource_id: '7',
      data: { id: '7' },
    });
    const { page } = await browser.open(`/console/events/${body.id}`, admin);
    await row(page, receiver.url('/fleet')).getByText('status 200').waitFor();
    const before = receiver.requests('/fleet').length;

    await page.getByRole('button', { name: `Send again to ${receiver.url('/fleet')}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redeliver' }).click();

    await page.getByText('is being sent again').waitFor();
    await waitFor('the second request', () => receiver.requests('/fleet')[before]);
  });
});
