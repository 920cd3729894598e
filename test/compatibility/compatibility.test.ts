import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { SETTING_NAMES } from '../../lib/setting-types.ts';
import { synthesize } from '../support/stacks.ts';
import { startTables, type Tables } from '../support/tables.ts';
import { readMessage } from './messages.ts';
import { readCursors, readRows } from './read-rows.ts';
import { storesOf } from './rows.ts';
import { faultsIn, shapeOf } from './shape.ts';
import { Account, exportsOf, importsOf, type PlainTemplate, type PlainTemplates } from './stack.ts';
import { makeVectors, plain, readVectors, releases, type Vectors } from './vectors.ts';

/**
 * What a release may write although an older one does not know it: the place, and why that does no harm. It stands here until
 * the older one's vectors go.
 */
const ACCEPTED: Record<string, string> = {};

const notAccepted = (faults: readonly string[]): string[] =>
  [...new Set(faults)].filter((fault) => !Object.keys(ACCEPTED).some((place) => fault.startsWith(`${place} `)));

let now: Vectors;
beforeAll(async () => {
  now = await makeVectors();
});

it('has vectors of this release, or of the one before it', () => {
  expect(releases().length).toBeGreaterThan(0);
  expect(releases().at(-1)!.localeCompare(packageJson.version, 'en', { numeric: true })).toBeLessThanOrEqual(0);
});

describe.each(releases())('what %s wrote', (release) => {
  const then = readVectors(release);
  let tables: Tables;
  beforeAll(async () => {
    tables = await startTables();
    for (const { table, item } of then.rows) {
      await tables.dynamoDb.send(new PutCommand({ TableName: tables.table(table), Item: item }));
    }
  });
  afterAll(() => tables.close());

  it.each(then.messages.map((message) => [`${message.queue}: ${message.kind}`, message] as const))(
    'is read from the queue %s',
    (_, message) => {
      expect(readMessage(message)).toMatchObject(message.read);
    },
  );

  it('is read from the tables', async () => {
    expect(plain(await readRows(storesOf(tables)))).toMatchObject(then.views);
  });

  it('is understood as a cursor', async () => {
    expect(plain(await readCursors(storesOf(tables), then.cursors))).toMatchObject(then.pages);
  });
});

describe.each(releases())('what this commit writes, for readers of %s', (release) => {
  const then = readVectors(release);

  it('has in every message what they need', () => {
    const kind = ({ queue, kind }: { queue: string; kind: string }): string => `${queue}: ${kind}`;
    const old = Map.groupBy(then.messages, kind);
    const seen = new Map<string, number>();
    const faults = now.messages.flatMap((message) => {
      const name = kind(message);
      const samples = old.get(name);
      if (samples === undefined) return [`${name} is not known to them`];
      const place = seen.get(name) ?? 0;
      seen.set(name, place + 1);
      const bodies = samples.map(({ body }) => JSON.parse(body) as unknown);
      // The same message as they wrote it, where they did; else what all of theirs have.
      const shape = shapeOf(place < bodies.length ? [bodies[place]] : bodies);
      return faultsIn(shape, JSON.parse(message.body), name);
    });

    expect(notAccepted(faults)).toEqual([]);
  });

  it('has in every row what they need, under the key by which they look for it', () => {
    const keyOf = ({ table, item }: Vectors['rows'][number]): string => {
      const [, keys] = Object.entries(then.stack.tables).find(([id]) => id.startsWith(`${table}Table`))!;
      return `${table}: ${keys[0]!
        .split(' / ')
        .map((name) => String(item[name]))
        .join(' / ')}`;
    };
    const written = new Map(now.rows.map((row) => [keyOf(row), row.item]));
    const faults = then.rows.flatMap((row) => {
      const item = written.get(keyOf(row));
      return item ? faultsIn(shapeOf([row.item]), plain(item), keyOf(row)) : [`${keyOf(row)} is not written any more`];
    });

    expect(notAccepted(faults)).toEqual([]);
  });

  it('uses no word that they do not know', () => {
    const faults = Object.entries(now.words).flatMap(([name, words]) =>
      words
        .filter((word) => !then.words[name as keyof Vectors['words']].includes(word))
        .map((word) => `${name}.${word} is not known to them`),
    );

    expect(notAccepted(faults)).toEqual([]);
  });
});

describe.each(releases())('a deployment of %s', (release) => {
  const { stack } = readVectors(release);

  it('finds what its functions import, while they still run and when one goes back to them', () => {
    expect(now.stack.exports).toEqual(expect.arrayContaining(stack.imports));
  });

  it('keeps what holds data or is called by its address, under its logical id', () => {
    expect(now.stack.kept).toMatchObject(stack.kept);
    for (const [id, keys] of Object.entries(stack.tables)) {
      expect(now.stack.tables[id], id).toEqual(expect.arrayContaining(keys));
    }
  });

  it('lets its functions do what they could, as roles have no versions', () => {
    const lost = Object.entries(stack.grants).flatMap(([id, grants]) =>
      grants.filter((grant) => !now.stack.grants[id]?.includes(grant)).map((grant) => `${id} ${grant} is gone`),
    );

    expect(notAccepted(lost)).toEqual([]);
  });

  it('has outputs and settings that commands and files name', () => {
    expect(now.stack.outputs).toEqual(expect.arrayContaining(stack.outputs));
    expect(SETTING_NAMES).toEqual(expect.arrayContaining(stack.settings));
  });
});

describe('a release that added a table', () => {
  const newer = templates();
  const older = withoutTable(newer, 'Statistics');

  it('is deployed over the one before it', () => {
    expect(() => new Account().deployAll(older).deployAll(newer)).not.toThrow();
  });

  it('cannot be rolled back with --all: the tables would go before the functions that use them', () => {
    const account = new Account().deployAll(older).deployAll(newer);

    expect(() => account.deployAll(older)).toThrow(
      /^Export PosthornData:\S*Statistics\S* cannot be deleted as it is in use/,
    );
  });

  it('is rolled back by the runbook’s command, which leaves the tables alone, and tidied up afterwards', () => {
    const account = new Account().deployAll(older).deployAll(newer);

    account.deploy('posthorn', older.posthorn);
    expect(() => account.deployAll(older)).not.toThrow();
  });

  it('is deployed again after it was rolled back', () => {
    const account = new Account().deployAll(older).deployAll(newer).deploy('posthorn', older.posthorn);

    expect(() => account.deployAll(newer)).not.toThrow();
  });
});

describe('a release that no longer uses a table', () => {
  it('is deployed as the runbook says: the functions first, then all', () => {
    const older = templates();
    const newer = withoutTable(older, 'Statistics');
    const account = new Account().deployAll(older);

    expect(() => account.deployAll(newer)).toThrow(/in use/);
    account.deploy('posthorn', newer.posthorn);
    expect(() => account.deployAll(newer)).not.toThrow();
  });
});

function templates(): PlainTemplates {
  const { data, posthorn } = synthesize();
  return { data: data.toJSON() as PlainTemplate, posthorn: posthorn.toJSON() as PlainTemplate };
}

/** The templates of a Posthorn that has not got this table. */
function withoutTable({ data, posthorn }: PlainTemplates, table: string): PlainTemplates {
  const gone = exportsOf(data).filter((name) => name.includes(`${table}Table`));
  const without = (text: string): string =>
    gone.reduce((rest, name) => rest.replaceAll(`{"Fn::ImportValue":"${name}"}`, '"gone"'), text);
  const older = {
    data: {
      ...data,
      Outputs: Object.fromEntries(
        Object.entries(data.Outputs ?? {}).filter(([, { Export }]) => !gone.includes(Export?.Name ?? '')),
      ),
    },
    posthorn: JSON.parse(without(JSON.stringify(posthorn))) as PlainTemplate,
  };
  if (gone.length === 0 || importsOf(older.posthorn).some((name) => gone.includes(name))) {
    throw new Error(`Expected imports of ${table} that can be taken away, got ${gone.join(', ')}.`);
  }
  return older;
}
