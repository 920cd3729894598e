import { startFixture } from '../fixture.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';

// Runs the fixture app as a process of its own, for a test that kills it. Prints the process ids of its functions.
const fixture = await startFixture({ app: process.argv[2] ?? '', folder: process.argv[3] ?? '' });
await fixture.post({ id: 'one' });
await waitFor('all functions to run', () => fixture.item('watcher', 'seen one'));
// One is in the middle of its work: it waits for nothing from the platform, and must end all the same.
await fixture.post({ id: 'two', first: 'hang' });
await waitFor('the work', () => fixture.platform.logs.some((l) => l.line.includes('"id":"two"')));
console.log(JSON.stringify(Object.values(fixture.platform.environments()).flat()));
