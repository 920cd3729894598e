import type { Locator, Page } from 'playwright-core';

/** What a person does, one by one: a key, a text with its Enter, or a click. */
export interface Person {
  press(key: string): Promise<void>;
  enter(text: string): Promise<void>;
  click(what: Locator): Promise<void>;
  /** How much it was. */
  interactions(): number;
}

/** Somebody at a page, whose interactions are counted. */
export function personAt(page: Page): Person {
  let count = 0;
  return {
    async press(key) {
      count++;
      await page.keyboard.press(key);
    },
    async enter(text) {
      count++;
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
    async click(what) {
      count++;
      await what.click();
    },
    interactions: () => count,
  };
}

/** What somebody knows of a visit that did not arrive. */
export interface Known {
  /** As it is typed into the box. */
  text: string;
  /** The table in which the delivery is looked for. */
  table: 'Deliveries of this resource' | 'What failed there lately';
}

/** What support wants to hear in the end. */
export interface Wanted {
  organization: string;
  visit: string;
  /** In the answer of the customer's endpoint. */
  answer: string;
}

/**
 * From any page of the console to the call that failed, with what the customer's endpoint answered.
 * @returns what it took; the seconds are the machine's alone, without a person's reading.
 */
export async function tellStory(
  page: Page,
  { text, table }: Known,
  { organization, visit, answer }: Wanted,
): Promise<{ interactions: number; seconds: number }> {
  const person = personAt(page);
  const begin = performance.now();
  await person.press('/');
  await person.enter(text);
  const row = page.getByRole('table', { name: table }).getByRole('row');
  const failed = row.filter({ hasText: organization }).filter({ hasText: visit }).filter({ hasText: 'exhausted' });
  await person.click(failed.getByRole('link', { name: 'visit.ended' }));
  await page.getByText(answer).waitFor();
  // All four tries, with the visit's number among the call's own facts.
  await page.getByLabel('All tries of this delivery').getByRole('row').nth(4).waitFor();
  return { interactions: person.interactions(), seconds: (performance.now() - begin) / 1000 };
}
