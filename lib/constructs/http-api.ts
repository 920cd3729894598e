import { Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { DomainName, HttpApi, HttpMethod, SecurityPolicy, type IDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroupClass, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Edge } from './edge.ts';
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
  /** Its domain name; with one the address of AWS's own is closed. Empty: none. */
  domainName: string;
  /** Of a certificate for it. Empty: API Gateway has the domain name already. */
  certificateArn: string;
  /** Where below the domain name it is, without slashes around it; empty: it has the name to itself. */
  basePath: string;
  /** Has the domain name, and is before the API. @default nothing is */
  edge?: Edge | undefined;
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
  /** What the DNS record of the domain points to. */
  readonly domainTarget: string | undefined;
  readonly accessLog: ILogGroup;
  private readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, props: PosthornApiProps) {
    super(scope, id);
    const domain = props.domainName === '' || props.edge ? undefined : this.domain(props);
    const httpApi = new HttpApi(this, 'HttpApi', {
      description: 'Posthorn',
      // Whoever puts something before the domain wants nothing beside it.
      ...(domain && {
        disableExecuteApiEndpoint: true,
        defaultDomainMapping: { domainName: domain, ...(props.basePath !== '' && { mappingKey: props.basePath }) },
      }),
    });
    this.httpApi = httpApi;
    const path = props.basePath === '' ? '' : `/${props.basePath}`;
    this.url = props.domainName === '' ? httpApi.apiEndpoint : `https://${props.domainName}${path}`;
    this.domainTarget = props.edge ? props.edge.serve(httpApi, [props.ingest.live, props.api.live]) : targetOf(domain);

    const ingest = new HttpLambdaIntegration('Ingest', props.ingest.live);
    httpApi.addRoutes({ path: '/v1/events', methods: [HttpMethod.POST], integration: ingest });
    httpApi.addRoutes({ path: '/v1/events/batch', methods: [HttpMethod.POST], integration: ingest });

    const api = new HttpLambdaIntegration('Api', props.api.live);
    httpApi.addRoutes({ path: '/v1/{proxy+}', methods: [HttpMethod.ANY], integration: api });
    httpApi.addRoutes({ path: '/webhook-events', methods: [HttpMethod.POST], integration: api });
    httpApi.addRoutes({ path: '/openapi.json', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/console', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/console/{proxy+}', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/docs', methods: [HttpMethod.GET], integration: api });
    httpApi.addRoutes({ path: '/docs/{proxy+}', methods: [HttpMethod.GET], integration: api });

    this.accessLog = this.logAndThrottle(httpApi.defaultStage?.node.defaultChild as CfnStage, props);
    props.operations.alarm(this, 'ServerErrorsAlarm', {
      name: 'api-5xx',
      description: 'Requests are answered with 5xx. Nothing that a client sends should cause that.',
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

  private domain({ domainName, certificateArn }: PosthornApiProps): IDomainName {
    if (certificateArn === '') {
      // Somebody else's, who has its DNS record as well.
      const unknown = { regionalDomainName: '', regionalHostedZoneId: '' };
      return DomainName.fromDomainNameAttributes(this, 'Domain', { name: domainName, ...unknown });
    }
    return new DomainName(this, 'Domain', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
  }

  /** One of API Gateway's metrics of the whole API: `Count`, `4xx`, `5xx`, `Latency` (milliseconds). */
  metric(name: 'Count' | '4xx' | '5xx' | 'Latency', statistic = 'Sum'): IMetric {
    return this.httpApi.metric(name, { period: PERIOD, statistic });
  }

  /**
   * API Gateway's log delivery appends each group to a policy of the account that ends at 5,120 characters, but for groups below
   * `/aws/vendedlogs/`, which it names by one line. The stack's own id: the group outlives its stack, and a second may follow.
   * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
   */
  private accessLogName({ prefix }: Operations): string {
    const id = Fn.select(2, Fn.split('/', Stack.of(this).stackId));
    return `/aws/vendedlogs/${prefix}-access-${id}`;
  }

  private logAndThrottle(stage: CfnStage, props: PosthornApiProps): ILogGroup {
    // Half the price; it cannot make metrics, which nobody makes of this log.
    const logGroupClass = LogGroupClass.INFREQUENT_ACCESS;
    const accessLogs = props.operations.logGroup(this, 'AccessLogs', {
      logGroupClass,
      logGroupName: this.accessLogName(props.operations),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    stage.accessLogSettings = {
      destinationArn: accessLogs.logGroupArn,
      format: Stack.of(this).toJsonString(ACCESS_LOG_FORMAT),
    };
    stage.defaultRouteSettings = {
      throttlingRateLimit: props.throttleRate,
      throttlingBurstLimit: props.throttleBurst,
      detailedMetricsEnabled: true,
    };
    return accessLogs;
  }
}

function targetOf(domain: IDomainName | undefined): string | undefined {
  return domain?.regionalDomainName || undefined;
}
