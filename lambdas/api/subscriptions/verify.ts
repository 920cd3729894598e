import { z } from 'zod';
import { maySee, maySeePayloads, type Principal } from '../../domain/api-key.ts';
import { CAUSES, whyInvalid, type Known } from '../../domain/secrets/why-invalid.ts';
import type { SubscriptionRow } from '../../domain/subscription/subscription.ts';
import { eventIdMs } from '../../domain/ulid-time.ts';
import type { AttemptStore } from '../../stores/attempts.ts';
import type { EventStore } from '../../stores/events.ts';
import type { SecretStore } from '../../stores/secrets.ts';
import type { SubscriptionStore } from '../../stores/subscriptions.ts';
import type { RenderBody } from '../deliveries/view.ts';
import { maySeeRow, OWNERS } from '../http/access.ts';
import { route, type Route } from '../http/route.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface VerifyDeps {
  subscriptions: Pick<Subscriptions, 'find'>;
  store: Pick<SubscriptionStore, 'pages'>;
  secrets: Pick<SecretStore, 'get'>;
  events: Pick<EventStore, 'get'>;
  attempts: Pick<AttemptStore, 'latest'>;
  render: RenderBody;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Other subscriptions whose secrets are tried. Whoever has more has found the subscription by its URL before. */
const MOST_OTHERS = 50;

const input = z.strictObject({
  headers: z
    .record(z.string().max(256), z.string().max(8192))
    .describe('Headers of the request as they came, at least webhook-*'),
  body: z.string().describe('The body as it came, before anything parses it'),
  computed: z
    .string()
    .max(1024)
    .optional()
    .describe('What your own code computed: names the mistakes that are made most'),
});

const answer = z.object({
  valid: z.boolean().describe('Whether a receiver that verifies properly would take this request now'),
  cause: z.enum(CAUSES),
  detail: z.string().describe('What to do'),
});

/** `POST /v1/subscriptions/{id}/verify`: says why a signature does not match. Stores nothing, shows no secret. */
export function verifyRoutes(deps: VerifyDeps): Route[] {
  return [
    route({
      operation: 'verifySignature',
      method: 'POST',
      path: '/v1/subscriptions/{id}/verify',
      summary: 'Say whether a request is signed for this subscription and, if not, what went wrong',
      access: OWNERS,
      onlyReads: true,
      forAccounts: true,
      body: input,
      success: { status: 200, description: 'What is wrong, if anything', schema: answer },
      handle: async ({ principal, params, body }) => {
        const row = await deps.subscriptions.find(principal, params.id!);
        const headers = Object.fromEntries(
          Object.entries(body.headers).map(([name, value]) => [name.trim().toLowerCase(), value]),
        );
        const known = await knownOf(deps, principal, row, headers['webhook-id']?.trim());
        return { status: 200, body: whyInvalid({ ...body, headers }, known) };
      },
    }),
  ];
}

async function knownOf(
  deps: VerifyDeps,
  principal: Principal,
  row: SubscriptionRow,
  eventId: string | undefined,
): Promise<Known> {
  const organization = String(row.organization);
  const [secrets, others, sent] = await Promise.all([
    secretsOf(deps, organization, String(row.id)),
    othersOf(deps, principal, row),
    sentBody(deps, principal, row, eventId),
  ]);
  return { secrets, others, sent, nowMs: deps.now() };
}

async function secretsOf({ secrets }: VerifyDeps, organization: string, id: string): Promise<string[]> {
  const stored = await secrets.get(id);
  return stored?.organization === organization ? stored.secrets.map(({ key }) => key) : [];
}

/** The organization's other subscriptions, as far as the key may see them. */
async function othersOf(deps: VerifyDeps, principal: Principal, row: SubscriptionRow): Promise<Known['others']> {
  const organization = String(row.organization);
  const ids: string[] = [];
  for await (const rows of deps.store.pages(organization)) {
    for (const other of rows) if (other.id !== row.id && maySeeRow(principal, other)) ids.push(String(other.id));
    if (ids.length >= MOST_OTHERS) break;
  }
  return Promise.all(
    ids
      .slice(0, MOST_OTHERS)
      .map(async (id) => ({ subscription: id, secrets: await secretsOf(deps, organization, id) })),
  );
}

/** What was sent under this id, where the key may see bodies and the log still has it. */
async function sentBody(
  { events, attempts, render }: VerifyDeps,
  principal: Principal,
  row: SubscriptionRow,
  eventId: string | undefined,
): Promise<string | undefined> {
  if (eventId === undefined || eventIdMs(eventId) === undefined || !maySeePayloads(principal)) return undefined;
  const [recorded, latest] = await Promise.all([
    events.get(String(row.organization), eventId),
    attempts.latest(String(row.id), eventId),
  ]);
  if (!recorded || !latest || !maySee(principal, recorded.event)) return undefined;
  return render(recorded.event, latest.format);
}
