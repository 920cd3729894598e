import { strict as assert } from 'node:assert';
import { monotonicFactory } from 'ulid';
import type { Operation } from '../support/open-api.ts';
import type { TenantAnswer, TenantRequest, Tenants } from '../support/tenants.ts';

/** Kinds of id that a caller can name in a path, a query or a body. */
export type IdKind = 'subscription' | 'event' | 'attempt' | 'replay';

/** What the model knows of one tenant: an organization, or an account that shares an organization with another one. */
export interface Organization {
  /** Nobody else's. */
  name: string;
  organization: string;
  account?: string;
  /** Id of {@link key}. */
  keyId: string;
  /** Scope `organization`, of this account where there is one. */
  key: string;
  /** Scope `events:write`, bound to this organization. */
  producerKey: string;
  /** Subscriptions that exist: id → url and description. */
  subscriptions: Map<string, { url: string; description: string | undefined }>;
  /** Every id of each kind that it ever had, deleted ones too. */
  ids: Record<IdKind, string[]>;
  /** Cursors that a list gave it, with the list's path and filters. */
  cursors: { path: string; cursor: string }[];
}

/** Texts that belong to somebody: ids, secrets, organizations, marks inside payloads and descriptions. */
const OWNED = /(?:sub|evt|rpl|key|aud)_[0-9A-Z]{26}|whsec_[A-Za-z0-9+/]{43}=|(?:org|acc|mark)_\d+_\d+/g;

let worlds = 0;
const ulid = monotonicFactory();

/** An id of this kind that nothing has. */
export function ghost(kind: IdKind): string {
  if (kind === 'attempt') return `att_${ulid()}.evt_${ulid()}.sub_${ulid()}`;
  return `${{ subscription: 'sub', event: 'evt', replay: 'rpl' }[kind]}_${ulid()}`;
}

/** Some organizations in one platform, what each of them has, and a look at every answer that one of them gets. */
export class World {
  readonly organizations: Organization[] = [];
  /** Which tenant a text belongs to. */
  readonly owners = new Map<string, Organization>();
  /** Names of organizations whose accounts may all know them. */
  readonly shared = new Set<string>();
  readonly tenants: Tenants;
  readonly operations: Operation[];
  /** Answers looked at. */
  answers = 0;
  /** Answers that were not refused: a run that only sees refusals proves nothing. */
  granted = 0;

  private constructor(tenants: Tenants, operations: Operation[]) {
    this.tenants = tenants;
    this.operations = operations;
  }

  /**
   * Organizations that no world before had, in the same tables.
   * @param accounts how many of them, the last ones, are accounts of one organization.
   */
  static async create(tenants: Tenants, operations: Operation[], count: number, accounts = 0): Promise<World> {
    const world = new World(tenants, operations);
    worlds += 1;
    for (let n = 0; n < count; n++) {
      const name = `org_${worlds}_${n}`;
      const isAccount = n >= count - accounts;
      const account = isAccount ? name.replace('org', 'acc') : undefined;
      const owner = isAccount ? `org_${worlds}_${count - accounts}` : name;
      const ids = [`key_${ulid()}`, `key_${ulid()}`] as const;
      const organization: Organization = {
        name,
        organization: owner,
        account,
        keyId: ids[0],
        key: await tenants.key(['organization'], owner, { id: ids[0], account }),
        producerKey: await tenants.key(['events:write'], owner, { id: ids[1] }),
        subscriptions: new Map(),
        ids: { subscription: [], event: [], attempt: [], replay: [] },
        cursors: [],
      };
      world.organizations.push(organization);
      if (isAccount) world.shared.add(owner);
      const own = [...(account === undefined ? [name] : [account]), world.markOf(organization), ...ids];
      for (const text of own) world.owners.set(text, organization);
    }
    return world;
  }

  /** Whether they are accounts of one organization: its name is no secret between them. */
  static areKin(one: Organization, other: Organization): boolean {
    return one.organization === other.organization;
  }

  /** A text that only this organization's payloads and descriptions hold. */
  markOf({ name }: Organization): string {
    return name.replace('org', 'mark');
  }

  /** Says that an organization has a new id. */
  own(owner: Organization, kind: IdKind, id: string): void {
    owner.ids[kind].push(id);
    for (const [part] of id.matchAll(OWNED)) this.owners.set(part, owner);
  }

  /**
   * Makes a request as an organization and looks at the answer.
   * @param made what the answer brings into the world, if it is granted: registered before the look.
   */
  async ask(
    caller: Organization,
    request: Omit<TenantRequest, 'key'> & { key?: string },
    made: (body: Record<string, unknown>) => void = () => undefined,
  ): Promise<TenantAnswer> {
    const answer = await this.tenants.call({ key: caller.key, ...request });
    assert.ok(answer.status < 500, `${request.method} ${request.path} was answered with ${answer.status}`);
    this.answers += 1;
    if (answer.status < 300) {
      this.granted += 1;
      if (answer.text !== '') made(JSON.parse(answer.text) as Record<string, unknown>);
    }
    this.look(caller, request, answer);
    return answer;
  }

  /** The same request with something foreign and with something that does not exist: nothing tells them apart. */
  async same(caller: Organization, foreign: TenantRequest, missing: TenantRequest): Promise<TenantAnswer> {
    const answer = await this.ask(caller, foreign);
    const what = `${foreign.method} ${foreign.path}: a foreign id is told from a missing one`;
    assert.deepEqual(answer, await this.ask(caller, missing), what);
    return answer;
  }

  private look(caller: Organization, { method, path }: TenantRequest, { headers, text }: TenantAnswer): void {
    const said = `${JSON.stringify(headers)}${text}`;
    for (const [found] of `${said}${unfold(said)}`.matchAll(OWNED)) {
      if (this.shared.has(found) && found === caller.organization) continue;
      const owner = this.owners.get(found);
      assert.equal(owner?.name, caller.name, `${method} ${path} told ${caller.name} of ${found}`);
    }
  }
}

/** What cursors hold: base64url, in which there may be more of it. */
function unfold(text: string, depth = 3): string {
  const inner = [...text.matchAll(/[\w-]{20,}/g)].map(([part]) => Buffer.from(part, 'base64url').toString()).join(' ');
  return depth === 0 || inner === '' ? inner : `${inner} ${unfold(inner, depth - 1)}`;
}
