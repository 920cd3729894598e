import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connect, type Posthorn } from '../support/posthorn.ts';
import { startReceiver, verify, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// A person at work in the table itself; everything else is the running app.

/** A person who has saved a row looks whether it took. */
const SOON_MS = 5_000;

let posthorn: Posthorn;
let receiver: Receiver;
let count = 0;

beforeAll(async () => {
  posthorn = connect(inject('outputs'));
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

type Row = { organization: string; id: string } & Record<string, unknown>;

function aRow(): Row & { path: string } {
  count += 1;
  const organization = `hand_${process.pid}_${count}`;
  return { organization, id: `sub_hand_${process.pid}_${count}`, path: `/${organization}` };
}

const table = (): { TableName: string } => ({ TableName: posthorn.output('SubscriptionsTableName') });
const keyOf = ({ organization, id }: Row) => ({ ...table(), Key: { organization, id } });
const type = ({ path: _path, ...Item }: Row) => posthorn.dynamoDb.send(new PutCommand({ ...table(), Item }));
const set = (row: Row, attribute: string, value: unknown) =>
  posthorn.dynamoDb.send(
    new UpdateCommand({
      ...keyOf(row),
      UpdateExpression: 'SET #name = :value',
      ExpressionAttributeNames: { '#name': attribute },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
const read = async (row: Row): Promise<Record<string, unknown>> =>
  (await posthorn.dynamoDb.send(new GetCommand({ ...keyOf(row), ConsistentRead: true }))).Item ?? {};
const problem = (row: Row): Promise<string> =>
  waitFor('the row to say what is wrong', async () => (await read(row)).problem as string | undefined, SOON_MS);
const secretOf = ({ id }: Row): Promise<string> =>
  waitFor(
    'the secret',
    async () => {
      const { status, body } = await posthorn.call<{ secret: string }>('GET', `/v1/subscriptions/${id}/secret`);
      return status === 200 && body.secret;
    },
    SOON_MS,
  );
const publish = ({ organization }: Row) =>
  posthorn.publish({ organization, type: 'visit.updated', data: { id: '28540' } });

describe('a row typed into the table by hand', () => {
  it('with a mistake says so within 5 s, and once mended is delivered to, signed with the secret made for it', async () => {
    const row = aRow();
    await type({ ...row, url: 'htps://hooks.example.com/' });

    expect(await problem(row)).toMatch(/url: /);

    await set(row, 'url', receiver.url(row.path));
    await waitFor('the problem to be gone', async () => (await read(row)).problem === undefined, SOON_MS);
    const secret = await secretOf(row);
    const { body } = await publish(row);

    const request = await waitFor('the delivery', () => receiver.requests(row.path)[0]);
    expect(verify(request, secret)).toMatchObject({ id: body.id, type: 'visit.updated' });
    expect(Object.keys(await read(row)).sort()).toEqual([
      'changed_by',
      'created_at',
      'id',
      'organization',
      'updated_at',
      'url',
    ]);
  });

  it('never disturbs the other subscriptions of its organization, whatever is in it', async () => {
    const good = aRow();
    await type({ ...good, url: receiver.url(good.path) });
    const bad = { ...good, id: `${good.id}_bad` };
    await type({ ...bad, url: 7, events: null, active: [], timeout_seconds: { a: 1 } });
    await problem(bad);
    const secret = await secretOf(good);

    await publish(good);

    verify(await waitFor('the delivery', () => receiver.requests(good.path)[0]), secret);
    expect(await read(good)).not.toHaveProperty('problem');
  });

  it('and deleted there leaves nothing to sign with; put back it is signed with the same secret again', async () => {
    const row = aRow();
    const Item = { ...row, url: receiver.url(row.path) };
    await type(Item);
    const secret = await secretOf(row);

    await posthorn.dynamoDb.send(new DeleteCommand(keyOf(row)));

    const stored = async () => {
      const Key = { subscription: row.id };
      const TableName = posthorn.output('SigningSecretsTableName');
      return (await posthorn.dynamoDb.send(new GetCommand({ TableName, Key }))).Item;
    };
    await waitFor('the secret to be gone', async () => (await stored())?.secrets === undefined, SOON_MS);
    await type(Item);
    await waitFor('the secret to be back', async () => (await stored())?.secrets !== undefined, SOON_MS);
    expect(await secretOf(row)).toBe(secret);
  });
});

describe('a subscription that a 410 switched off', () => {
  it('says so until a person activates it in the table, and is then delivered to', async () => {
    const row = aRow();
    receiver.answer(row.path, (n) => (n === 1 ? 410 : 200));
    await type({ ...row, url: receiver.url(row.path) });
    await secretOf(row);
    await publish(row);
    expect(await problem(row)).toMatch(/410/);

    await set(row, 'active', true);

    await waitFor('the problem to be gone', async () => (await read(row)).problem === undefined, SOON_MS);
    await publish(row);
    await waitFor('the delivery', () => receiver.requests(row.path)[1]);
  });
});

describe('the audit trail', () => {
  it('tells edits by hand from those through the API, and has each of them once', async () => {
    const organization = `hand_${process.pid}_audit`;
    const { id } = await posthorn.subscribe({ organization, url: receiver.url('/audit') });
    await posthorn.call('PATCH', `/v1/subscriptions/${id}`, { description: 'by the API' });
    await set({ organization, id }, 'description', 'by hand');
    await waitFor('the edit by hand', async () => (await read({ organization, id })).changed_by === 'table', SOON_MS);
    await posthorn.call('DELETE', `/v1/subscriptions/${id}`);
    // The guard goes through changes in order: once a later one is settled, the deletion has been looked at, too.
    const last = { organization, id: `${id}_last` };
    await type({ ...last, url: receiver.url('/audit') });
    await secretOf(last);

    const { body } = await posthorn.call<{ data: { actor: string; action: string; object_id: string }[] }>(
      'GET',
      `/v1/audit?organization=${organization}`,
    );

    const records = body.data.filter((record) => record.object_id === id);
    // The stream tells whole seconds, so within one the order of the two kinds is not that of the edits.
    expect(records.map(({ actor, action }) => `${actor.slice(0, 4)} ${action}`).sort()).toEqual([
      'key_ secret.viewed',
      'key_ subscription.changed',
      'key_ subscription.created',
      'key_ subscription.deleted',
      'tabl subscription.changed',
    ]);
  });
});
