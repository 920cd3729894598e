import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { keptMessages } from '../../support/queue-messages.ts';
import { CREDENTIALS, credentialsIn, found, mark, secrets } from './marks.ts';
import { attributesOf, DEAD_LETTERS, everyRow } from './places.ts';
import { errorTexts, folder, lines, locations, posthorn, receiver, staff, views } from './world.ts';

/** Organizations of which everything is shown once more, by the ends of their names. */
const SHOWN = [
  'ok',
  'exhausted',
  'gone',
  'redirected',
  'refused',
  'oauth2',
  'bearer',
  'header',
  'pull',
  'bad',
  'rows',
  'killed',
];

/** After all that: where no mark may be. The last test ends the platform. */
export function areFoundNowhere(): void {
  it('lie in no table but their own: credentials, keys, tokens, cookies and signing secrets', async () => {
    // The views that the other tests leave are records, too.
    const { body } = await posthorn.call<{ data: { id: string }[] }>('GET', '/v1/events?organization=canary_ok');
    await posthorn.call('GET', `/v1/events/${body.data[0]!.id}`);
    const { TableNames = [] } = await posthorn.dynamoDb.send(new ListTablesCommand({}));
    const own = posthorn.output('SigningSecretsTableName');
    const edited = posthorn.output('SubscriptionsTableName');
    const [ofRows, typed] = [CREDENTIALS.filter((one) => !one.includes('typed')), 'canary_rows'];

    expect(TableNames).toHaveLength(11);
    expect((await everyRow(own)).flatMap((row) => credentialsIn(JSON.stringify(row)))).toEqual(
      expect.arrayContaining([mark('password'), mark('bearer'), mark('header-value'), mark('client-secret')]),
    );
    for (const table of TableNames.filter((name) => name !== own)) {
      const rows = await everyRow(table);
      // What somebody typed into a row by hand lies there until they take it out.
      const marks = (row: Record<string, unknown>) =>
        table === edited && row.organization === typed ? ofRows : CREDENTIALS;
      if (!/Held|Replays/.test(table)) expect(rows, table).not.toEqual([]);
      expect(
        rows.filter((row) => credentialsIn(JSON.stringify(row), marks(row)).length > 0),
        table,
      ).toEqual([]);
    }
    // The trail says what a row was and became: neither what is in headers, queries and payloads, nor who is asked about.
    const trail = JSON.stringify(await everyRow(posthorn.output('AuditTrailTableName')));
    for (const what of ['header', 'query', 'data', 'member', 'resource', 'response', 'good', 'idempotency']) {
      expect(trail, what).not.toContain(`${mark(what)}`);
    }
  });

  it('stand in no error text, in no answer that only shows, and in no address', async () => {
    for (const name of SHOWN) {
      for (const list of ['subscriptions', 'events', 'attempts', 'deliveries']) {
        expect((await posthorn.call('GET', `/v1/${list}?organization=canary_${name}`)).status, list).toBe(200);
      }
    }
    const addresses = [...receiver.addresses(), ...staff.addresses, ...locations];
    // A code of OpenID Connect comes back in an address, as it must; it counts once.
    const codes = addresses.flatMap((one) => /[?&]code=([\w-]+)/.exec(one)?.[1] ?? []);

    expect(errorTexts.length).toBeGreaterThan(20);
    expect(views.length).toBeGreaterThan(4 * SHOWN.length);
    expect(addresses.some((one) => one.includes('sign_in=failed'))).toBe(true);
    expect(codes).not.toEqual([]);
    expect(errorTexts.filter((text) => credentialsIn(text).length > 0)).toEqual([]);
    expect(views.filter((text) => credentialsIn(text).length > 0)).toEqual([]);
    const inAddress = addresses.filter((one) => credentialsIn(one).some((held) => !codes.includes(held)));
    expect(inAddress).toEqual([]);
  });

  it('stand in no log line, metric, notice or attribute of a dead letter', async () => {
    const stages = ['ingest', 'api', 'fan-out', 'sender', 'subscription-guard', 'recovery-function'];
    const attributes = (await Promise.all(DEAD_LETTERS.map(attributesOf))).flat();
    const notices = posthorn.platform.notices.map((notice) => JSON.stringify(notice));

    // First, that there was something to look at, and that a mark would be seen.
    expect([...new Set(lines.map(({ source }) => source))]).toEqual(expect.arrayContaining(stages));
    expect(lines.some(({ line }) => line.includes('CloudWatchMetrics'))).toBe(true);
    expect(lines.some(({ line }) => line.includes('unexpected error'))).toBe(true);
    expect(attributes.some((one) => one.includes('reason'))).toBe(true);
    expect(secrets.length).toBeGreaterThan(30);
    for (const text of [
      mark('data'),
      Buffer.from(`{"a":"${mark('data')}"}`).toString('base64'),
      secrets[0]!,
      secrets[4]!,
    ]) {
      expect(found(`{"level":"INFO","text":"${text}"}`)).not.toEqual([]);
    }

    expect(lines.filter(({ line }) => found(line).length > 0)).toEqual([]);
    expect(notices.filter((notice) => found(notice).length > 0)).toEqual([]);
    expect(attributes.filter((one) => found(one).length > 0)).toEqual([]);
  });

  it('lie in no message of any queue, waiting, delayed, in flight or dead', async () => {
    await posthorn.platform.close();

    const all = keptMessages(folder);

    expect([...new Set(all.map(({ queue }) => queue))].filter((queue) => /dead/i.test(queue))).not.toEqual([]);
    expect(all.filter(({ body, attributes }) => credentialsIn(body + attributes).length > 0)).toEqual([]);
  });
}
