import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroupClass } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageFunction } from './function.ts';
import type { Operations } from './operations.ts';
import { PERIOD } from './stage-metric.ts';

export interface PosthornApiProps {
  /** Answers what producers post. */
  ingest: StageFunction;
  /** Answers everything else: management, console. */
  api: StageFunction;
  /** Requests a second, on average. */
  throttleRate: number;
  /** Requests at once. */
  throttleBurst: number;
  /** Keeps its access log and hears its alarm. */
  operations: Operations;
}

// No path parameters beyond the path itself, no query, no body: those may hold what belongs into no log.
const ACCESS_LOG_FORMAT = {
  requestId: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  sourceIp: '$context.identity.sourceIp',
  integrationError: '$context.integrationErrorMessage',
};

/** The one HTTP API: producers' routes to ingest, all others to the api function. Throttled, with an access log. */
export class PosthornApi extends Construct {
  /** `https://….amazonaws.com`, without a slash at the end. */
  readonly url: string;
  private readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, props: PosthornApiProps) {
    super(scope, id);
    const httpApi = new HttpApi(this, 'HttpApi', { description: 'Posthorn' });
    this.httpApi = httpApi;
    this.url = httpApi.apiEndpoint;

    const ingest = new HttpLambdaIntegration('Ingest', props.ingest.live);
    httpApi.addRoutes({ path: '/v1/events', methods: [HttpMethod.POST], integration: ingest });
    httpApi.addRoutes({ path: '/v1/events/batch', methods: [HttpMethod.POST], integration: ingest });

    const api = new HttpLambdaIntegration('Api', props.api.live);
    httpApi.addRoutes({ path: '/v1/{proxy+}', methods: [HttpMethod.ANY], integration: api });
    httpApi.addRoutes({ path: '/webhook-events', methods: [HttpMethod.POST], integration: api });
    httpApi.addRoutes({ path: '/openapi.json', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/console/{proxy+}', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/docs', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/docs/{proxy+}', methods: [HttpMethod.GET], integration: api });

    this.logAndThrottle(httpApi.defaultStage?.node.defaultChild as CfnStage, props);
    props.operations.alarm(this, 'ServerErrorsAlarm', {
      name: 'api-5xx',
      description: 'Requests are answered with 5xx, which nothing that a client sends should cause.',
      metric: this.metric('5xx'),
      above: 0,
      ofThree: 2,
    });
    Validations.of(httpApi).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Every route except the public description and console files asks for a bearer API key, which the functions check against its hash, with scope and organization. An authorizer of the gateway would cache decisions, while a revoked key must stop working, and could not tell a foreign id from a missing one.',
    });
  }

  /** One of API Gateway's metrics of the whole API: `Count`, `4xx`, `5xx`, `Latency` (milliseconds). */
  metric(name: 'Count' | '4xx' | '5xx' | 'Latency', statistic = 'Sum'): IMetric {
    return this.httpApi.metric(name, { period: PERIOD, statistic });
  }

  private logAndThrottle(stage: CfnStage, props: PosthornApiProps): void {
    // Half the price; it cannot make metrics, which nobody makes of this log.
    const logGroupClass = LogGroupClass.INFREQUENT_ACCESS;
    const accessLogs = props.operations.logGroup(this, 'AccessLogs', { logGroupClass });
    accessLogs.grantWrite(new ServicePrincipal('apigateway.amazonaws.com'));
    stage.accessLogSettings = {
      destinationArn: accessLogs.logGroupArn,
      format: Stack.of(this).toJsonString(ACCESS_LOG_FORMAT),
    };
    stage.defaultRouteSettings = {
      throttlingRateLimit: props.throttleRate,
      throttlingBurstLimit: props.throttleBurst,
      detailedMetricsEnabled: true,
    };
  }
}
