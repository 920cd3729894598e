import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { EDGE_HEADER } from '../../lambdas/runtime/env.ts';

/**
 * What CloudFront keeps for ten seconds unless told otherwise, whatever the cache policy, by host and path alone: one caller's
 * 404 or 503 would be everybody's.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

export interface EdgeProps {
  domainName: string;
  /** Of a certificate in us-east-1, where CloudFront looks for it. */
  certificateArn: string;
  /** The web ACL that each request passes first. */
  webAclArn: string;
  /** False: the API also answers whoever does not come through the distribution. */
  edgeOnly: boolean;
  /** Which secret tells the API that a request came through the distribution. */
  edgeSecretNumber: number;
}

/**
 * A CloudFront distribution in front of the API, because AWS WAF cannot be attached to an HTTP API. It caches nothing,
 * and adds a secret header to each request. The functions refuse requests without it, because the address behind the
 * distribution cannot be disabled.
 */
export class Edge extends Construct {
  /** What the functions ask for: secrets separated by commas; empty: nothing. */
  readonly accepted: string;
  private readonly current: Secret;
  private readonly props: EdgeProps;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    this.props = props;
    const { edgeSecretNumber: number, edgeOnly } = props;
    this.current = this.secret(number);
    // The one before is taken for as long as some of CloudFront's places still send it.
    const secrets = number > 1 ? [this.current, this.secret(number - 1)] : [this.current];
    this.accepted = edgeOnly ? secrets.map(valueOf).join(',') : '';
  }

  /**
   * Puts the distribution before the API.
   * @param after what must know the secret before it is sent.
   * @returns what the DNS record of the domain points to.
   */
  serve(httpApi: HttpApi, after: IDependable[]): string {
    const { region, urlSuffix } = Stack.of(this);
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Posthorn',
      domainNames: [this.props.domainName],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', this.props.certificateArn),
      webAclId: this.props.webAclArn,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      defaultBehavior: {
        origin: new HttpOrigin(`${httpApi.apiId}.execute-api.${region}.${urlSuffix}`, {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          customHeaders: { [EDGE_HEADER]: valueOf(this.current) },
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // All but Host, by which API Gateway would look for an API of that name.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        // A redirect would let a key travel unencrypted once.
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        compress: false,
      },
      errorResponses: KEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    });
    distribution.node.addDependency(...after);
    Validations.of(distribution).acknowledge(
      {
        id: 'AwsSolutions-CFR1',
        reason:
          'Producers, support and customers may be anywhere; countries are a rule of the web ACL if they are one.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          'Its log would name whole paths and query strings. What is blocked is in the log of the web ACL, what passes in the access log of the API and, with its address, in the log of the functions.',
      },
    );
    return distribution.distributionDomainName;
  }

  private secret(number: number): Secret {
    const secret = new Secret(this, `Secret${number}`, {
      description: 'Posthorn: says that a request came through the firewall',
      generateSecretString: { passwordLength: 43, excludePunctuation: true },
    });
    const reason =
      'It opens nothing but the way around the firewall, to where an API key is asked for; CloudFront shows it to whoever may read a distribution. A deployment with the next number makes a new one, without interruption.';
    Validations.of(secret).acknowledge(
      ...['AwsSolutions-SMG4', 'HIPAA.Security-SecretsManagerRotationEnabled'].map((rule) => ({ id: rule, reason })),
      { id: 'HIPAA.Security-SecretsManagerUsingKMSKey', reason },
    );
    return secret;
  }
}

/** Resolved by CloudFormation: the value stands in no template. */
function valueOf(secret: Secret): string {
  return secret.secretValue.unsafeUnwrap();
}
