import { Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  CfnEIP,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  NatProvider,
  Port,
  Peer,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Operations } from './operations.ts';

export interface EgressProps {
  /** Availability zones, each with a NAT gateway and an address of its own. */
  zones: number;
  /** Keeps the log of its connections. */
  operations: Operations;
}

/**
 * Lambda's own calls for the network interfaces of a function; IAM knows no resource for most of them.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
const INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * The sender's way out when its addresses must be known: a network that has nothing else, connected only to the
 * internet, with a NAT gateway and a fixed address in each zone. The address guard does not rely on this network: the
 * sender checks customers' URLs as it does without it.
 */
export class Egress extends Construct {
  /** The fixed addresses. */
  readonly addresses: string[];
  /** Puts a function into the network. */
  readonly network: Pick<FunctionOptions, 'vpc' | 'vpcSubnets' | 'securityGroups'>;

  constructor(scope: Construct, id: string, { zones, operations }: EgressProps) {
    super(scope, id);
    const eips = Array.from({ length: zones }, (_, i) => {
      const eip = new CfnEIP(this, `Address${i + 1}`, { domain: 'vpc' });
      // Customers have it on their lists: it must not go because this setting was forgotten in a deployment.
      eip.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
      return eip;
    });
    this.addresses = eips.map(({ ref }) => ref);
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.255.0.0/24'),
      // Not `maxAzs`: a stack without a region of its own names two zones, and a third would silently have no gateway.
      availabilityZones: Array.from({ length: zones }, (_, i) => Fn.select(i, Fn.getAzs())),
      natGateways: zones,
      natGatewayProvider: NatProvider.gateway({
        eipAllocationIds: eips.map(({ attrAllocationId }) => attrAllocationId),
      }),
      subnetConfiguration: [
        { name: 'Nat', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        { name: 'Sender', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 26 },
      ],
      // It would be a function of CDK's own that empties the default group; nothing is in that group.
      restrictDefaultSecurityGroup: false,
      flowLogs: {
        Connections: {
          destination: FlowLogDestination.toCloudWatchLogs(
            operations.logGroup(this, 'Connections', { removalPolicy: RemovalPolicy.DESTROY }),
          ),
          trafficType: FlowLogTrafficType.ALL,
        },
      },
    });
    // The delivery log and the rest of DynamoDB past the NAT gateways, whose gigabytes cost; this endpoint costs nothing.
    vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB });
    const securityGroup = new SecurityGroup(this, 'Sender', {
      vpc,
      description: 'Posthorn: the sender, outwards only',
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.allTcp(), 'Endpoints of customers on whatever port, and AWS');
    this.network = { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS }, securityGroups: [securityGroup] };
    this.acknowledgeFindings(vpc);
  }

  /** Lets Lambda connect a function that has this role. */
  grantConnect(role: Role): void {
    role.addToPolicy(new PolicyStatement({ actions: INTERFACES, resources: ['*'] }));
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        "Lambda's own calls for the network interfaces of a function in a network, which AWS's managed policy for it grants in the same way; IAM knows no narrower resource.",
    });
  }

  private acknowledgeFindings(vpc: Vpc): void {
    Validations.of(vpc).acknowledge({
      id: 'HIPAA.Security-VPCDefaultSecurityGroupClosed',
      reason:
        'Nothing is in the default group: the sender has a group of its own, which lets nothing in. To empty it CDK would add a function with rights to change groups.',
    });
    Validations.of(vpc.node.findChild('Connections')).acknowledge({
      id: 'HIPAA.Security-IAMNoInlinePolicy',
      reason:
        'The policy of the role that writes the log of connections, into this one log group; it goes with it, while a managed policy could be attached to others as well.',
    });
    for (const { node } of vpc.publicSubnets) {
      Validations.of(node.findChild('DefaultRoute')).acknowledge({
        id: 'HIPAA.Security-VPCNoUnrestrictedRouteToIGW',
        reason:
          'The subnet of a NAT gateway, which is what connects it to the internet; nothing else is in it, and it hands out no addresses.',
      });
    }
  }
}

/** As a function's variable. */
export function joined(addresses: readonly string[]): string {
  return addresses.length === 0 ? '' : Fn.join(',', [...addresses]);
}
