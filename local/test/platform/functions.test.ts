import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Access } from '../../iam/access.ts';
import type { Role } from '../../iam/read-roles.ts';
import { Functions } from '../../lambda/functions.ts';
import { Log } from '../../log.ts';
import type { App, Resource } from '../../template/app.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function';
const ROLE = 'arn:aws:iam::000000000000:role/r';

function resource(type: string, logicalId: string, properties: Record<string, unknown>): Resource {
  return {
    stack: 'Stack',
    logicalId,
    type,
    path: `Stack/${logicalId}`,
    identity: { ref: logicalId, name: logicalId, arn: `${ARN}:${logicalId}`, attributes: { Version: '1' } },
    asset: () => '/nowhere',
    properties: <T>(schema: z.ZodType<T>) => schema.parse(properties),
  };
}

/** An app with one function and so many queues before it, which call it by this name. */
function functionsWith(queues: number, reserved?: number, FunctionName = 'Sender', more: Resource[] = []): Functions {
  const code = { S3Bucket: 'b', S3Key: 'k' };
  const shared = {
    Code: code,
    Role: ROLE,
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 3,
    MemorySize: 128,
  };
  const all = [
    resource('AWS::Lambda::Function', 'Sender', {
      ...shared,
      ...(reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved }),
    }),
    ...Array.from({ length: queues }, (_, n) =>
      resource('AWS::Lambda::EventSourceMapping', `Mapping${n}`, {
        EventSourceArn: `arn:aws:sqs:us-east-1:000000000000:queue${n}`,
        FunctionName,
      }),
    ),
    ...more,
  ];
  const app = {
    account: '000000000000',
    region: 'us-east-1',
    ofType: (...types: string[]) => all.filter(({ type }) => types.includes(type)),
  } as App;
  const credentials = { accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't' };
  return new Functions({
    app,
    access: { credentialsFor: () => credentials } as unknown as Access,
    roles: new Map([[ROLE, {} as Role]]),
    endpoints: {} as never,
    otherServices: '',
    localVariables: {},
    log: new Log(),
  });
}

describe('a function with several queues before it', () => {
  it('has room for each of them, so that one whose invocations hang does not stop the others', () => {
    const limits = [0, 1, 2].map((queues) => functionsWith(queues).find('Sender').options.limit);

    expect(limits).toEqual([8, 8, 16]);
  });

  it('keeps to its reserved concurrency', () => {
    expect(functionsWith(2, 3).find('Sender').options.limit).toBe(3);
  });

  it('gives way to the others only with reserved concurrency', () => {
    const givesWay = [undefined, 3].map((reserved) => functionsWith(2, reserved).find('Sender').options.givesWay);

    expect(givesWay).toEqual([false, true]);
  });
});

describe('a function with an alias', () => {
  const version = resource('AWS::Lambda::Version', 'Version', { FunctionName: 'Sender' });
  const alias = (FunctionVersion: string): Resource => ({
    ...resource('AWS::Lambda::Alias', 'Sender:live', { FunctionName: 'Sender', FunctionVersion, Name: 'live' }),
  });

  it('is found by it, and counts the queues that call it so', () => {
    const functions = functionsWith(2, undefined, `${ARN}:Sender:live`, [version, alias('1')]);

    expect(functions.find(`${ARN}:Sender:live`).options).toMatchObject({
      limit: 16,
      arn: `${ARN}:Sender:live`,
      variables: { AWS_LAMBDA_FUNCTION_VERSION: '1' },
    });
    expect(functions.find('Sender:live')).toBe(functions.find('Sender'));
  });

  it('is not found by another, as Lambda has none', () => {
    const functions = functionsWith(0, undefined, undefined, [version, alias('1')]);

    expect(() => functions.find(`${ARN}:Sender:beta`)).toThrow(/There is no function ".*:Sender:beta"/);
  });

  it('has one that leads to a published version', () => {
    expect(() => functionsWith(0, undefined, undefined, [version, alias('2')])).toThrow(
      /the alias live leads to the version 2 of Sender, which the template does not publish/,
    );
  });
});
