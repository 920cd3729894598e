import { openOutbox } from './outbox.ts';
import { relay } from './relay.ts';

// node main.ts <database> <organization>, with POSTHORN_URL and POSTHORN_API_KEY set. With CRASH_AFTER=n the process
// kills itself after n posts, before it could mark the last one: what a power cut does.

const [file = 'outbox.db', organization = 'org_demo'] = process.argv.slice(2);
const { POSTHORN_URL: url = '', POSTHORN_API_KEY: apiKey = '', CRASH_AFTER: crashAfter = '0' } = process.env;
let posts = 0;

const outbox = openOutbox(file, organization);
await relay(outbox, {
  url,
  apiKey,
  onPosted: () => {
    posts += 1;
    if (posts === Number(crashAfter)) process.kill(process.pid, 'SIGKILL');
  },
});
outbox.close();
