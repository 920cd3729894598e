import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.ts';

// Rows that people broke by hand and mend through the API. No guard runs here: what the API leaves is all there is.

const OWN = 'Nothing is sent until this row is mended: ';
let api: TestApi;
let made = 0;
beforeAll(async () => void (api = await startApi()));
afterAll(() => api.close());

/** A row typed by hand, with what the guard wrote on it. */
async function aRow(fields: Record<string, unknown>): Promise<{ organization: string; id: string }> {
  made += 1;
  const key = { organization: `org_${made}`, id: `sub_mended_${made}` };
  const Item = { ...key, url: 'https://hooks.example.com/', ...fields };
  await api.tables.dynamoDb.send(new PutCommand({ TableName: api.tables.table('Subscriptions'), Item }));
  await api.deps.secrets.create(key.id, key.organization, api.deps.newSecret());
  return key;
}

const stored = async ({ organization, id }: { organization: string; id: string }) =>
  api.deps.subscriptions.get(organization, id);

describe('a row that works', () => {
  it.each([
    [{ signature_header: 'Clinic-Signature' }, { headers: { 'clinic-signature': 'q' } }],
    [{ headers: { 'clinic-signature': 'q' } }, { signature_header: 'Clinic-Signature' }],
  ])('is not broken by a PATCH that fits no longer to what is there: %j, then %j', async (fields, body) => {
    const row = await aRow(fields);

    const answer = await api.call('PATCH', `/v1/subscriptions/${row.id}`, { body });

    expect(answer.status).toBe(422);
    expect(answer.body.detail).toContain('signature_header');
    expect(await stored(row)).toMatchObject(fields);
    expect(await stored(row)).not.toHaveProperty('problem');
  });
});

describe('a row that is broken', () => {
  it.each(['ping', 'replay'])('answers a %s with what is wrong, and sends nothing', async (what) => {
    const row = await aRow({ format: 'xml', problem: `${OWN}format: expected one that there is.` });

    const answer = await api.call('POST', `/v1/subscriptions/${row.id}/${what}`, { body: {} });

    expect(answer.status).toBe(409);
    expect(answer.body.detail).toBe(`${OWN}format: expected one that there is.`);
  });
});

describe('a PATCH that mends a row', () => {
  it('answers without the problem and takes it off the row', async () => {
    const row = await aRow({ format: 'xml', problem: `${OWN}format: expected one that there is.` });

    const { status, body } = await api.call('PATCH', `/v1/subscriptions/${row.id}`, { body: { format: 'thin' } });

    expect(status).toBe(200);
    expect(body).toMatchObject({ format: 'thin' });
    expect(body).not.toHaveProperty('problem');
    expect(await stored(row)).not.toHaveProperty('problem');
  });

  it('mends one of two faults: the row says what is left', async () => {
    const row = await aRow({ format: 'xml', timeout_seconds: 99, problem: `${OWN}format and timeout.` });

    const { body } = await api.call('PATCH', `/v1/subscriptions/${row.id}`, { body: { format: 'thin' } });

    expect(body.problem).toMatch(/^timeout_seconds: [^.]*\.$/);
    expect((await stored(row))!.problem).toBe(`${OWN}${String(body.problem)}`);
  });

  it('leaves what a 410 said to whoever activates the row again', async () => {
    const gone = 'The endpoint answered 410 Gone on 2026-01-31T09:15:00.123Z, so nothing more is sent.';
    const row = await aRow({ active: false, format: 'xml', problem: `${gone} ${OWN}format: expected another.` });

    const mended = await api.call('PATCH', `/v1/subscriptions/${row.id}`, { body: { format: 'thin' } });
    const activated = await api.call('PATCH', `/v1/subscriptions/${row.id}`, { body: { active: true } });

    expect(mended.body.problem).toBe(gone);
    expect(activated.body).not.toHaveProperty('problem');
  });
});
