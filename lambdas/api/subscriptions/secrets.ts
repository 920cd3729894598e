import { z } from 'zod';
import { Problem } from '../../domain/problem.ts';
import { publicKeyOf, type PublicKey } from '../../domain/secrets/signature.ts';
import { rotate, type SigningSecret } from '../../domain/secrets/rotation.ts';
import { properly } from '../../domain/secrets/stored.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import type { SecretStore } from '../../stores/secrets.ts';
import type { Principal } from '../../domain/api-key.ts';
import { notFound, OWNERS } from '../http/access.ts';
import { shortHash } from '../../stores/audit-record.ts';
import type { Auditor } from '../audit/audit.ts';
import { route, type Route } from '../http/route.ts';
import { ownSecret } from './schema.ts';
import { newSecret, type Subscriptions } from './subscriptions.ts';

const publicKey = z
  .string()
  .optional()
  .describe('whpk_…: verifies signatures v1a; also at /v1/subscriptions/{id}/jwks.json');

const secretsView = z.object({
  secret: z.string().describe('The newest'),
  public_key: publicKey,
  secrets: z
    .array(
      z.object({
        secret: z.string(),
        public_key: publicKey,
        created_at: z.string(),
        expires_at: z.string().optional(),
      }),
    )
    .describe('All that are valid now, newest first'),
});

const HOUR_MS = 3_600_000;
/** Somebody else rotated between our read and our write: so often is tried again. */
const ROTATION_TRIES = 3;

export interface SecretDeps {
  subscriptions: Subscriptions;
  secrets: SecretStore;
  record: Auditor;
  newSecret(): SigningSecret;
  now(): number;
}

const jwks = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: z.string(),
      kid: z.string(),
      use: z.literal('sig'),
      alg: z.literal('EdDSA'),
    }),
  ),
});
/** Seconds for which others may keep the public keys: as long as senders may sign with the older ones. */
const JWKS_SECONDS = 60;

/** The only routes that show signing secrets; the public keys are shown to everybody who knows the id. */
export function secretRoutes(deps: SecretDeps): Route[] {
  return [
    route({
      operation: 'getSecret',
      method: 'GET',
      path: '/v1/subscriptions/{id}/secret',
      summary: 'The signing secrets that are valid now, newest first',
      access: OWNERS,
      forAccounts: true,
      success: { status: 200, description: 'The secrets', schema: secretsView },
      handle: async ({ principal, params }) => {
        const found = await findSecrets(deps, principal, params.id!);
        await deps.record(principal, { action: 'secret.viewed', ...found.object, changed: [] });
        return { status: 200, body: view(found.secrets) };
      },
    }),
    route({
      operation: 'getPublicKeys',
      method: 'GET',
      path: '/v1/subscriptions/{id}/jwks.json',
      summary: 'The public keys that verify signatures v1a, newest first, as a JWK set; needs no key',
      access: 'public',
      success: { status: 200, description: 'A JWK set (RFC 7517)', schema: jwks },
      handle: async ({ params }) => {
        const stored = await deps.secrets.get(params.id!);
        const keys = (stored?.secrets ?? []).flatMap((secret) => publicKeyIn(secret)?.jwk ?? []);
        if (keys.length === 0) throw notFound();
        return { status: 200, body: { keys }, cacheSeconds: JWKS_SECONDS };
      },
    }),
    route({
      operation: 'rotateSecret',
      method: 'POST',
      path: '/v1/subscriptions/{id}/rotate-secret',
      summary: 'Create a new signing secret; the older ones stay valid for some time',
      access: OWNERS,
      forAccounts: true,
      body: z.strictObject({
        secret: ownSecret.optional(),
        overlap_hours: z
          .int()
          .min(0)
          .max(168)
          .default(24)
          .describe('Hours for which the older secrets stay valid; 0 ends them at once'),
      }),
      bodyOptional: true,
      success: { status: 200, description: 'The secrets, the new one first', schema: secretsView },
      handle: async ({ principal, params, body }) => {
        const found = await findSecrets(deps, principal, params.id!);
        refuseSame(found.secrets, body.secret);
        const fresh = newSecret(deps, body.secret);
        const changes = { secrets: { old: shortHash(found.secrets[0]!.key), new: shortHash(fresh.key) } };
        await deps.record(principal, { action: 'secret.rotated', ...found.object, changed: ['secrets'], changes });
        const secrets = await rotateStored(deps, found, fresh, body.overlap_hours * HOUR_MS);
        await deps.subscriptions.mendSecret(found.row);
        return { status: 200, body: view(secrets) };
      },
    }),
  ];
}

interface FoundSecrets {
  row: SubscriptionRow;
  object: { type: 'subscription'; id: string; organization: string };
  /** At least one, newest first. */
  secrets: SigningSecret[];
}

/**
 * @throws Problem not-found also for secrets of another organization: a row typed by hand may have the id of a
 * subscription that is not its own.
 */
async function findSecrets(deps: SecretDeps, principal: Principal, id: string): Promise<FoundSecrets> {
  const row = await deps.subscriptions.find(principal, id);
  const object = { type: 'subscription', id, organization: String(row.organization) } as const;
  return { row, object, secrets: await ownSecrets(deps, object) };
}

async function ownSecrets(
  { secrets }: SecretDeps,
  { id, organization }: FoundSecrets['object'],
): Promise<SigningSecret[]> {
  const stored = await secrets.get(id);
  if (stored?.organization !== organization || stored.secrets.length === 0) throw notFound();
  return stored.secrets;
}

/** @throws Problem invalid-request: with the same secret in two places, its end would be that of both. */
function refuseSame(known: readonly SigningSecret[], given: string | undefined): void {
  if (given === undefined || !known.some(({ key }) => key === properly(given))) return;
  throw new Problem('invalid-request', 'The body is not valid. See errors.', [
    { pointer: '/secret', detail: 'expected a new secret, this one is already valid' },
  ]);
}

async function rotateStored(
  deps: SecretDeps,
  found: FoundSecrets,
  fresh: SigningSecret,
  overlapMs: number,
): Promise<SigningSecret[]> {
  let known = found.secrets;
  for (let attempt = 0; attempt < ROTATION_TRIES; attempt++) {
    const rotated = rotate(known, fresh, fresh.created_ms, overlapMs);
    if (await deps.secrets.replace(found.object.id, known[0]!.key, rotated)) return rotated;
    known = await ownSecrets(deps, found.object);
  }
  throw new Problem('conflict', 'Somebody else is rotating this secret at the same time. Read it again, then retry.');
}

function view(secrets: SigningSecret[]): z.output<typeof secretsView> {
  const shown = secrets.map((secret) => ({
    secret: secret.key,
    public_key: publicKeyIn(secret)?.whpk,
    created_at: new Date(secret.created_ms).toISOString(),
    ...(secret.expires_ms === undefined ? {} : { expires_at: new Date(secret.expires_ms).toISOString() }),
  }));
  const [{ secret, public_key } = { secret: '' }] = shown;
  return { secret, public_key, secrets: shown };
}

/** One that somebody typed wrongly counts as none. */
function publicKeyIn({ private_key }: SigningSecret): PublicKey | undefined {
  try {
    return private_key === undefined ? undefined : publicKeyOf(private_key);
  } catch {
    return undefined;
  }
}
