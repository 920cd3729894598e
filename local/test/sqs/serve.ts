// Started by durability.test.ts as a process of its own, so that it can be killed: serves the file given, on the machine's clock.
import { startSqs } from '../../sqs/server.ts';
import { ACCOUNT, REGION } from './account.ts';

const server = await startSqs({ file: process.argv[2]!, port: 0, region: REGION, accountId: ACCOUNT });
console.log(server.endpoint);
