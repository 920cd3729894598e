import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRequest, generatorOf, inputCases, type InputCase, type InputContext } from '../../support/api-inputs.ts';
import { sendRaw, type RawAnswer } from '../../support/raw-http.ts';
import { startYardstick, type Yardstick } from '../yardsticks/set-up.ts';

// Every case of the corpus for the management API, over a socket, to the running platform. Left out: direct calls of
// the function, and kinds of keys and cursors that do not exist here.

const MISSING_HERE = ['{READ_ONLY_KEY}', '{EXPIRED_CURSOR}'];

let world: Yardstick;
let organization: string;
let context: InputContext;
let count = 0;

beforeAll(async () => {
  world = await startYardstick('inputs');
  organization = world.organization();
  const key = await world.organizationKey(organization);
  const subscribe = async (owner: string, path: string): Promise<string> =>
    (await world.posthorn.subscribe({ organization: owner, url: `https://hooks.example.com/${path}` })).id;
  const id = await subscribe(organization, 'first');
  await subscribe(organization, 'second');
  const { body } = await world.posthorn.call<{ next_cursor: string }>(
    'GET',
    '/v1/subscriptions?limit=1',
    undefined,
    key,
  );
  const cursor = body.next_cursor;
  context = {
    target: 'management',
    event: [],
    subscription: [],
    words: {
      KEY: key,
      INGEST_ONLY_KEY: world.posthorn.outputs.local!.ProducerApiKey!,
      KEY_OF_OTHER_ENVIRONMENT: `phk_${'A'.repeat(43)}`,
      SUBSCRIPTIONS: '/v1/subscriptions',
      ID: id,
      ID_OF_OTHER_TENANT: await subscribe(world.organization(), 'other'),
      CURSOR: cursor,
      CURSOR_CUT: cursor.slice(0, -1),
      CURSOR_ONE_CHAR_CHANGED: (cursor.startsWith('A') ? 'B' : 'A') + cursor.slice(1),
    },
  };
});
afterAll(() => world.close());

const cases = inputCases('management').filter(
  (one) => !generatorOf(one).invoke && !MISSING_HERE.some((word) => JSON.stringify(one.input).includes(word)),
);

/** Sends a case; its subscription differs from all before it, or the second would be a duplicate. */
async function send(one: InputCase): Promise<{ answer: RawAnswer; sent: string }> {
  count += 1;
  const request = buildRequest(one, {
    ...context,
    subscription: [
      ['url', `"https://hooks.example.com/${count}"`],
      ['events', '["visit.ended"]'],
    ],
  });
  return { answer: await sendRaw(world.posthorn.apiUrl, request), sent: request.body?.toString() ?? '' };
}

async function stored(): Promise<number> {
  const { Count } = await world.posthorn.dynamoDb.send(
    new QueryCommand({
      TableName: world.posthorn.output('SubscriptionsTableName'),
      KeyConditionExpression: 'organization = :organization',
      ExpressionAttributeValues: { ':organization': organization },
      ConsistentRead: true,
      Select: 'COUNT',
    }),
  );
  return Count ?? 0;
}

/** An answer may quote at most 100 characters: a longer quotation would hold one of these pieces whole. */
function expectNoEcho(answer: string, input: string): void {
  for (let at = 0; at + 51 <= answer.length; at += 50) expect(input).not.toContain(answer.slice(at, at + 51));
}

/** What must hold once a case was accepted. */
function expectAccepted(one: InputCase, body: Record<string, unknown>, sent: string): void {
  switch (one.if_accepted) {
    case 'same_value':
      expect(body.description).toBe((JSON.parse(sent) as { description: string }).description);
      break;
    case 'no_effect':
      expect(body).toMatchObject({ organization, active: true, format: 'standard' });
      break;
    case 'belongs_to_caller':
      expect(body.organization).toBe(organization);
      break;
    case 'no_duplicates':
      expect(body.events).toEqual(['visit.ended']);
      break;
  }
  expect(body).not.toHaveProperty('secret');
}

describe('the management API over HTTP', () => {
  it.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const before = await stored();

    const { answer, sent } = await send(one);

    if (answer.kind === 'closed') {
      expect(one.no_answer_ok).toBe(true);
      expect(await stored()).toBe(before);
      return;
    }
    expect(one.expect_status).toContain(answer.status);
    if (answer.status < 300) {
      expectAccepted(one, JSON.parse(answer.body) as Record<string, unknown>, sent);
      return;
    }
    expect(await stored()).toBe(before);
    expectNoEcho(answer.body, sent);
    expect(answer.body).not.toMatch(/\bat \S+ \(|node:internal|\.ts:\d+/);
    if (answer.headers['content-type'] !== 'application/problem+json') {
      // What the gateway answers by itself; the function never saw the request.
      expect([400, 404, 413, 431]).toContain(answer.status);
      expect(answer.headers).not.toHaveProperty('cache-control');
      return;
    }
    expect(JSON.parse(answer.body)).toMatchObject({
      status: answer.status,
      type: expect.stringMatching(/^urn:posthorn:problem:/) as string,
    });
  });

  it('answers the same cursor twice with the same page', async () => {
    const { answer: first } = await send(cases.find(({ id }) => id === 'CU020')!);
    const { answer: second } = await send(cases.find(({ id }) => id === 'CU020')!);
    expect(first).toMatchObject({ status: 200 });
    expect((second as { body: string }).body).toBe((first as { body: string }).body);
  });

  it('still serves after all of them', async () => {
    const { status } = await world.posthorn.call('GET', `/v1/subscriptions/${context.words.ID!}`);
    expect(status).toBe(200);
  });
});
