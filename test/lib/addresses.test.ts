import { describe, expect, it } from 'vitest';
import { idOf, resourcesOf, type TemplateResource } from '../support/resources.ts';
import { synthesize } from '../support/stacks.ts';
import { synthesizeBoth, plain, all, CERTIFICATE, ofType, propertiesOf, sender } from './optional-settings.ts';

synthesizeBoth();

describe('fixed addresses', () => {
  it('are none by default: nothing is in a network', () => {
    expect(ofType(plain, 'AWS::EC2::VPC')).toEqual([]);
    expect(sender(plain)).not.toHaveProperty('VpcConfig');
  });

  it('are those of the sender alone, one in each zone, kept when the setting is forgotten', () => {
    const inside = propertiesOf(all, 'AWS::Lambda::Function').filter((fn) => 'VpcConfig' in fn);
    const eips = ofType(all, 'AWS::EC2::EIP') as (TemplateResource & { DeletionPolicy?: string })[];

    expect(inside).toEqual([sender(all)]);
    expect(ofType(all, 'AWS::EC2::NatGateway')).toHaveLength(2);
    expect(eips.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['RetainExceptOnCreate', 'RetainExceptOnCreate']);
  });

  it.each([1, 3])('have a NAT gateway and a subnet of the sender each when there are %i', (zones) => {
    const templates = synthesize({ POSTHORN_EGRESS_ZONES: String(zones) });
    const { SubnetIds } = sender(templates)['VpcConfig'] as { SubnetIds: unknown[] };

    expect(ofType(templates, 'AWS::EC2::EIP')).toHaveLength(zones);
    expect(ofType(templates, 'AWS::EC2::NatGateway')).toHaveLength(zones);
    expect(SubnetIds).toHaveLength(zones);
  });

  it('are told to the api function, and are an output', () => {
    const api = propertiesOf(all, 'AWS::Lambda::Function').find(({ Description: d }) => d?.startsWith('Management'))!;
    const ids = Object.keys(resourcesOf(all, 'AWS::EC2::EIP'));
    const joined = (api['Environment'] as unknown as Record<string, Record<string, unknown>>)['Variables']![
      'SOURCE_IPS'
    ];

    expect((joined as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].map(idOf)).toEqual(ids);
    expect(all.posthorn.toJSON()['Outputs']).toHaveProperty('SourceIps');
  });

  it('lead to the internet and nowhere else', () => {
    const routes = propertiesOf(all, 'AWS::EC2::Route');
    const ingress = propertiesOf(all, 'AWS::EC2::SecurityGroup').map((group) => group['SecurityGroupIngress']);

    expect(routes.every((route) => route['DestinationCidrBlock'] === '0.0.0.0/0')).toBe(true);
    expect(
      routes.map((route) => Object.keys(route).filter((key) => /Id$/.test(key) && key !== 'RouteTableId')),
    ).toEqual(expect.arrayContaining([['NatGatewayId'], ['GatewayId']]));
    for (const kind of ['VPCPeeringConnection', 'TransitGatewayAttachment', 'VPNGateway'])
      expect(ofType(all, `AWS::EC2::${kind}`)).toEqual([]);
    expect(ingress).toEqual([undefined]);
  });
});

describe('a domain name', () => {
  it('closes the address of AWS’s own and is that of API and console', () => {
    const [api] = propertiesOf(all, 'AWS::ApiGatewayV2::Api');
    const outputs = all.posthorn.toJSON()['Outputs'] as Record<string, { Value: unknown }>;

    expect(api!['DisableExecuteApiEndpoint']).toBe(true);
    expect(outputs['ApiUrl']!.Value).toBe('https://hooks.example.com');
    expect(outputs['ConsoleUrl']!.Value).toBe('https://hooks.example.com/');
    expect(outputs).toHaveProperty('DomainTarget');
    all.posthorn.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'hooks.example.com',
      DomainNameConfigurations: [{ CertificateArn: CERTIFICATE, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' }],
    });
  });

  it('is none by default', () => {
    expect(propertiesOf(plain, 'AWS::ApiGatewayV2::Api')[0]).not.toHaveProperty('DisableExecuteApiEndpoint');
  });
});

describe('a path below a domain', () => {
  it('is that of a name that API Gateway has already, whose record is somebody else’s', () => {
    const below = synthesize({ POSTHORN_DOMAIN_NAME: 'api.example.com', POSTHORN_BASE_PATH: 'clinic/webhooks' });
    const outputs = below.posthorn.toJSON()['Outputs'] as Record<string, { Value: unknown }>;
    const api = propertiesOf(below, 'AWS::Lambda::Function').find(({ Description: d }) => d?.startsWith('Management'))!;

    expect(ofType(below, 'AWS::ApiGatewayV2::DomainName')).toEqual([]);
    below.posthorn.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      ApiMappingKey: 'clinic/webhooks',
      DomainName: 'api.example.com',
    });
    expect(outputs['ApiUrl']!.Value).toBe('https://api.example.com/clinic/webhooks');
    expect(outputs['ConsoleUrl']!.Value).toBe('https://api.example.com/clinic/webhooks/');
    expect(outputs).not.toHaveProperty('DomainTarget');
    expect(api.Environment.Variables['BASE_PATH']).toBe('/clinic/webhooks');
    expect(propertiesOf(below, 'AWS::ApiGatewayV2::Api')[0]!['DisableExecuteApiEndpoint']).toBe(true);
  });

  it('is that of a name of its own when there is a certificate', () => {
    const below = synthesize({
      POSTHORN_DOMAIN_NAME: 'api.example.com',
      POSTHORN_CERTIFICATE_ARN: CERTIFICATE,
      POSTHORN_BASE_PATH: 'webhooks',
    });

    expect(ofType(below, 'AWS::ApiGatewayV2::DomainName')).toHaveLength(1);
    expect(below.posthorn.toJSON()['Outputs']).toHaveProperty('DomainTarget');
  });

  it('is none by default', () => {
    expect(propertiesOf(all, 'AWS::ApiGatewayV2::ApiMapping')[0]).not.toHaveProperty('ApiMappingKey');
  });
});
