import { startFixture } from '../fixture.ts';
import { waitFor } from '../../../support/wait-for.ts';

// Runs the fixture app as a process of its own, for a test that kills it. Prints the process ids of its functions.
const fixture = await startFixture({ app: process.argv[2] ?? '', folder: process.argv[3] ?? '' });
await fixture.post({ id: 'one' });
await waitFor('all functions to run', () => fixture.item('watcher', 'seen one'));
console.log(JSON.stringify(Object.values(fixture.platform.environments()).flat()));
