import { afterEach, describe, expect, it } from 'vitest';
import { startSqs, type SqsServer } from '../../local/sqs/server.ts';
import { differences } from './queues.ts';

// What `npm run proof -- engines` asks ElasticMQ, too.

let server: SqsServer | undefined;
afterEach(() => server?.close());

describe('the local SQS', () => {
  it('does what AWS documents, as far as any engine can be asked', async () => {
    server = await startSqs({ file: ':memory:', port: 0, region: 'us-east-1', accountId: '000000000000' });

    const found = await differences(server.endpoint);

    expect([...found]).toEqual([]);
  });

  it('is told from one that does otherwise', async () => {
    server = await startSqs({
      file: ':memory:',
      port: 0,
      region: 'us-east-1',
      accountId: '000000000000',
      authorize: ({ action }) =>
        action === 'sqs:PurgeQueue' ? { allowed: false, message: 'not today' } : { allowed: true },
    });

    const found = await differences(server.endpoint);

    expect([...found.keys()]).toEqual(['a purge right after a purge']);
  });
});
