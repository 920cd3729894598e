import { startPosthorn } from '../../test/support/posthorn.ts';

// A process of its own: the platform on a folder that was filled. The console is driven from another one, which so is
// as quick as a person's browser, whatever the local DynamoDB is busy with.

const [folder] = process.argv.slice(2);
const posthorn = await startPosthorn({ folder });
process.send!({
  apiUrl: posthorn.apiUrl,
  key: await posthorn.apiKey({ scopes: ['support', 'payloads:read'] }),
});
process.once('SIGTERM', () => void posthorn.close().then(() => process.exit()));
