import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAuditor } from '../../lambdas/api/audit/audit.ts';
import { createSubscriptions, type Subscriptions } from '../../lambdas/api/subscriptions/subscriptions.ts';
import { changedAttributes, type AuditRecord } from '../../lambdas/domain/audit.ts';
import { createIds } from '../../lambdas/domain/ids.ts';
import { formatSecret } from '../../lambdas/domain/secrets/signature.ts';
import { becauseGone } from '../../lambdas/domain/subscription/deactivation.ts';
import { OWN_NOTES, type SubscriptionRow } from '../../lambdas/domain/subscription/subscription.ts';
import { rowHash } from '../../lambdas/stores/audit-record.ts';
import { createAuditStore } from '../../lambdas/stores/dynamodb/audit.ts';
import { createEndpointHealthStore } from '../../lambdas/stores/dynamodb/endpoint-health/health.ts';
import { createSecretStore } from '../../lambdas/stores/dynamodb/secrets.ts';
import { createSubscriptionStore } from '../../lambdas/stores/dynamodb/subscriptions.ts';
import { deactivation } from '../support/deactivation.ts';
import { startGuard, type Guard } from '../support/guard.ts';

// Any sequence of edits by the API, by the platform and by hand, with everything that a person could copy from rows that
// stood there before, leaves one record of each change, by whom it was. All within the minute in which a record is
// believed, and with changes that the stream hands over again.

const URLS = ['https://a.example.com/', 'https://b.example.com/'];

/** Who `changed_by` then names: whoever it named, the platform, or a key with the record of any edit before. */
type Author = 'copied' | 'posthorn' | 'of any record';

type Step =
  | { by: 'api'; set: { active?: boolean; url?: string; description?: string } }
  | { by: 'api'; delete: true }
  | { by: 'platform' }
  /** What stood there at one time, with the notes of another; both counted from the newest. */
  | { by: 'hand'; row: number; notes: number; author: Author }
  | { by: 'hand'; delete: true }
  | { by: 'guard'; twice: boolean };

const far = fc.integer({ min: 0, max: 6 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    by: fc.constant('api' as const),
    set: fc.oneof(
      fc.record({ active: fc.boolean() }),
      fc.record({ url: fc.constantFrom(...URLS) }),
      fc.record({ description: fc.constantFrom('x', 'y') }),
    ),
  }),
  fc.constant({ by: 'api' as const, delete: true as const }),
  fc.constant({ by: 'platform' as const }),
  fc.record({
    by: fc.constant('hand' as const),
    row: far,
    notes: far,
    author: fc.constantFrom<Author>('copied', 'posthorn', 'of any record'),
  }),
  fc.constant({ by: 'hand' as const, delete: true as const }),
  fc.record({ by: fc.constant('guard' as const), twice: fc.boolean() }),
);

let guard: Guard;
let made = 0;

beforeAll(async () => {
  guard = await startGuard();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await guard.close();
});

/** A subscription made by the API, and all that is done to it. */
class World {
  readonly organization = `org_trail_${(made += 1)}`;
  readonly id = `sub_trail_${made}`;
  /** One for each change: who, from what, to what. */
  readonly expected: string[] = [];
  /** The row after each step, oldest first. */
  readonly #history: SubscriptionRow[] = [];
  readonly #key = { organization: this.organization, id: this.id };
  readonly #principal = { keyId: 'key_1', scopes: ['organization' as const], organization: this.organization };
  readonly #api: Subscriptions;

  constructor() {
    const { dynamoDb, table } = guard.tables;
    this.#api = createSubscriptions({
      subscriptions: createSubscriptionStore(dynamoDb, table('Subscriptions')),
      secrets: createSecretStore(dynamoDb, table('SigningSecrets')),
      health: createEndpointHealthStore(dynamoDb, table('EndpointHealth')),
      release: () => Promise.resolve(),
      refuseClosed: () => Promise.resolve(),
      most: () => 10_000,
      rules: { checkUrl: (url) => ({ ok: true, url }), knownTypes: new Set() },
      record: createAuditor({
        audit: createAuditStore(dynamoDb, table('AuditTrail'), { retentionDays: 2192 }),
        newAuditId: createIds({ now: Date.now, random: Math.random }).audit,
      }),
      newRef: () => 'crd_00000000000000000000000000',
      newId: () => this.id,
      newSecret: () => ({ key: formatSecret(new Uint8Array(32)), created_ms: 0 }),
      now: Date.now,
      sleep: () => Promise.resolve(),
    });
  }

  async create(): Promise<void> {
    await this.#do('key_1', () => this.#api.create(this.#principal, { url: URLS[0]! }));
  }

  async take(next: Step): Promise<void> {
    const { dynamoDb, table } = guard.tables;
    const TableName = table('Subscriptions');
    const row = await this.#row();
    if (next.by === 'guard') {
      const changes = await guard.changes();
      for (const changed of next.twice ? [changes, changes] : [changes]) {
        expect(await guard.handle(changed)).toEqual({ batchItemFailures: [] });
      }
    } else if (next.by === 'platform') {
      const { organization, id: subscription } = this.#key;
      const at = new Date().toISOString();
      if (row) {
        await this.#do('posthorn', () =>
          deactivation(guard.tables)({ organization, subscription }, row.url, becauseGone(at), at),
        );
      }
    } else if (next.by === 'hand') {
      if ('delete' in next) {
        await this.#do('table', () => dynamoDb.send(new DeleteCommand({ TableName, Key: this.#key })));
      } else {
        const Item = { ...this.#past(next.row), ...(await this.#notesOf(next)) };
        await this.#do('table', () => dynamoDb.send(new PutCommand({ TableName, Item })));
      }
    } else if (row) {
      const call =
        'delete' in next
          ? () => this.#api.remove(this.#principal, this.id)
          : () => this.#api.change(this.#principal, this.id, next.set);
      await this.#do('key_1', call);
    }
  }

  /** Does it, and notes what is to stand in the trail. The API records also what changes nothing. */
  async #do(actor: string, act: () => Promise<unknown>): Promise<void> {
    const before = await this.#row();
    await act();
    const after = await this.#row();
    if (after) this.#history.push(after);
    if (actor !== 'key_1' && changedAttributes(before, after).length === 0) return;
    this.expected.push(line(actor, before && rowHash(before), after && rowHash(after)));
  }

  #past(back: number): SubscriptionRow {
    return this.#history[Math.max(0, this.#history.length - 1 - back)]!;
  }

  async #notesOf({ notes, author }: Extract<Step, { notes: number }>): Promise<SubscriptionRow> {
    const past = this.#past(notes);
    const copied = Object.fromEntries(OWN_NOTES.map((name) => [name, past[name]]));
    if (author === 'copied') return copied;
    if (author === 'posthorn') return { ...copied, changed_by: 'posthorn' };
    const trail = await guard.trail(this.id);
    return { ...copied, changed_by: `key_1 ${trail[Math.max(0, trail.length - 1 - notes)]!.id}` };
  }

  async #row(): Promise<SubscriptionRow | undefined> {
    const TableName = guard.tables.table('Subscriptions');
    const get = new GetCommand({ TableName, Key: this.#key, ConsistentRead: true });
    return (await guard.tables.dynamoDb.send(get)).Item;
  }
}

function line(actor: string, before?: string, after?: string): string {
  return `${actor}: ${before?.slice(0, 8) ?? 'nothing'} → ${after?.slice(0, 8) ?? 'nothing'}`;
}

const lineOf = ({ actor, before_sha256, after_sha256 }: AuditRecord): string =>
  line(actor, before_sha256, after_sha256);

describe('any sequence of edits by the API, the platform and people who copy everything', () => {
  it('leaves exactly one record of each change, by whom it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const world = new World();
        await world.create();
        for (const next of steps) await world.take(next);
        await guard.settle();

        expect((await guard.trail(world.id)).map(lineOf).sort()).toEqual(world.expected.sort());
      }),
      { numRuns: 60 },
    );
  });
});
