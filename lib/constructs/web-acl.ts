import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logsKey } from './logs-key.ts';

export interface WebAclProps {
  /** Of the Posthorn that it is for. */
  name: string;
  /** Requests of one address in five minutes; more are answered 429. */
  rate: number;
  /** Days for which the log of what was blocked is kept. */
  logRetentionDays: number;
}

/**
 * Rules of AWS's groups that look into bodies, which are counted and block nothing: a body is a producer's event or a customer's
 * text, up to a megabyte of whatever a clinic writes, and the functions check it. Whoever has no `user-agent` is no fault either,
 * nor is a search for a URL in the console, or a long `code` with which a provider of identities sends somebody back.
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const COUNTED: Record<string, readonly string[]> = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesKnownBadInputsRuleSet: ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY', 'ReactJSRCE_BODY'],
  AWSManagedRulesCommonRuleSet: [
    'NoUserAgent_HEADER',
    'SizeRestrictions_BODY',
    'EC2MetaDataSSRF_BODY',
    'GenericLFI_BODY',
    'GenericRFI_BODY',
    'CrossSiteScripting_BODY',
    'SizeRestrictions_QUERYSTRING',
    'EC2MetaDataSSRF_QUERYARGUMENTS',
    'GenericRFI_QUERYARGUMENTS',
  ],
};

/**
 * Never readable in what AWS WAF keeps of a request: API keys, sessions, what is searched for, and clinics' text. Covers the
 * samples of requests that the console of AWS WAF shows and the parts that a rule names as matched, which redaction of the log
 * does not.
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/data-masking.html
 */
const PROTECTED: CfnWebACL.FieldToProtectProperty[] = [
  { fieldType: 'SINGLE_HEADER', fieldKeys: ['authorization', 'cookie'] },
  { fieldType: 'QUERY_STRING' },
  { fieldType: 'BODY' },
];

/**
 * A web ACL for the distribution in front of the API: AWS's managed rules, and a rate limit per address. All of it must
 * be in us-east-1.
 */
export class WebAcl extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, rate, logRetentionDays }: WebAclProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'WebAcl', {
      scope: 'CLOUDFRONT',
      description: 'Posthorn: in front of the API',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(name),
      dataProtectionConfig: { dataProtections: PROTECTED.map((field) => ({ field, action: 'SUBSTITUTION' })) },
      rules: [
        {
          name: 'rate',
          priority: 0,
          statement: { rateBasedStatement: { limit: rate, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
          action: { block: { customResponse: { responseCode: 429 } } },
          visibilityConfig: visibility(`${name}-rate`),
        },
        ...Object.entries(COUNTED).map(([group, counted], index) => ({
          name: group,
          priority: index + 1,
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: group,
              ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
            },
          },
          overrideAction: { none: {} },
          visibilityConfig: visibility(`${name}-${group}`),
        })),
      ],
    });
    this.arn = acl.attrArn;
    this.log(acl, { name, logRetentionDays });
  }

  /** What was blocked or counted, without keys and queries. AWS WAF takes only groups of this beginning. */
  private log(acl: CfnWebACL, { name, logRetentionDays }: Omit<WebAclProps, 'rate'>): void {
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `aws-waf-logs-${name.toLowerCase()}`,
      retention: logRetentionDays as RetentionDays,
      encryptionKey: logsKey(this, 'LogsKey', 'the log of the firewall at rest'),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      // The group's own ARN ends in `:*`, which AWS WAF refuses.
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logs.logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        { singleHeader: { Name: 'authorization' } },
        { singleHeader: { Name: 'cookie' } },
        { queryString: {} },
      ],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT'].map((Action) => ({ ActionCondition: { Action } })),
          },
        ],
      },
    });
  }
}

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
