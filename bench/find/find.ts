import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from '../../console/test/browser.ts';
import { signIn } from '../../console/test/console.ts';
import { launchBrowser, newPage } from '../../console/test/pages.ts';
import { tellStory, type Known } from '../../console/test/story.ts';
import { startPosthorn } from '../../test/support/posthorn.ts';
import { startHelper } from '../support/processes.ts';
import { printTable } from '../support/report.ts';
import { ANSWER, CALLER, type Size } from './data.ts';
import { seed, type TableNames } from './seed.ts';

const WHOLE: Size = { events: 1_000_000, subscriptions: 5_000 };

/** What the caller may say, and where it is found. */
const KNOWN: (Known & { what: string })[] = [
  { what: 'only the number', text: CALLER.visit, table: 'Deliveries of this resource' },
  { what: 'only the name as spoken', text: 'south clinic', table: 'What failed there lately' },
  { what: 'only part of the URL', text: 'southclinic', table: 'What failed there lately' },
];
/** Each story is told so often, in a new tab each time; the first one also starts the api function. */
const TIMES = 3;
/** Longer than the bar of 15 s: what is beyond it is to be printed. */
const PATIENCE_MS = 120_000;

/**
 * The story of a visit that did not arrive, in the console, among as many events and subscriptions as asked for.
 * @param words events and subscriptions; both left out: the whole size.
 */
export async function run(words: readonly string[]): Promise<void> {
  const [events = WHOLE.events, subscriptions = WHOLE.subscriptions] = words.map(Number);
  if (!(events >= 100 && subscriptions >= 4)) {
    throw new Error(`Expected at least 100 events and 4 subscriptions, got ${words.join(' ')}.`);
  }
  if (findBrowser() === undefined) throw new Error('Expected a Chromium, got none. Name it in POSTHORN_BROWSER.');
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-find-'));
  try {
    await fill(folder, { events, subscriptions });
    await tell(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets a platform make its tables, and fills them once it has ended. */
async function fill(folder: string, size: Size): Promise<void> {
  const posthorn = await startPosthorn({ folder, feeds: false });
  const table = (name: keyof TableNames): string => posthorn.output(`${name}TableName`);
  const tables = {
    Subscriptions: table('Subscriptions'),
    SigningSecrets: table('SigningSecrets'),
    Events: table('Events'),
    Attempts: table('Attempts'),
  };
  await posthorn.close();
  const begin = performance.now();
  const written = seed(folder, tables, size);
  const gigabytes = statSync(join(folder, 'dynamodb', 'dynamodb.sqlite')).size / 1e9;
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  const numbers = Object.entries(written).map(([name, count]) => `${count} ${name}`);
  console.log(`${numbers.join(', ')}: ${gigabytes.toFixed(1)} GB, written in ${seconds} s\n`);
}

async function tell(folder: string): Promise<void> {
  const platform = await startHelper('../find/platform.ts', [folder]);
  const browser = await launchBrowser();
  try {
    const rows: string[][] = [];
    for (const { what, ...known } of KNOWN) {
      const told = [];
      for (let n = 0; n < TIMES; n++) {
        const page = await newPage(browser);
        page.setDefaultTimeout(PATIENCE_MS);
        await page.goto(`${platform.ready.apiUrl}/console/overview`);
        await signIn(page, platform.ready.key!);
        told.push(await tellStory(page, known, { ...CALLER, answer: ANSWER }));
        await page.context().close();
      }
      const interactions = Math.max(...told.map((one) => one.interactions));
      rows.push([what, String(interactions), ...told.map(({ seconds }) => seconds.toFixed(1))]);
    }
    const times = Array.from({ length: TIMES }, (_, n) => `seconds, ${n + 1}`);
    printTable([`visit ${CALLER.visit}, knowing`, 'interactions', ...times], rows);
  } finally {
    await browser.close();
    await platform.close();
  }
}
