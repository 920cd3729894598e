import { endWhenAsked } from '../../../ending.ts';
import { startFixture, type Fixture } from '../fixture.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';

// Runs the fixture app as a process of its own, which ends as that of `npm start` does, for tests that end or kill it.
// Prints the process ids of itself, of what started it, and of its functions.
const [app = '', folder = ''] = process.argv.slice(2);
const asked = new AbortController();
let started: Promise<Fixture> | undefined;
endWhenAsked(async () => {
  asked.abort();
  await (await started?.catch(() => undefined))?.platform.close();
});

try {
  started = startFixture({ app, folder, signal: asked.signal });
  const fixture = await started;
  await Promise.all(
    ['front', 'watcher'].map((name) => fixture.platform.invoke(name, { rawPath: '/warm', Records: [] })),
  );
  // One is in the middle of its work: it waits for nothing from the platform, and must end all the same.
  const record = { body: '{"id":"two","first":"hang"}', attributes: { ApproximateReceiveCount: '1' } };
  void fixture.platform.invoke('worker', { Records: [record] });
  await waitFor('the work', () => fixture.platform.logs.some((l) => l.line.includes('"id":"two"')));
  const functions = Object.values(fixture.platform.environments()).flat();
  console.log(JSON.stringify({ starter: process.ppid, platform: process.pid, functions }));
} catch (error) {
  if (!asked.signal.aborted) throw error;
}
