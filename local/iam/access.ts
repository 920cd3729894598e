import { createHmac } from 'node:crypto';
import type { RequestContext } from './conditions.ts';
import type { Credentials } from './credentials.ts';
import { evaluate } from './evaluate.ts';
import type { Decision } from './evaluate.ts';
import { dynamoDbContext } from './leading-keys.ts';
import type { Statement } from './policy.ts';
import type { Role } from './read-roles.ts';

/** Who calls with what: one entry per function. */
interface Principal {
  role: Role;
  session: string;
  credentials: Credentials;
}

/** What {@link Access} needs to know of the template. */
export interface AccessOptions {
  account: string;
  /** Credentials without limits, for people and tools outside the functions. */
  operator: Credentials;
  /** Statements of queue policies, by queue ARN. */
  queuePolicies: Map<string, Statement[]>;
  /** The name of a table's partition key. */
  partitionKeyOf(table: string): string | undefined;
}

const SERVICE_DYNAMODB = 'dynamodb:';

/** Checks every SDK call of the local run against the policies of the template. */
export class Access {
  readonly #principals = new Map<string, Principal>();
  readonly #options: AccessOptions;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  /**
   * Credentials of one function: the same on every start of a data folder, and known to nobody without the operator's.
   * They look like those of a Lambda function: temporary.
   */
  credentialsFor(functionName: string, role: Role): Credentials {
    const { secretAccessKey: secret } = this.#options.operator;
    const of = (what: string): string =>
      createHmac('sha256', secret).update(`${what} of ${role.arn}/${functionName}`).digest('hex');
    const credentials = {
      accessKeyId: `ASIA${of('key').slice(0, 16).toUpperCase()}`,
      secretAccessKey: of('secret').slice(0, 40),
      sessionToken: of('token'),
    };
    this.#principals.set(credentials.accessKeyId, { role, session: functionName, credentials });
    return credentials;
  }

  /** Whose key an id is: the operator's, or that of a function which has got its credentials. */
  credentialsOf(accessKeyId: string): Credentials | undefined {
    const { operator } = this.#options;
    return accessKeyId === operator.accessKeyId ? operator : this.#principals.get(accessKeyId)?.credentials;
  }

  /** Decides one call; with several resources, each must be allowed. */
  authorize(request: {
    accessKeyId: string | undefined;
    action: string;
    resources: string[];
    input: unknown;
  }): Decision {
    if (request.accessKeyId === this.#options.operator.accessKeyId) return { allowed: true };
    const principal = this.#principals.get(request.accessKeyId ?? '');
    if (!principal) return { allowed: false, message: 'The security token included in the request is invalid.' };
    const context = this.#contextOf(request.action, request.input);
    for (const resource of request.resources) {
      const decision = this.#decide(principal, request.action, resource, context);
      if (!decision.allowed) return decision;
    }
    return { allowed: true };
  }

  #decide({ role, session }: Principal, action: string, resource: string, context: RequestContext): Decision {
    const { account, queuePolicies } = this.#options;
    const caller = `arn:aws:sts::${account}:assumed-role/${role.name}/${session}`;
    const callerAliases = [role.arn];
    return evaluate({ caller, callerAliases, action, resource, context }, role.statements, queuePolicies.get(resource));
  }

  #contextOf(action: string, input: unknown): RequestContext {
    // Loopback stands for TLS: nothing here leaves the machine, and enforceSSL must not stop the local run.
    const transport: RequestContext = { 'aws:securetransport': ['true'] };
    if (!action.startsWith(SERVICE_DYNAMODB)) return transport;
    return { ...transport, ...dynamoDbContext(input, this.#options.partitionKeyOf) };
  }
}
