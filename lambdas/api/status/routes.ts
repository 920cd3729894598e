import { route, type Route } from '../http/route.ts';
import { STAFF } from '../http/access.ts';
import { readStatus, type StatusDeps } from './read-status.ts';
import { statusView } from './schema.ts';

/** For so long the same answer is given: every open console asks again and again. Milliseconds. */
const FRESH_MS = 5000;

/** `GET /v1/status`: whether anything is wrong now. */
export function statusRoutes(deps: StatusDeps): Route[] {
  let kept: { atMs: number; status: ReturnType<typeof readStatus> } | undefined;
  return [
    route({
      operation: 'getStatus',
      method: 'GET',
      path: '/v1/status',
      summary: 'The current state of queues, dead letters, held and stuck deliveries, schedules and ringing alarms',
      access: STAFF,
      success: { status: 200, description: 'The status', schema: statusView },
      handle: async () => {
        const nowMs = deps.now();
        // `readStatus` never rejects. Those who ask at the same time wait for one look.
        if (!kept || nowMs - kept.atMs >= FRESH_MS) kept = { atMs: nowMs, status: readStatus(deps) };
        return { status: 200, body: await kept.status };
      },
    }),
  ];
}
