import { z } from 'zod';
import { Problem } from '../domain/problem.ts';
import { rotate, type SigningSecret } from '../domain/secret-rotation.ts';
import type { SecretStore } from '../stores/secrets.ts';
import { notFound } from './access.ts';
import { route, type Route } from './route.ts';
import type { Subscriptions } from './subscriptions.ts';

const secretsView = z.object({
  secret: z.string().describe('The newest'),
  secrets: z
    .array(z.object({ secret: z.string(), created_at: z.string(), expires_at: z.string().optional() }))
    .describe('All that are valid now, newest first'),
});

const HOUR_MS = 3_600_000;
/** Somebody else rotated between our read and our write: so often is tried again. */
const ROTATION_TRIES = 3;

export interface SecretDeps {
  subscriptions: Subscriptions;
  secrets: SecretStore;
  newSecret(): SigningSecret;
  now(): number;
}

/** The only routes that show signing secrets. */
export function secretRoutes(deps: SecretDeps): Route[] {
  return [
    route({
      operation: 'getSecret',
      method: 'GET',
      path: '/v1/subscriptions/{id}/secret',
      summary: 'The signing secrets that are valid now, newest first',
      access: ['admin', 'organization'],
      success: { status: 200, description: 'The secrets', schema: secretsView },
      handle: async ({ principal, params }) => {
        await deps.subscriptions.find(principal, params.id!);
        const stored = await deps.secrets.get(params.id!);
        if (!stored || stored.secrets.length === 0) throw notFound();
        return { status: 200, body: view(stored.secrets) };
      },
    }),
    route({
      operation: 'rotateSecret',
      method: 'POST',
      path: '/v1/subscriptions/{id}/rotate-secret',
      summary: 'A new signing secret; the older ones stay valid for a while',
      access: ['admin', 'organization'],
      body: z.strictObject({
        overlap_hours: z.int().min(0).max(168).default(24).describe('How long the older ones stay valid; 0 ends them'),
      }),
      bodyOptional: true,
      success: { status: 200, description: 'The secrets, the new one first', schema: secretsView },
      handle: async ({ principal, params, body }) => {
        await deps.subscriptions.find(principal, params.id!);
        return { status: 200, body: view(await rotateStored(deps, params.id!, body.overlap_hours * HOUR_MS)) };
      },
    }),
  ];
}

async function rotateStored(deps: SecretDeps, id: string, overlapMs: number): Promise<SigningSecret[]> {
  for (let attempt = 0; attempt < ROTATION_TRIES; attempt++) {
    const stored = await deps.secrets.get(id);
    const newest = stored?.secrets[0];
    if (!stored || !newest) throw notFound();
    const rotated = rotate(stored.secrets, deps.newSecret(), deps.now(), overlapMs);
    if (await deps.secrets.replace(id, newest.key, rotated)) return rotated;
  }
  throw new Problem('conflict', 'Somebody else is rotating this secret at the same time. Look at it, then try again.');
}

function view(secrets: SigningSecret[]): z.output<typeof secretsView> {
  const shown = secrets.map((secret) => ({
    secret: secret.key,
    created_at: new Date(secret.created_ms).toISOString(),
    ...(secret.expires_ms === undefined ? {} : { expires_at: new Date(secret.expires_ms).toISOString() }),
  }));
  return { secret: shown[0]!.secret, secrets: shown };
}
