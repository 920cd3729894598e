import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { BatchGetCommandInput, BatchGetCommandOutput, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EndpointHealth } from '../../domain/endpoint/health.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { SigningSecret } from '../secrets.ts';
import { targetName } from '../delivery-targets.ts';
import type { Target, TargetKey, TargetStore } from '../delivery-targets.ts';

/** Names of the tables that make up a target. */
export interface TargetTables {
  subscriptions: string;
  signingSecrets: string;
  endpointHealth: string;
}

/** A rotated secret is in use everywhere after this; so is the end of an old one. */
const SECRETS_AGE_MS = 60_000;
/** Subscriptions whose secrets one process keeps, at most. */
const SECRETS_KEPT = 5000;
/** BatchGetItem takes no more keys. */
const CHUNK = 100;
const TRIES = 6;
const FIRST_WAIT_MS = 25;

type Requests = NonNullable<BatchGetCommandInput['RequestItems']>;
type Rows = Record<string, Record<string, unknown>[]>;
/** One key of one table, and the target that it is for. */
interface Wanted {
  table: string;
  key: Record<string, string>;
}

/** @param now milliseconds since the epoch. */
export function createTargetStore(
  dynamoDb: DynamoDBDocumentClient,
  tables: TargetTables,
  now: () => number = Date.now,
): Pick<TargetStore, 'load'> {
  const secrets = new SecretCache(now);
  return {
    async load(keys) {
      const targets = new Map(keys.map((key) => [targetName(key), key]));
      const wanted: Wanted[] = [];
      const known = new Map<string, SecretsRow>();
      for (const { organization, subscription } of targets.values()) {
        wanted.push({ table: tables.subscriptions, key: { organization, id: subscription } });
        wanted.push({ table: tables.endpointHealth, key: { subscription } });
        const kept = secrets.get(subscription);
        if (kept) known.set(subscription, kept);
        else wanted.push({ table: tables.signingSecrets, key: { subscription } });
      }
      const { rows, missing } = await getAll(dynamoDb, wanted, tables.endpointHealth);
      for (const row of (rows[tables.signingSecrets] ?? []) as unknown as SecretsRow[]) {
        if (!Array.isArray(row.secrets) || row.secrets.length === 0) continue;
        secrets.put(row);
        known.set(row.subscription, row);
      }
      return assemble(targets, rows, missing, tables, known);
    },
  };
}

function assemble(
  targets: Map<string, TargetKey>,
  rows: Rows,
  missing: Set<string>,
  tables: TargetTables,
  secrets: Map<string, SecretsRow>,
): Map<string, Target> {
  const subscriptions = new Map<string, SubscriptionRow>();
  for (const row of rows[tables.subscriptions] ?? []) {
    subscriptions.set(targetName({ organization: row.organization as string, subscription: row.id as string }), row);
  }
  const health = new Map<string, EndpointHealth>();
  for (const row of rows[tables.endpointHealth] ?? []) {
    health.set(row.subscription as string, row as unknown as EndpointHealth);
  }
  const loaded = new Map<string, Target>();
  for (const [name, { organization, subscription }] of targets) {
    if (missing.has(subscription)) continue;
    const row = subscriptions.get(name);
    const state = health.get(subscription);
    const kept = secrets.get(subscription);
    loaded.set(name, {
      ...(row ? { row } : {}),
      ...(state ? { health: state } : {}),
      secrets: kept?.organization === organization ? kept.secrets : [],
    });
  }
  return loaded;
}

/** Reads all keys; what DynamoDB leaves unprocessed is asked for again. `missing`: subscriptions of keys never answered. */
async function getAll(
  dynamoDb: DynamoDBDocumentClient,
  wanted: Wanted[],
  eventually: string,
): Promise<{ rows: Rows; missing: Set<string> }> {
  const rows: Rows = {};
  const missing = new Set<string>();
  const chunks: Wanted[][] = [];
  for (let i = 0; i < wanted.length; i += CHUNK) chunks.push(wanted.slice(i, i + CHUNK));
  await Promise.all(
    chunks.map(async (chunk) => {
      let requests: Requests | undefined = requestFor(chunk, eventually);
      for (let round = 0; round < TRIES && requests; round++) {
        if (round > 0) await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** (round - 1)));
        const answer: BatchGetCommandOutput = await dynamoDb.send(new BatchGetCommand({ RequestItems: requests }));
        for (const [table, found] of Object.entries(answer.Responses ?? {})) (rows[table] ??= []).push(...found);
        requests = Object.keys(answer.UnprocessedKeys ?? {}).length > 0 ? answer.UnprocessedKeys : undefined;
      }
      for (const { Keys } of Object.values(requests ?? {})) {
        for (const key of Keys ?? []) missing.add((key.subscription ?? key.id) as string);
      }
    }),
  );
  return { rows, missing };
}

/** Health may be a moment old, at half the price; subscriptions and secrets may not. */
function requestFor(chunk: Wanted[], eventually: string): Requests {
  const requests: Requests = {};
  for (const { table, key } of chunk) {
    (requests[table] ??= { Keys: [], ConsistentRead: table !== eventually }).Keys!.push(key);
  }
  return requests;
}

interface SecretsRow {
  subscription: string;
  organization: string;
  secrets: SigningSecret[];
}

/** Secrets of at most 60 s ago. A subscription without any is asked for again each time: one typed in by hand gets its secret soon. */
class SecretCache {
  private readonly now: () => number;
  private readonly kept = new Map<string, { row: SecretsRow; until: number }>();

  constructor(now: () => number) {
    this.now = now;
  }

  get(subscription: string): SecretsRow | undefined {
    const entry = this.kept.get(subscription);
    if (entry && entry.until > this.now()) return entry.row;
    this.kept.delete(subscription);
    return undefined;
  }

  put(row: SecretsRow): void {
    if (this.kept.size >= SECRETS_KEPT) this.kept.clear();
    this.kept.set(row.subscription, { row, until: this.now() + SECRETS_AGE_MS });
  }
}
