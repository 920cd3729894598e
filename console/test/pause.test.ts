import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';

const outputs = inject('outputs');
const posthorn = connect(outputs);
const admin = outputs.local!.AdminApiKey!;
const organization = `pause_${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
});
afterAll(() => receiver.close());

const stateOf = async (id: string) => {
  const { body } = await posthorn.call<{ active: boolean; health: { state: string } }>(
    'GET',
    `/v1/subscriptions/${id}`,
  );
  return body.active ? body.health.state : 'inactive';
};

describe('a subscription', () => {
  it('is paused and resumed by one click each, and that can be taken back', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/pause') });
    const { page, faults } = await browser.open(`/console/subscriptions/${id}`, admin);

    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByText('Nothing is lost: everything goes out in order.').waitFor();
    expect(await stateOf(id)).toBe('paused');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();

    await waitFor('the end of the pause', async () => (await stateOf(id)) !== 'paused');
    expect(faults).toEqual([]);
  });

  it('says before it is deactivated what that loses, and is paused instead', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/instead') });
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);

    await page.getByRole('button', { name: 'Deactivate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deactivate this subscription?' });
    await dialog.getByText('is inactive are not sent to it').waitFor();
    await dialog.getByRole('button', { name: 'pause it instead' }).click();

    await waitFor('the pause', async () => (await stateOf(id)) === 'paused');
  });

  it('asks when it is activated whether to send what it missed, with the count, and sends it', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/missed') });
    const { page } = await browser.open(`/console/subscriptions/${id}`, admin);
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate', exact: true }).click();
    await page.getByText('Deactivated: nothing is sent to it.').waitFor();
    // Fan-out knows for some seconds what it has read: an event that comes after that is not for it.
    const late: string[] = [];
    await waitFor(
      'an event that is not for it',
      async () => {
        const { body } = await posthorn.publish({ organization, type: 'visit.ended', data: { id: '1' } });
        const isRecorded = async () =>
          (await posthorn.call<{ deliveries?: { subscription_id: string }[] }>('GET', `/v1/events/${body.id}`)).body
            .deliveries;
        const deliveries = await waitFor('the event', isRecorded);
        if (deliveries.every(({ subscription_id }) => subscription_id !== id)) late.push(body.id);
        return late.length > 0;
      },
      90_000,
    );

    await page.getByRole('button', { name: 'Activate', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Send the missed events?' });
    await dialog.getByText(/\d+ events? accepted since/).waitFor();
    await dialog.getByRole('button', { name: 'Send them' }).click();

    await waitFor('what was missed', () =>
      receiver.requests('/missed').find(({ headers }) => headers['webhook-id'] === late[0]),
    );
  });
});

describe('what was missed', () => {
  it('stands in a view of its own with the count for each subscription, and is sent from there', async () => {
    const owner = `missed_${process.pid}`;
    const { body } = await posthorn.publish({ organization: owner, type: 'visit.ended', data: { id: '1' } });
    await waitFor('the event', async () => (await posthorn.call('GET', `/v1/events/${body.id}`)).status === 200);
    // Off from its beginning: the event before it is none that it missed since.
    const { id } = await posthorn.subscribe({ organization: owner, url: receiver.url('/view'), active: false });
    const { body: late } = await posthorn.publish({ organization: owner, type: 'visit.ended', data: { id: '2' } });
    await waitFor('the event', async () => (await posthorn.call('GET', `/v1/events/${late.id}`)).status === 200);
    const { page, faults } = await browser.open(`/console/deliveries?organization=${owner}`, admin);

    await page.getByRole('button', { name: 'Missed' }).click();
    const missed = page.getByRole('row').filter({ hasText: receiver.url('/view') });
    await missed.getByText('1 event', { exact: true }).waitFor();
    await missed.getByRole('button', { name: /^Send the events that/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Activate and send' }).click();

    const sent = await waitFor('what was missed', () => receiver.requests('/view')[0]);
    expect(sent.headers['webhook-id']).toBe(late.id);
    await page.getByText('No subscription is inactive.').waitFor();
    expect(await stateOf(id)).not.toBe('inactive');
    expect(faults).toEqual([]);
  });
});

describe('what was missed by a subscription that was activated without sending it', () => {
  it('stays in the view, and is sent from there', async () => {
    const owner = `missed_later_${process.pid}`;
    const { id } = await posthorn.subscribe({ organization: owner, url: receiver.url('/later'), active: false });
    const { body: late } = await posthorn.publish({ organization: owner, type: 'visit.ended', data: { id: '1' } });
    await waitFor('the event', async () => (await posthorn.call('GET', `/v1/events/${late.id}`)).status === 200);
    await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { active: true });
    const { page, faults } = await browser.open(`/console/deliveries?view=missed&organization=${owner}`, admin);

    const missed = page.getByRole('row').filter({ hasText: receiver.url('/later') });
    await missed.getByText('1 event', { exact: true }).waitFor();
    await missed.getByText('on again since').waitFor();
    await missed.getByRole('button', { name: /^Send the events that/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send it' }).click();

    const sent = await waitFor('what was missed', () => receiver.requests('/later')[0]);
    expect(sent.headers['webhook-id']).toBe(late.id);
    await missed.waitFor({ state: 'detached' });
    const missedSince = async () =>
      (await posthorn.call<{ missed_since?: string }>('GET', `/v1/subscriptions/${id}`)).body.missed_since;
    await waitFor('nothing left to be sent', async () => (await missedSince()) === undefined);
    await page.reload();
    await page.getByText('No subscription is inactive.').waitFor();
    expect(faults).toEqual([]);
  });
});

describe('sending what was missed', () => {
  const open = async (owner: string) => {
    const { page } = await browser.open(`/console/deliveries?view=missed&organization=${owner}`, admin);
    await page.getByRole('button', { name: /^Send the events that/ }).click();
    return page;
  };

  it('goes on where it failed when it is tried again: what the activation said is not lost', async () => {
    const owner = `missed_again_${process.pid}`;
    await posthorn.subscribe({ organization: owner, url: receiver.url('/again'), active: false });
    const { body: late } = await posthorn.publish({ organization: owner, type: 'visit.ended', data: { id: '1' } });
    await waitFor('the event', async () => (await posthorn.call('GET', `/v1/events/${late.id}`)).status === 200);
    const page = await open(owner);
    await page.route(/\/replay$/, (route) => route.fulfill({ status: 503, json: { detail: 'Not just now.' } }), {
      times: 1,
    });

    await page.getByRole('button', { name: 'Activate and send' }).click();
    await page.getByRole('dialog').getByText('Not just now.').waitFor();
    await page.getByRole('button', { name: 'Activate and send' }).click();

    await page.getByText('The events that it missed are being sent').first().waitFor();
    const sent = await waitFor('what was missed', () => receiver.requests('/again')[0]);
    expect(sent.headers['webhook-id']).toBe(late.id);
  });

  it('says so where nothing was missed', async () => {
    const owner = `missed_nothing_${process.pid}`;
    await posthorn.subscribe({ organization: owner, url: receiver.url('/nothing'), active: false });
    const page = await open(owner);

    await page.getByRole('button', { name: 'Activate and send' }).click();

    await page.getByText('Activated. It has missed nothing.').first().waitFor();
  });
});

describe('somebody of support', () => {
  it('signs in with a key of its own, sees everybody, and no secret', async () => {
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/support'), description: 'Of support' });
    const key = await posthorn.apiKey({ scopes: ['support'] });
    const { page, faults } = await browser.open(`/console/subscriptions/${id}`, key);

    await page.getByRole('heading', { name: 'Of support' }).waitFor();

    expect(await page.getByText('all organizations').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Secret' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'API keys' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
