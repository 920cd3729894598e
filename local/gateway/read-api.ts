import { z } from 'zod';
import type { App } from '../template/app.ts';
import { ignored, numberLike } from '../template/scalars.ts';
import { parseRoute } from './routes.ts';
import type { Route } from './routes.ts';
import type { ThrottleLimits } from './throttle.ts';

/** What a route leads to: a function, and how long the gateway waits for it. */
export interface Integration {
  functionArn: string;
  timeoutMs: number;
}

/** The HTTP API of the template. */
export interface ApiDescription {
  apiId: string;
  routes: Route<Integration>[];
  /** The path below which callers reach it, with its leading slash; empty: at the root. */
  basePath: string;
  /** Limits by route key; those of the stage under {@link STAGE_DEFAULT}. */
  throttles: Map<string, ThrottleLimits>;
}

/** Key of the limits that hold for all routes without their own. */
export const STAGE_DEFAULT = '';

const apiSchema = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal('HTTP'),
  Description: ignored,
  DisableExecuteApiEndpoint: ignored,
  Tags: ignored,
});
const integrationSchema = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  IntegrationMethod: ignored,
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: numberLike.default(30_000),
  Description: ignored,
});
const routeSchema = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.literal('NONE').optional(),
  OperationName: ignored,
});
const settings = z.strictObject({
  ThrottlingRateLimit: numberLike.optional(),
  ThrottlingBurstLimit: numberLike.optional(),
  DetailedMetricsEnabled: ignored,
});
const stageSchema = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default'),
  AutoDeploy: ignored,
  AccessLogSettings: ignored,
  DefaultRouteSettings: settings.optional(),
  RouteSettings: z.record(z.string(), settings).optional(),
  Description: ignored,
  Tags: ignored,
});

const mappingSchema = z.looseObject({ ApiMappingKey: z.string().optional() });

/** Reads the app's HTTP API, if it has one. @throws on more than one: a local run has one API port. */
export function readApi(app: App): ApiDescription | undefined {
  const [api, second] = app.ofType('AWS::ApiGatewayV2::Api');
  if (!api) return undefined;
  if (second) throw new Error(`Expected at most one HTTP API, the template has ${api.path} and ${second.path}.`);
  api.properties(apiSchema);
  const integrations = new Map(app.ofType('AWS::ApiGatewayV2::Integration').map((r) => [r.identity.ref, r]));
  const routes = app.ofType('AWS::ApiGatewayV2::Route').map((r) => {
    const { RouteKey, Target } = r.properties(routeSchema);
    const integration = integrations.get(Target.replace(/^integrations\//, ''))?.properties(integrationSchema);
    if (!integration) throw new Error(`${r.path}: its target ${Target} is no integration of this app.`);
    return parseRoute(RouteKey, toIntegration(integration));
  });
  return { apiId: api.identity.ref, routes, basePath: readBasePath(app), throttles: readThrottles(app) };
}

/** AWS's own address is closed where there is a domain name, so here, too, only the path below that name is served. */
function readBasePath(app: App): string {
  const [mapping] = app.ofType('AWS::ApiGatewayV2::ApiMapping');
  const key = mapping?.properties(mappingSchema).ApiMappingKey;
  return key === undefined ? '' : `/${key}`;
}

/** The URI is the function's ARN, or an invocation path of API Gateway's that contains it. */
function toIntegration(p: z.infer<typeof integrationSchema>): Integration {
  const functionArn = /arn:aws:lambda:[^/]+:function:[^/]+/.exec(p.IntegrationUri)?.[0];
  if (!functionArn) throw new Error(`Expected an integration with a function's ARN, got ${p.IntegrationUri}.`);
  return { functionArn, timeoutMs: p.TimeoutInMillis };
}

function readThrottles(app: App): Map<string, ThrottleLimits> {
  const throttles = new Map<string, ThrottleLimits>();
  for (const stage of app.ofType('AWS::ApiGatewayV2::Stage')) {
    const { DefaultRouteSettings, RouteSettings } = stage.properties(stageSchema);
    for (const [key, s] of Object.entries({ ...RouteSettings, [STAGE_DEFAULT]: DefaultRouteSettings })) {
      if (s?.ThrottlingRateLimit === undefined || s.ThrottlingBurstLimit === undefined) continue;
      throttles.set(key, { rate: s.ThrottlingRateLimit, burst: s.ThrottlingBurstLimit });
    }
  }
  return throttles;
}
