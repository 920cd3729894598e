import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { signatureCheck } from '../../../local/iam/signature.ts';

// The command as operators run it, against an endpoint that answers as AWS's services do.

const PROJECT = join(import.meta.dirname, '../../..');
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ=';

interface Asked {
  /** Service and operation. */
  operation: string;
  body: string;
  /** Whose signature it carries, checked as AWS does, or why it is nobody's. */
  signer: string;
}

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body: string | object;
}

const xmlError = (code: string, message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

/** A fresh account, after `cdk bootstrap`. */
const FRESH: Record<string, (body: string) => Reply> = {
  'sts GetCallerIdentity': () => ({
    body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/anna</Arn><UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  }),
  'ssm AmazonSSM.GetParameter': () => ({ body: { Parameter: { Type: 'String', Value: '25' } } }),
  'lambda GET /2016-08-19/account-settings/': () => ({
    body: { AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 } },
  }),
  'logs Logs_20140328.DescribeResourcePolicies': (body) =>
    body.includes('next')
      ? { body: { resourcePolicies: [{ policyName: 'b', policyDocument: '{}' }] } }
      : { body: { resourcePolicies: [{ policyName: 'a', policyDocument: '{}' }], nextToken: 'next' } },
  'dynamodb DynamoDB_20120810.ListTables': () => ({ body: { TableNames: ['Invoices'] } }),
  'cloudformation DescribeStacks': (body) => ({
    status: 400,
    body: xmlError('ValidationError', `Stack with id ${new URLSearchParams(body).get('StackName')} does not exist`),
  }),
};

const checkSignature = signatureCheck(() => ({
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: SECRET,
  sessionToken: TOKEN,
}));

let server: Server | undefined;
afterEach(() => server?.close());

function operationOf(request: IncomingMessage, body: string): string {
  const service = /Credential=[^/]+\/\d+\/eu-central-1\/([a-z]+)\/aws4_request/.exec(
    request.headers.authorization ?? '',
  )?.[1];
  const target = request.headers['x-amz-target'];
  const action = new URLSearchParams(body).get('Action');
  return `${service} ${String(target ?? action ?? `${request.method} ${request.url}`)}`;
}

/** An account of AWS on loopback that answers as {@link FRESH} but for what is given. */
async function startAccount(replies: Record<string, (body: string) => Reply> = {}) {
  const asked: Asked[] = [];
  server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const operation = operationOf(request, body);
      const verdict = await checkSignature(request, Buffer.from(body));
      asked.push({ operation, body, signer: 'signer' in verdict ? verdict.signer : verdict.error });
      const answer = { ...FRESH, ...replies }[operation];
      const reply = answer?.(body) ?? { status: 404, body: `no ${operation}` };
      response.writeHead(reply.status ?? 200, reply.headers ?? {});
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function preflight(environment: Record<string, string>, ...words: string[]) {
  // What Node has compiled is kept: half of what the command takes.
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [join(PROJECT, 'scripts/preflight.ts'), ...words], {
    cwd: PROJECT,
    env: {
      PATH,
      ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      ...environment,
    },
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { lines: out.trim().split('\n'), all: out + err, code: child.exitCode };
}

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: TOKEN };
const signedIn = (url: string) => ({ ...KEYS, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: url });

describe('npm run preflight', () => {
  it('asks a fresh account for all it needs, signed, and finds nothing against it', async () => {
    const { asked, url } = await startAccount();

    const { lines, all, code } = await preflight(signedIn(url));

    expect(code, all).toBe(0);
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'ok       settings',
      'ok       account',
      'ok       bootstrap',
      'ok       stack PosthornData',
      'ok       stack Posthorn',
      'ok       tables',
      'ok       concurrency',
      'ok       log policies',
    ]);
    expect(lines[1]).toContain('123456789012 in eu-central-1, as arn:aws:iam::123456789012:user/anna');
    expect(lines.at(-1)).toContain('2 of 10');
    expect(new Set(asked.map(({ operation }) => operation))).toEqual(new Set(Object.keys(FRESH)));
    expect(new Set(asked.map(({ signer }) => signer))).toEqual(new Set(['AKIDEXAMPLE']));
    expect(asked.find(({ operation }) => operation.startsWith('ssm'))!.body).toBe(
      '{"Name":"/cdk-bootstrap/hnb659fds/version"}',
    );
  });

  it('ends with 1 and says what to do when something stops a deployment', async () => {
    const { url } = await startAccount({
      'ssm AmazonSSM.GetParameter': () => ({ status: 400, body: { __type: 'ParameterNotFound' } }),
      'dynamodb DynamoDB_20120810.ListTables': () => ({
        body: { TableNames: ['PosthornData-EventsTableD24865E5-1KQ2ZJ3C4VQ5X'] },
      }),
    });

    const { lines, code } = await preflight(signedIn(url));

    expect(code).toBe(1);
    expect(lines.filter((line) => line.startsWith('stop'))).toEqual([
      expect.stringMatching(/bootstrap: .*npx cdk bootstrap/),
      expect.stringMatching(/tables: .*begin empty beside 1 retained tables .*EventsTable/),
    ]);
  });

  it('reads the status of stacks that are there', async () => {
    const { url } = await startAccount({
      'cloudformation DescribeStacks': () => ({
        body: '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackStatus>UPDATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>',
      }),
    });

    const { lines } = await preflight({ ...signedIn(url), POSTHORN_NAME: 'Clinic' });

    expect(lines).toContain('ok       stack ClinicData: UPDATE_COMPLETE: an upgrade');
  });

  it('warns of what it may not look at, and ends with 0', async () => {
    const { url } = await startAccount({
      'lambda GET /2016-08-19/account-settings/': () => ({
        status: 403,
        headers: { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/coral/' },
        body: { Message: 'User: anna is not authorized to perform: lambda:GetAccountSettings' },
      }),
    });

    const { lines, code } = await preflight(signedIn(url));

    expect(code).toBe(0);
    expect(lines.filter((line) => !line.startsWith('ok'))).toEqual([
      expect.stringMatching(/^warning {2}concurrency: .*AccessDeniedException: .*lambda:GetAccountSettings/),
    ]);
  });

  it('stops at credentials that AWS refuses, and prints no secret that the answer quotes', async () => {
    const quoted = `The signature with ${TOKEN} and ${SECRET} does not match.\nCanonical String: x-amz-security-token:${TOKEN}`;
    const { asked, url } = await startAccount({
      'sts GetCallerIdentity': () => ({ status: 403, body: xmlError('SignatureDoesNotMatch', quoted) }),
    });

    const { all, code } = await preflight(signedIn(url));

    expect(code).toBe(1);
    expect(all).toMatch(/stop {5}account: .*SignatureDoesNotMatch: The signature/);
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain(TOKEN);
    expect(all).not.toContain('Canonical');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['region', 'region', KEYS, 'expected AWS_REGION'],
    ['credentials', 'account', { AWS_DEFAULT_REGION: 'eu-central-1' }, 'CredentialsProviderError'],
  ])('stops without %s', async (_what, about, environment, words) => {
    const { all, code } = await preflight({ ...environment, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });

    expect(code).toBe(1);
    expect(all).toMatch(new RegExp(`stop {5}${about}: .*${words}`));
  });

  it('stops at an environment that has no file, and names those that have', async () => {
    const { url } = await startAccount();

    const { lines, code } = await preflight(signedIn(url), '--env', 'porduction');

    expect(code).toBe(1);
    expect(lines[0]).toMatch(/^stop {5}settings: .*expected a file environments\/porduction\.json; there are: none/);
  });
});
