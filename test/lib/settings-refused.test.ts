import { describe, expect, it } from 'vitest';
import { synthesize } from '../support/stacks.ts';
import { BEHIND, CERTIFICATE, WEB_ACL } from './optional-settings.ts';

describe('a setting that is wrong', () => {
  it.each([
    [{ POSTHORN_ENCRYPTION: 'none' }, /POSTHORN_ENCRYPTION .*expected .*aws-managed.*, got "none"/],
    [{ POSTHORN_EGRESS_ZONES: '4' }, /POSTHORN_EGRESS_ZONES .*expected a whole number from 0 to 3, got "4"/],
    [
      { POSTHORN_DOMAIN_NAME: 'https://x.com' },
      /POSTHORN_DOMAIN_NAME .*expected a domain name .*, got "https:\/\/x.com"/,
    ],
    [
      { POSTHORN_CERTIFICATE_ARN: 'arn:aws:acm' },
      /POSTHORN_CERTIFICATE_ARN .*expected the ARN of .*, got "arn:aws:acm"/,
    ],
    [
      { POSTHORN_DOMAIN_NAME: 'x.example.com' },
      /domainName and certificateArn: expected both or neither, got domainName "x/,
    ],
    [
      { POSTHORN_WEB_ACL_ARN: WEB_ACL.replace('us-east-1', 'eu-central-1') },
      /POSTHORN_WEB_ACL_ARN .*expected the ARN of a web ACL of scope CLOUDFRONT .*, got "arn:aws:wafv2:eu-central-1/,
    ],
    [
      { POSTHORN_WEB_ACL_ARN: WEB_ACL },
      /webAclArn: expected domainName and a certificateArn of us-east-1 as well, .*; got certificateArn ""/,
    ],
    [
      { ...BEHIND, POSTHORN_CERTIFICATE_ARN: CERTIFICATE },
      /webAclArn: expected .* certificateArn of us-east-1 .*; got certificateArn "arn:aws:acm:eu-central-1/,
    ],
    ...['/webhooks', 'webhooks/', 'v1', 'console/x', 'docs', 'a/b/c/d/e/f', 'wéb'].map(
      (path) =>
        [
          { POSTHORN_DOMAIN_NAME: 'api.example.com', POSTHORN_BASE_PATH: path },
          new RegExp(`POSTHORN_BASE_PATH .*expected a path of up to five parts, .*, got "${path}"`),
        ] as [Record<string, string>, RegExp],
    ),
    [{ POSTHORN_BASE_PATH: 'webhooks' }, /basePath: expected domainName as well, .*; got domainName ""/],
    [{ ...BEHIND, POSTHORN_BASE_PATH: 'webhooks' }, /basePath: expected .* no webAclArn, .*; got domainName "hooks/],
    [{ POSTHORN_FIREWALL_RATE: '9' }, /POSTHORN_FIREWALL_RATE .*expected 0, or a whole number from 10 .*, got "9"/],
    [{ POSTHORN_EDGE_ONLY: 'no' }, /POSTHORN_EDGE_ONLY .*expected true or false, got "no"/],
    [{ POSTHORN_EDGE_SECRET_NUMBER: '0' }, /POSTHORN_EDGE_SECRET_NUMBER .*expected a whole number from 1 .*, got "0"/],
    [
      { POSTHORN_PERMISSIONS_BOUNDARY: 'a b' },
      /POSTHORN_PERMISSIONS_BOUNDARY .*expected the name or ARN .*, got "a b"/,
    ],
    [
      { POSTHORN_TAGS: '{"aws:x":"1"}' },
      /POSTHORN_TAGS .*expected a JSON object of up to 50 tags.*, got "\{"aws:x":"1"\}"/,
    ],
  ])('stops the synthesis: %j', (environment, told) => {
    expect(() => synthesize(environment)).toThrow(told);
  });
});
