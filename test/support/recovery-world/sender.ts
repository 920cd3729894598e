import { decide } from '../../../lambdas/domain/delivery/outcome.ts';
import {
  admit,
  healthChange,
  observe,
  shouldOpen,
  type HealthChange,
} from '../../../lambdas/domain/endpoint/circuit.ts';
import type { EndpointHealth } from '../../../lambdas/domain/endpoint/health.ts';
import { decodeDeliveryMessage } from '../../../lambdas/domain/messages/codec.ts';
import type { DeliveryMessage } from '../../../lambdas/domain/messages/messages.ts';
import type { LatestAttempt } from '../../../lambdas/stores/attempts.ts';
import { deliveryBody } from '../delivery-body.ts';
import { SUBSCRIPTION, type World } from './world.ts';
import { ORGANIZATION } from '../sender.ts';

const CIRCUIT = { failures: 20, spanMs: 60_000 };

/** A sender made of the real domain functions. */
export class WorldSender {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  receive(body: string, attempt: number): void {
    const decoded = decodeDeliveryMessage(body);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { message } = decoded;
    if (!this.#world.row) return this.#cancel(message);
    const isPaused = this.#world.row.paused === true;
    const may = isPaused ? (message.probe ? 'drop' : 'hold') : admit(this.#world.health, message);
    if (may === 'drop') return;
    if (may === 'hold') return this.#hold(message, body);
    if (message.recheck && this.#world.log.get(message.event.id)?.outcome === 'delivered') return;
    this.#send(message, body, attempt);
  }

  /** What the sender does when the subscription is deleted. */
  #cancel({ event: { id }, probe }: DeliveryMessage): void {
    this.#note(id, 'cancelled');
    if (probe) this.#world.held.delete(id);
  }

  #hold(message: DeliveryMessage, body: string): void {
    const { id } = message.event;
    const { probe: _, released: __, ...plain } = message;
    const { event, v: ___, ...fields } = plain;
    this.#world.held.set(id, {
      subscription: SUBSCRIPTION,
      event_id: id,
      organization: ORGANIZATION,
      held_ms: this.#world.now,
      message: message.released ? deliveryBody(event, fields) : body,
    });
    this.#note(id, 'held');
  }

  #send(message: DeliveryMessage, body: string, attempt: number): void {
    const { id } = message.event;
    const second = Math.floor(this.#world.now / 1000);
    const load = (this.#world.load.get(second) ?? 0) + 1;
    this.#world.load.set(second, load);
    const ok = this.#world.answers(this.#world.now, load);
    const decision = decide(
      { kind: 'answered', status: ok ? 200 : 503 },
      {
        attempt,
        times: { firstMs: this.#world.now, beganMs: this.#world.now, endedMs: this.#world.now },
        delays: [10, 60, 180],
        random: 0.5,
        probe: message.probe === true,
      },
    );
    this.#note(id, decision.outcome!);
    if (ok) this.#world.delivered.push(id);
    if (ok && message.probe) this.#world.held.delete(id);
    if (decision.then.do === 'retry') this.#world.queue(body, attempt + 1, decision.then.atMs);
    this.#learn(ok);
  }

  #note(id: string, outcome: LatestAttempt['outcome']): void {
    this.#world.log.set(id, { outcome, attempted_ms: this.#world.now, format: 'standard' });
  }

  #learn(success: boolean): void {
    const seen = observe(undefined, { success, answered: true, hung: false, durationMs: 50 });
    const change = healthChange(this.#world.health, seen, this.#world.now);
    if (!change) return;
    const after = this.#apply(change);
    if (after.circuit === 'releasing' && change.circuit) {
      after.release_ms = this.#world.now;
      this.#world.job({
        kind: 'release',
        organization: ORGANIZATION,
        subscription_id: SUBSCRIPTION,
        run: this.#world.now,
      });
    }
    if (!shouldOpen(after, CIRCUIT, this.#world.now)) return;
    this.#world.opened += 1;
    after.circuit = 'open';
    after.opened_ms = this.#world.now;
  }

  #apply(change: HealthChange): EndpointHealth {
    const row = (this.#world.health ??= { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 });
    row.failures = change.reset ? change.add : row.failures + change.add;
    if (row.failures === 0) delete row.failing_since_ms;
    else if (change.reset || row.failing_since_ms === undefined) row.failing_since_ms = this.#world.now;
    if (change.circuit && row.circuit === 'open') {
      row.circuit = change.circuit;
      delete row.release_step;
      delete row.release_step_ms;
      delete row.renewed_ms;
    }
    return row;
  }
}
