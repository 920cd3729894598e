import { describe, expect, it } from 'vitest';
import { CHECKS, falseClaims, type Kind } from './claims.ts';
import { consoleSource, documents, readDocument, repository } from './world.ts';

// Every document names only what there is: files, headings, scripts, settings, routes, pages, alarms, metrics.

/** Tell of their day: what they name may be gone since, only their links must work. */
const HISTORY = /^(docs\/adr\/\d|CHANGELOG)/;
const OF_HISTORY: Kind[] = ['links', 'npmScripts', 'routes', 'consolePages'];

const world = repository();
const files = documents();

describe('the documents', () => {
  it('are found', () => {
    expect(files).toEqual(expect.arrayContaining(['README.md', 'docs/runbook.md', 'receiver/README.md']));
  });

  it.each(files)('%s says nothing that is not so', (file) => {
    const kinds = HISTORY.test(file) ? OF_HISTORY : (Object.keys(CHECKS) as Kind[]);

    expect(falseClaims(file, readDocument(file), world, kinds)).toEqual([]);
  });
});

describe('docs/support.md', () => {
  it('names only buttons that the console has', () => {
    const console = consoleSource();
    const named = [...readDocument('docs/support.md').matchAll(/(?<!\w)_([A-Z][A-Za-z ]*)_(?!\w)/g)].map(
      ([, name]) => name!,
    );

    expect(named).toEqual(expect.arrayContaining(['Redeliver', 'Replay', 'Ping']));
    expect(named.filter((name) => !new RegExp(`[>'"\\s]${name}[<'"\\s]`).test(console))).toEqual([]);
  });
});
