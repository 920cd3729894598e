import { expect, it } from 'vitest';
import { assertListen, proveListen } from './listen.ts';
import { newSeed } from '../../test/support/seed.ts';

// `npm run proof -- listen` does the same for 10,000 events and 20 kills.

it('listen loses nothing and keeps the order when it or the api function is killed', async () => {
  const report = await proveListen(newSeed(), 400, 4);

  assertListen(report);
  expect(report.kills).toEqual({ listener: 2, api: 2 });
}, 240_000);
