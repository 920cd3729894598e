import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { row, startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `support_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
});
afterAll(() => receiver.close());

describe('a support person whose customer misses events', () => {
  it('finds the call, sees the 500, mends the URL, pings, replays, and sees it delivered', async () => {
    // Arrange: a customer whose URL has a typing error, behind which a server answers 500.
    receiver.answer('/webhook', () => ({ status: 500, body: '{"error":"no such tenant"}' }));
    // Nothing is tried again by itself: after the ping nothing would be left to replay.
    const heal_hours = 0;
    const story = { organization, url: receiver.url('/webhook'), description: 'Story', heal_hours };
    const { id } = await posthorn.subscribe(story);
    const accepted = await posthorn.call<{ id: string }>(
      'POST',
      '/v1/events',
      `{"organization":"${organization}","type":"visit.ended","data":{"id":"28540","fee":9007199254740993}}`,
      outputs.local!.ProducerApiKey,
    );
    await waitFor('the last try', async () =>
      (await posthorn.attempts(id)).some((attempt) => attempt.outcome === 'exhausted'),
    );

    // Act and assert, as a person would.
    const { page, faults } = await browser.open('/', admin);
    await page.getByRole('link', { name: 'Subscriptions' }).click();
    // The page before it may have a field of that name, too.
    await page.getByRole('heading', { name: 'Subscriptions', level: 1 }).waitFor();
    await page.getByLabel('Organization').fill(organization);
    await row(page, organization).getByRole('link').click();
    await row(page, 'exhausted').getByRole('link').click();
    await page.getByText('no such tenant').waitFor();
    // A number that JavaScript cannot hold, digit for digit.
    await page.getByText('"fee": 9007199254740993').waitFor();
    await page.getByText(accepted.body.id).first().waitFor();
    const tries = page.getByLabel('All tries of this delivery').getByRole('row');
    // The heading and four tries, which come after the call itself.
    await tries.nth(4).waitFor();
    expect(await tries.count()).toBe(5);

    await page.getByRole('button', { name: 'Edit' }).click();
    // By its role: the page before it has a button whose name holds these letters.
    await page.getByRole('textbox', { name: 'URL' }).fill(receiver.url('/webhooks'));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();

    await page.getByRole('button', { name: 'Ping' }).click();
    const dialog = page.getByRole('dialog', { name: 'Ping' });
    await dialog.getByText('delivered').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('1 delivery would be sent again').waitFor();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('button', { name: 'Replay now' }).click();
    await row(page, id).getByText('done').waitFor();

    await row(page, id).getByRole('link').click();
    await page.getByText('healthy').first().waitFor();
    await row(page, 'visit.ended').filter({ hasText: 'delivered' }).waitFor();
    const requests = receiver.requests('/webhooks');
    expect(requests.map(({ headers }) => headers['webhook-id'])).toContain(accepted.body.id);
    const ping = requests.find(({ headers }) => headers['webhook-id'] !== accepted.body.id)!;
    expect(JSON.parse(ping.body)).toMatchObject({ type: 'ping', triggering_location: 'DASHBOARD' });
    expect(faults).toEqual([]);
  });

  it('sends one event again from its call', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/again') });
    await posthorn.publish({ organization, type: 'shift.created', data: { id: '7' } });
    await waitFor('the delivery', async () => (await posthorn.attempts(id)).length === 1);

    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await row(page, 'shift.created').getByRole('link').click();
    await page.getByRole('button', { name: 'Redeliver' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redeliver' }).click();

    await page.getByText('is being sent again').waitFor();
    await waitFor('the second request', () => receiver.requests('/again')[1]);
    const [first, second] = receiver.requests('/again');
    expect(second!.body).toBe(first!.body);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  });
});
