import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';
import { tellStory } from './story.ts';

// The same story among 10^6 events of 5,000 subscriptions: `npm run bench -- find`.

const outputs = inject('outputs');
const posthorn = connect(outputs);
/** As support hears it: `south clinic 7`. */
const organization = `South_Clinic_${process.pid}`;
const visit = `28540${process.pid}`;
let browser: ConsoleBrowser;
let receiver: Receiver;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  receiver.answer(`/southclinic${process.pid}`, () => ({ status: 404, body: 'no such tenant' }));
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(`/southclinic${process.pid}`) });
  await posthorn.subscribe({ organization, url: receiver.url('/others'), events: ['shift.*'] });
  const neighbour = `North_Clinic_${process.pid}`;
  await posthorn.subscribe({ organization: neighbour, url: receiver.url('/neighbour') });
  for (const owner of [organization, neighbour]) {
    await posthorn.publish({ organization: owner, type: 'visit.ended', resource_id: visit, data: { id: visit } });
  }
  await waitFor('the last try', async () =>
    (await posthorn.attempts(id)).some(({ outcome }) => outcome === 'exhausted'),
  );
});
afterAll(() => Promise.all([browser.close(), receiver.close()]));

describe('the story of a visit that a customer did not get', () => {
  it.each([
    ['only its number', () => visit, 'Deliveries of this resource'],
    ['only the name as it is spoken', () => `south clinic ${process.pid}`, 'What failed there lately'],
    ['only part of the URL', () => `southclinic${process.pid}`, 'What failed there lately'],
  ] as const)('is told in three interactions to whom knows %s', async (_what, text, table) => {
    const key = await posthorn.apiKey({ scopes: ['support', 'payloads:read'] });
    const { page, faults } = await browser.open('/console/overview', key);

    const { interactions } = await tellStory(
      page,
      { text: text(), table },
      { organization, visit, answer: 'no such tenant' },
    );

    expect([interactions, faults]).toEqual([3, []]);
  });
});
