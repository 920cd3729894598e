import type { DynamoDBDocumentClient } from '#aws-sdk/lib-dynamodb';
import type { EndpointHealth } from '../../domain/endpoint/health.ts';
import { readCredentials, refOf, type CredentialsByRef } from '../../domain/subscription/auth.ts';
import { needsPrivateKey } from '../../domain/subscription/subscription.ts';
import { readSecrets } from '../../domain/secrets/stored.ts';
import type { SigningSecret } from '../secrets.ts';
import { targetName } from '../delivery-targets.ts';
import { readAll, type BatchAnswer } from './batch-get.ts';
import type { DeliveryTarget, TargetKey, TargetStore } from '../delivery-targets.ts';

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

/** @param now milliseconds since the epoch. */
export function createTargetStore(
  dynamoDb: DynamoDBDocumentClient,
  tables: TargetTables,
  now: () => number = Date.now,
): Pick<TargetStore, 'load'> {
  const secrets = new SecretCache(now);
  return {
    async load(keys) {
      const wanted = [...new Map(keys.map((key) => [targetName(key), key])).values()];
      const known = new Map<string, SecretsRow>();
      for (const { organization, subscription } of wanted) {
        const kept = secrets.get(subscription);
        // An id that was another organization's a moment ago may be this one's by now.
        if (kept?.organization === organization) known.set(subscription, kept);
      }
      const answer = await readAll(dynamoDb, {
        [tables.subscriptions]: {
          keys: wanted.map(({ organization, subscription }) => ({ organization, id: subscription })),
          consistent: true,
        },
        // May be a moment old, at half the price; subscriptions and secrets may not.
        [tables.endpointHealth]: { keys: wanted.map(idOf) },
        [tables.signingSecrets]: {
          keys: wanted.filter((key) => known.get(key.subscription)?.organization !== key.organization).map(idOf),
          consistent: true,
        },
      });
      learn(answer);
      const outdated = (answer.rows[tables.subscriptions] ?? []).filter((row) => lacksItsOwn(row, known));
      if (outdated.length > 0) {
        const keys = outdated.map((row) => ({ subscription: String(row.id) }));
        const newer = await readAll(dynamoDb, { [tables.signingSecrets]: { keys, consistent: true } });
        learn(newer);
        // Of these what is known is too old to be used.
        for (const { subscription = '' } of newer.unread[tables.signingSecrets] ?? []) {
          known.delete(subscription);
          (answer.unread[tables.signingSecrets] ??= []).push({ subscription });
        }
      }
      return assemble(wanted, answer, tables, known);

      function learn({ rows }: BatchAnswer): void {
        for (const stored of rows[tables.signingSecrets] ?? []) {
          const row = { ...stored, secrets: readSecrets(stored.secrets) } as unknown as SecretsRow;
          if (stored.credentials !== undefined) row.credentials = readCredentials(stored.credentials);
          known.set(row.subscription, row);
          if (row.secrets.length > 0) secrets.put(row);
        }
      }
    },
  };
}

/** Whether a row asks for credentials or a key that are newer than what is known: they are used from the moment it does. */
function lacksItsOwn(row: Record<string, unknown>, known: Map<string, SecretsRow>): boolean {
  const { organization, id, auth, signing } = row;
  if (auth === undefined && signing === undefined) return false;
  const kept = known.get(String(id));
  if (kept?.organization === organization && needsPrivateKey(row) && !kept?.secrets.some(hasPrivateKey)) return true;
  const ref = refOf({ auth });
  if (ref === undefined || !kept || kept.organization !== organization) return false;
  return kept.credentials?.[ref] === undefined;
}

function hasPrivateKey({ private_key }: SigningSecret): boolean {
  return private_key !== undefined;
}

/** What was read, by target: each gets what its own organization has, and nothing that only has the same id. */
function assemble(
  wanted: readonly TargetKey[],
  { rows, unread }: BatchAnswer,
  tables: TargetTables,
  secrets: Map<string, SecretsRow>,
): Map<string, DeliveryTarget> {
  const subscriptions = new Map(
    (rows[tables.subscriptions] ?? []).map((row) => [
      targetName({ organization: row.organization as string, subscription: row.id as string }),
      row,
    ]),
  );
  const healthRows = (rows[tables.endpointHealth] ?? []) as unknown as EndpointHealth[];
  const healths = new Map(healthRows.map((health) => [health.subscription, health]));
  const unreadRows = new Set(
    unread[tables.subscriptions]?.map(({ organization = '', id = '' }) =>
      targetName({ organization, subscription: id }),
    ),
  );
  const unreadHealth = new Set(unread[tables.endpointHealth]?.map(({ subscription }) => subscription));
  const unreadSecrets = new Set(unread[tables.signingSecrets]?.map(({ subscription }) => subscription));
  const loaded = new Map<string, DeliveryTarget>();
  for (const key of wanted) {
    const { organization, subscription } = key;
    const name = targetName(key);
    const health = healths.get(subscription);
    const stored = secrets.get(subscription);
    if (unreadRows.has(name) || unreadHealth.has(subscription)) continue;
    // Kept ones of another organization do not say whose the id is now.
    if (unreadSecrets.has(subscription) && stored?.organization !== organization) continue;
    loaded.set(name, {
      row: subscriptions.get(name),
      owner: stored?.organization,
      secrets: stored?.organization === organization ? stored.secrets : [],
      credentials: stored?.organization === organization ? stored.credentials : undefined,
      health: health?.organization === organization ? health : undefined,
    });
  }
  return loaded;
}

function idOf({ subscription }: TargetKey): { subscription: string } {
  return { subscription };
}

interface SecretsRow {
  subscription: string;
  organization: string;
  secrets: SigningSecret[];
  credentials?: CredentialsByRef | undefined;
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
