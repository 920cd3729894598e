import { Stack } from 'aws-cdk-lib';
import type { CfnStage} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface PosthornApiProps {
  /** Answers what producers post. */
  ingest: LambdaFunction;
  /** Answers everything else: management, console. */
  api: LambdaFunction;
  /** Requests a second, on average. */
  throttleRate: number;
  /** Requests at once. */
  throttleBurst: number;
  logRetentionDays: number;
}

// No path parameters beyond the path itself, no query, no body: those may hold what belongs into no log.
const ACCESS_LOG_FORMAT = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
  sourceIp: '$context.identity.sourceIp',
};

/** The one HTTP API: producers' routes to ingest, all others to the api function. Throttled, with an access log. */
export class PosthornApi extends Construct {
  /** `https://….amazonaws.com`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: PosthornApiProps) {
    super(scope, id);
    const httpApi = new HttpApi(this, 'HttpApi', { description: 'Posthorn' });
    this.url = httpApi.apiEndpoint;

    const ingest = new HttpLambdaIntegration('Ingest', props.ingest);
    httpApi.addRoutes({ path: '/v1/events', methods: [HttpMethod.POST], integration: ingest });
    httpApi.addRoutes({ path: '/v1/events/batch', methods: [HttpMethod.POST], integration: ingest });

    const api = new HttpLambdaIntegration('Api', props.api);
    httpApi.addRoutes({ path: '/v1/{proxy+}', methods: [HttpMethod.ANY], integration: api });
    httpApi.addRoutes({ path: '/webhook-events', methods: [HttpMethod.POST], integration: api });
    httpApi.addRoutes({ path: '/openapi.json', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/console/{proxy+}', methods: [HttpMethod.GET], integration: api });

    this.logAndThrottle(httpApi.defaultStage?.node.defaultChild as CfnStage, props);
  }

  private logAndThrottle(stage: CfnStage, props: PosthornApiProps): void {
    const accessLogs = new LogGroup(this, 'AccessLogs', { retention: props.logRetentionDays as RetentionDays });
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
