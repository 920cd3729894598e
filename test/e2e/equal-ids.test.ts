import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, type Posthorn } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// "Duplicate item" in the DynamoDB console, with another organization and the same id.

let posthorn: Posthorn;
let receiver: Receiver;

beforeAll(async () => {
  posthorn = connect(inject('outputs'));
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const [OWNER, COPIER, THIRD] = ['owner', 'copier', 'third'].map((name) => `${name}_${process.pid}`) as [
  string,
  string,
  string,
];
const ROUNDS = 10;

describe('a row typed with the id of another organization’s subscription', () => {
  it('gets nothing, and neither the owner nor anybody else notices anything of it', async () => {
    const url = (organization: string): string => receiver.url(`/${organization}`);
    const [owner, third] = [
      await posthorn.subscribe({ organization: OWNER, url: url(OWNER) }),
      await posthorn.subscribe({ organization: THIRD, url: url(THIRD) }),
    ];
    const ownerKey = await posthorn.apiKey({ scopes: ['organization'], organization: OWNER });
    const Item = { organization: COPIER, id: owner.id, url: url(COPIER) };
    await posthorn.dynamoDb.send(new PutCommand({ TableName: posthorn.output('SubscriptionsTableName'), Item }));

    // From before the guard has looked at the row until long after.
    const wanted: Record<string, string[]> = { [OWNER]: [], [THIRD]: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const organization of [COPIER, OWNER, THIRD]) {
        const { body } = await posthorn.publish({ organization, type: 'visit.updated', data: { id: String(round) } });
        wanted[organization]?.push(body.id);
      }
    }

    const logOf = async (id: string) =>
      (await posthorn.attempts(id)).map(({ event_id, outcome, attempt }) => `${event_id} ${outcome} ${attempt}`).sort();
    for (const [organization, { id }] of [
      [OWNER, owner],
      [THIRD, third],
    ] as const) {
      await waitFor('all deliveries', () => receiver.requests(`/${organization}`).length >= ROUNDS);
      const delivered = wanted[organization]!.map((event) => `${event} delivered 1`).sort();
      await waitFor('the log', async () => (await logOf(id)).length >= ROUNDS);
      expect(await logOf(id)).toEqual(delivered);
    }
    expect(receiver.requests(`/${COPIER}`)).toEqual([]);
    const log = `/v1/attempts?subscription=${owner.id}`;
    const { body } = await posthorn.call<{ data: unknown[] }>('GET', log, undefined, ownerKey);
    expect(body.data).toHaveLength(ROUNDS);
  });
});
