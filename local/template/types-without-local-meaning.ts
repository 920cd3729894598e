const NETWORK = 'a network with fixed addresses';
const DOMAIN = 'a domain name';
const FIREWALL = 'a firewall';

/**
 * Those that settings ask for, and that nothing on one machine can stand in for: a function reaches the network as the machine
 * does, and the API has the machine's address. The start says, in the words here, that they are left out. Of a domain name, its
 * mapping and a distribution the names and the base path count here, too: gateway/read-api.ts, app.ts.
 */
export const TYPES_OF_AWS_ALONE: ReadonlyMap<string, string> = new Map([
  ['AWS::EC2::EIP', NETWORK],
  ['AWS::EC2::FlowLog', NETWORK],
  ['AWS::EC2::InternetGateway', NETWORK],
  ['AWS::EC2::NatGateway', NETWORK],
  ['AWS::EC2::Route', NETWORK],
  ['AWS::EC2::RouteTable', NETWORK],
  ['AWS::EC2::SecurityGroup', NETWORK],
  ['AWS::EC2::Subnet', NETWORK],
  ['AWS::EC2::SubnetRouteTableAssociation', NETWORK],
  ['AWS::EC2::VPC', NETWORK],
  ['AWS::EC2::VPCEndpoint', NETWORK],
  ['AWS::EC2::VPCGatewayAttachment', NETWORK],
  ['AWS::ApiGatewayV2::ApiMapping', DOMAIN],
  ['AWS::ApiGatewayV2::DomainName', DOMAIN],
  ['AWS::CloudFront::Distribution', FIREWALL],
  ['AWS::SecretsManager::Secret', FIREWALL],
  ['AWS::WAFv2::LoggingConfiguration', FIREWALL],
  ['AWS::WAFv2::WebACL', FIREWALL],
]);

/**
 * Resource types that a local run leaves out on purpose: nothing that a function can see depends on them.
 * A type that is neither here nor among those that the local run understands stops the start.
 */
export const TYPES_WITHOUT_LOCAL_MEANING: ReadonlySet<string> = new Set([
  'AWS::CDK::Metadata',
  // Logs, metrics and alarms: every log line goes to the terminal, alarms have nobody to wake.
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  // Notices are recorded where they are published; nobody gets them by mail.
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  // Who may invoke a function from outside it: gateway and schedules invoke only what the template wires to them.
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventInvokeConfig',
  // How calls are shifted from one version to the next: a local run has only one.
  'AWS::CodeDeploy::Application',
  'AWS::CodeDeploy::DeploymentGroup',
  // Nothing is encrypted at rest here, so keys decide nothing.
  'AWS::KMS::Key',
  'AWS::KMS::Alias',
  'AWS::Scheduler::ScheduleGroup',
  ...TYPES_OF_AWS_ALONE.keys(),
]);
