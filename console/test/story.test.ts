import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect } from '../../test/support/posthorn.ts';
import { newNumber } from '../../test/support/new-number.ts';
import { startReceiver, type Receiver } from '../../test/support/receiver.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBrowser, type ConsoleBrowser } from './console.ts';
import { tellStory } from './story.ts';

// The same story among 10^6 events of 5,000 subscriptions: `npm run bench -- find`.

const outputs = inject('outputs');
const posthorn = connect(outputs);
const number = newNumber();
/** As support hears it: `south clinic 7`. */
const organization = `South_Clinic_${number}`;
const visit = `28540${number}`;
let browser: ConsoleBrowser;
let receiver: Receiver;

beforeAll(async () => {
  [browser, receiver] = await Promise.all([startBrowser(posthorn.apiUrl), startReceiver()]);
  receiver.answer(`/southclinic${number}`, () => ({ status: 404, body: 'no such tenant' }));
  const { id } = await posthorn.subscribe({ organization, url: receiver.url(`/southclinic${number}`) });
  await posthorn.subscribe({ organization, url: receiver.url('/others'), events: ['shift.*'] });
  const neighbour = `North_Clinic_${number}`;
  await posthorn.subscribe({ organization: neighbour, url: receiver.url('/neighbour') });
  for (const owner of [organization, neighbour]) {
    await posthorn.publish({ organization: owner, type: 'visit.ended', resource_id: visit, data: { id: visit } });
  }
  await waitFor('the last try', async () =>
    (await posthorn.attempts(id)).some(({ outcome }) => outcome === 'exhausted'),
  );
});
afterAll(() => receiver.close());

describe('the story of a visit that a customer did not get', () => {
  it.each([
    ['only its number', () => visit, 'Deliveries of this resource'],
    ['only the name as it is spoken', () => `south clinic ${number}`, 'What failed there lately'],
    ['only part of the URL', () => `southclinic${number}`, 'What failed there lately'],
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
