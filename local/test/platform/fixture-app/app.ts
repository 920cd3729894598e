import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Architecture, FilterCriteria, FilterRule, Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { join } from 'node:path';

// A small app with every kind of resource that the local platform runs: HTTP -> front -> queue -> worker -> table -> watcher.

const app = new App();
const data = new Stack(app, 'FixtureData');
const stack = new Stack(app, 'Fixture');

const table = new Table(data, 'Things', {
  partitionKey: { name: 'owner', type: AttributeType.STRING },
  sortKey: { name: 'id', type: AttributeType.STRING },
  stream: StreamViewType.NEW_AND_OLD_IMAGES,
  timeToLiveAttribute: 'expires_at',
  removalPolicy: RemovalPolicy.RETAIN,
});
table.addGlobalSecondaryIndex({ indexName: 'by-kind', partitionKey: { name: 'kind', type: AttributeType.STRING } });

const deadLetters = new Queue(stack, 'DeadLetters', { enforceSSL: true });
const work = new Queue(stack, 'Work', {
  enforceSSL: true,
  visibilityTimeout: Duration.seconds(30),
  deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 },
});
const topic = new Topic(stack, 'Notices');

const make = (name: string, environment: Record<string, string> = {}): NodejsFunction =>
  new NodejsFunction(stack, name, {
    entry: join(import.meta.dirname, `${name.toLowerCase()}.ts`),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    timeout: Duration.seconds(2),
    memorySize: 256,
    environment,
    bundling: {
      format: OutputFormat.ESM,
      mainFields: ['module', 'main'],
      bundleAwsSDK: true,
      externalModules: [],
      sourceMap: true,
      sourcesContent: false,
    },
  });

const front = make('Front', { QUEUE_URL: work.queueUrl, TOPIC_ARN: topic.topicArn, TABLE_NAME: table.tableName });
work.grantSendMessages(front);
topic.grantPublish(front);

const worker = make('Worker', { TABLE_NAME: table.tableName });
table.grantWriteData(worker);
worker.addEventSource(
  new SqsEventSource(work, {
    batchSize: 20,
    maxBatchingWindow: Duration.seconds(1),
    reportBatchItemFailures: true,
    maxConcurrency: 2,
  }),
);

const watcher = make('Watcher', { TABLE_NAME: table.tableName });
table.grantReadWriteData(watcher);
watcher.addEventSource(
  new DynamoEventSource(table, {
    startingPosition: StartingPosition.TRIM_HORIZON,
    bisectBatchOnError: true,
    retryAttempts: 1,
    reportBatchItemFailures: true,
    filters: [
      FilterCriteria.filter({ dynamodb: { NewImage: { kind: { S: FilterRule.isEqual('work') as unknown } } } }),
    ],
  }),
);

new Rule(stack, 'EveryMinute', { schedule: Schedule.rate(Duration.minutes(1)) }).addTarget(new LambdaFunction(watcher));
// EventBridge refuses less than a minute; a local run takes it.
new Rule(stack, 'EveryTwoSeconds', { schedule: Schedule.expression('rate(2 seconds)') }).addTarget(
  new LambdaFunction(watcher, { event: RuleTargetInput.fromObject({ tick: true }) }),
);

const api = new HttpApi(stack, 'Api');
const integration = new HttpLambdaIntegration('FrontIntegration', front);
api.addRoutes({ path: '/things', methods: [HttpMethod.POST], integration });
api.addRoutes({ path: '/things/{id}', methods: [HttpMethod.GET], integration });
api.addRoutes({ path: '/{proxy+}', methods: [HttpMethod.ANY], integration });

new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });
new CfnOutput(stack, 'WorkQueueUrl', { value: work.queueUrl });
new CfnOutput(stack, 'DeadLettersUrl', { value: deadLetters.queueUrl });
new CfnOutput(data, 'ThingsTableName', { value: table.tableName });

app.synth();
