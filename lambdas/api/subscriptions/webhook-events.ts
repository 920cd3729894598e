import { z } from 'zod';
import { Problem } from '../../domain/problem.ts';
import { checkBody } from './check-body.ts';
import { createPing, pingTarget, type PingDeps } from './ping.ts';
import { STAFF_AND_CUSTOMERS } from '../http/access.ts';
import { route, type Route } from '../http/route.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import { subscriptionInput } from './schema.ts';
import { viewSubscription } from './view.ts';
import type { Subscriptions } from './subscriptions.ts';

const { organization, account, active, url, events } = subscriptionInput.shape;

const install = z
  .strictObject({ organization, account, active, url, events })
  .required({ url: true })
  .describe('Installs a webhook on an organization, or on one account');
const ping = z.strictObject({ webhook: z.string(), event: z.literal('ping') }).describe('Pings a webhook');

const INSTALL_MEMBERS = Object.keys(install.shape);
const PING_MEMBERS = Object.keys(ping.shape);

export interface WebhookEventsDeps extends Pick<PingDeps, 'sendEvent' | 'newEvent' | 'record'> {
  subscriptions: Subscriptions;
  rules: SubscriptionRules;
}

/**
 * `POST /webhook-events`, the contract of the Org yardstick: one route that installs or pings, told apart by its body.
 * What it installs uses format `envelope`, and only status 200 counts as delivered.
 */
export function webhookEventsRoutes(deps: WebhookEventsDeps): Route[] {
  const sendPing = createPing(deps);
  return [
    route({
      operation: 'webhookEvents',
      method: 'POST',
      path: '/webhook-events',
      summary: 'Install a webhook, or ping one',
      access: STAFF_AND_CUSTOMERS,
      forAccounts: true,
      body: z.union([install, ping]).describe('Exactly one of the two shapes'),
      // Which shape it is decides which rules hold; a union would report the breaches of both.
      bodyCheck: (value) => checkBody(shapeOf(value), value, deps),
      success: {
        status: 201,
        description: 'Installed',
        schema: z.object({
          id: z.string(),
          organization: z.string(),
          account: z.string().optional(),
          active: z.boolean(),
          url: z.string(),
          events: z.union([z.string(), z.array(z.string())]).describe('As sent'),
        }),
      },
      otherwise: {
        status: 202,
        description: 'The ping is queued',
        schema: z.object({ id: z.string(), webhook: z.string(), event: z.literal('ping') }),
      },
      handle: async ({ principal, body, fromConsole }) => {
        if ('webhook' in body) {
          const row = await deps.subscriptions.find(principal, body.webhook);
          const event = await sendPing(principal, pingTarget(row), fromConsole ? 'DASHBOARD' : 'API');
          return { status: 202, body: { id: event.id, webhook: body.webhook, event: 'ping' } };
        }
        // That only 200 counts comes with the format.
        const made = await deps.subscriptions.create(principal, { ...body, format: 'envelope' });
        const { id, organization, account, active, url, events } = viewSubscription(made, deps.rules);
        const owner = { id, organization, account } as { id: string; organization: string; account?: string };
        const wants = { active, url, events: body.events ?? events } as {
          active: boolean;
          url: string;
          events: string[];
        };
        return { status: 201, body: { ...owner, ...wants } };
      },
    }),
  ];
}

/** @throws Problem malformed-request for neither shape, half a ping, and both. */
function shapeOf(value: unknown): typeof install | typeof ping {
  const members = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const installs = members.some((member) => INSTALL_MEMBERS.includes(member));
  const pings = members.some((member) => PING_MEMBERS.includes(member));
  const half = pings && !PING_MEMBERS.every((member) => members.includes(member));
  if (installs === pings || half) {
    throw new Problem(
      'malformed-request',
      'Expected either {organization or account, active, url, events} to install, or {webhook, event: "ping"} to ping.',
    );
  }
  return installs ? install : ping;
}
