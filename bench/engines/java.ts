import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';
import { started, type Engine } from './started.ts';
import { dynamoDbLocal, elasticMq } from './tools.ts';

/** Amazon's DynamoDB Local. @param isShared one database for all credentials; else each access key has its own. @throws LeftOut */
export async function startDynamoDbLocal({ isShared = false } = {}): Promise<Engine> {
  const jars = await dynamoDbLocal();
  const port = await freePort();
  const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
  const options = ['-inMemory', '-disableTelemetry', '-port', String(port), ...(isShared ? ['-sharedDb'] : [])];
  return startJava('DynamoDB Local', jars, port, [`-Djava.library.path=${jars}`], [main, ...options]);
}

/** ElasticMQ, with the limits of SQS. @param folder for its settings. @throws LeftOut */
export async function startElasticMq(folder: string, account: { region: string; account: string }): Promise<Engine> {
  const jars = await elasticMq();
  const port = await freePort();
  const settings = join(folder, 'elasticmq.conf');
  writeFileSync(
    settings,
    `include classpath("application.conf")
node-address { protocol = http, host = "127.0.0.1", port = ${port}, context-path = "" }
rest-sqs { enabled = true, bind-port = ${port}, bind-hostname = "127.0.0.1", sqs-limits = strict }
rest-stats { enabled = false }
aws { region = "${account.region}", accountId = "${account.account}" }
`,
  );
  return startJava('ElasticMQ', jars, port, [`-Dconfig.file=${settings}`], ['org.elasticmq.server.Main']);
}

async function startJava(
  name: string,
  jars: string,
  port: number,
  flags: readonly string[],
  main: readonly string[],
): Promise<Engine> {
  // DynamoDB Local leaves a file of its own in its working folder.
  const child = spawn('java', [...flags, '-cp', `${join(jars, '*')}${delimiter}`, ...main], {
    stdio: 'ignore',
    cwd: jars,
  });
  return started(name, child, { endpoint: `http://127.0.0.1:${port}` });
}
