import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Access } from '../../iam/access.ts';
import type { Role } from '../../iam/read-roles.ts';
import { Functions } from '../../lambda/functions.ts';
import { Log } from '../../log.ts';
import type { App, Resource } from '../../template/app.ts';

const ROLE = 'arn:aws:iam::000000000000:role/r';

function resource(type: string, logicalId: string, properties: Record<string, unknown>): Resource {
  return {
    stack: 'Stack',
    logicalId,
    type,
    path: `Stack/${logicalId}`,
    identity: { ref: logicalId, name: logicalId, arn: `arn:aws:lambda:us-east-1:000000000000:function:${logicalId}` },
    asset: () => '/nowhere',
    properties: <T>(schema: z.ZodType<T>) => schema.parse(properties),
  } as unknown as Resource;
}

/** An app with one function and so many queues before it. */
function functionsWith(queues: number, reserved?: number): Functions {
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
        FunctionName: 'Sender',
      }),
    ),
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
});
