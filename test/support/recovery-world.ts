import type { EndpointHealth } from '../../lambdas/domain/endpoint/health.ts';
import type { PosthornEvent } from '../../lambdas/domain/event.ts';
import { encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import { first } from '../../lambdas/domain/messages/deliveries.ts';
import type { RecoveryMessage } from '../../lambdas/domain/messages/messages.ts';
import { lookAfterAll, work } from '../../lambdas/recovery/recovery.ts';
import type { LatestAttempt } from '../../lambdas/stores/attempts.ts';
import type { HeldDelivery } from '../../lambdas/stores/held.ts';
import { Agenda } from './recovery-world/agenda.ts';
import { dependenciesOf } from './recovery-world/dependencies.ts';
import { WorldSender } from './recovery-world/sender.ts';
import { SortedMap } from './recovery-world/sorted-map.ts';
import { SUBSCRIPTION, TICK_MS, type World } from './recovery-world/world.ts';
import { anEvent, ORGANIZATION } from './sender.ts';

/**
 * One endpoint, on a simulated clock: recovery is the real code over stores in memory, the sender is made of the real
 * domain functions, and the endpoint answers what a test says.
 */
export class RecoveryWorld implements World {
  now = 1_700_000_000_000;
  health: EndpointHealth | undefined;
  row: Record<string, unknown> | undefined = {
    organization: ORGANIZATION,
    id: SUBSCRIPTION,
    url: 'https://a.example/',
    active: true,
  };
  held = new SortedMap<HeldDelivery>();
  log = new Map<string, LatestAttempt>();
  delivered: string[] = [];
  notices: string[] = [];
  missedSent: { since_ms: number; until_ms: number }[] = [];
  told: Pick<EndpointHealth, 'told' | 'told_exhausted' | 'untold_exhausted' | 'untold_from_ms'> = {};
  published: PosthornEvent[] = [];
  opened = 0;
  load = new Map<number, number>();
  answers: (nowMs: number, load: number) => boolean = () => true;
  /** For how long a delivery is with a sender that died, milliseconds. */
  absence: (body: string) => number = () => 0;
  private readonly agenda = new Agenda();
  private readonly sender = new WorldSender(this);
  private made = 0;
  readonly deps = dependenciesOf(this);

  /** Accepts an event and queues its delivery. @returns its id. */
  publish(): string {
    const id = `evt_${String((this.made += 1)).padStart(26, '0')}`;
    this.queue(
      encodeDeliveryMessage(
        encodeEvent(anEvent({ id, data: '{}', enqueued_ms: this.now })),
        first({ subscription_id: SUBSCRIPTION, format: 'standard' }, { nowMs: this.now }),
      ),
      1,
      this.now,
    );
    return id;
  }

  /** What the API does when the subscription gets another URL. */
  renew(): void {
    const run = this.renewCircuit();
    if (run === undefined) throw new Error(`Expected an open circuit, got ${this.health?.circuit}`);
    this.job({ kind: 'release', organization: ORGANIZATION, subscription_id: SUBSCRIPTION, run });
  }

  renewCircuit(): number | undefined {
    const { subscription, organization, circuit, notified_ms } = this.health!;
    if (circuit !== 'open' && circuit !== 'throttled') return undefined;
    const begun = { failures: 0, circuit: 'releasing' as const, release_ms: this.now, renewed_ms: this.now };
    this.health = { subscription, organization, ...(notified_ms !== undefined && { notified_ms }), ...begun };
    return this.now;
  }

  /** What a sender does when the endpoint asks to wait. */
  throttle(ms: number): void {
    const { release_ms: _, release_step: __, release_step_ms: ___, renewed_ms: ____, ...row } = this.health!;
    this.health = { ...row, circuit: 'throttled', throttled_until_ms: this.now + ms };
    this.job({ kind: 'look', organization: ORGANIZATION, subscription_id: SUBSCRIPTION }, 0, ms / 1000);
  }

  /** What the API does when somebody pauses the subscription. @param circuit false: it ended before the circuit followed. */
  pause(circuit = true): void {
    this.row = { ...this.row, paused: true };
    if (circuit) this.pauseCircuit();
  }

  /** What it does when somebody resumes it. */
  resume(circuit = true): void {
    this.row = { ...this.row, paused: false };
    const run = circuit ? this.resumeCircuit() : undefined;
    if (run === undefined) return;
    this.job({ kind: 'release', organization: ORGANIZATION, subscription_id: SUBSCRIPTION, run });
  }

  pauseCircuit(): boolean {
    const row = this.health ?? { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 };
    if (row.circuit === 'paused') return false;
    const { subscription, organization, failures } = row;
    this.health = { subscription, organization, failures, circuit: 'paused', paused_ms: this.now };
    return true;
  }

  resumeCircuit(): number | undefined {
    const row = this.health ?? { subscription: SUBSCRIPTION, organization: ORGANIZATION, failures: 0 };
    if (row.circuit !== undefined && row.circuit !== 'paused' && row.circuit !== 'closing') return undefined;
    const { subscription, organization, failures } = row;
    const begun = { circuit: 'releasing' as const, release_ms: this.now, renewed_ms: this.now };
    this.health = { subscription, organization, failures, ...begun };
    return this.now;
  }

  private ticked = this.now;
  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    // Whole ticks since the beginning, however short the times that pass are.
    for (; this.ticked + TICK_MS <= end; this.ticked += TICK_MS) {
      this.agenda.at(this.ticked + TICK_MS, () => lookAfterAll(this.deps, () => false));
    }
    for (;;) {
      const due = this.agenda.next(end);
      if (!due) break;
      this.now = Math.max(this.now, due.ms);
      await due.run();
    }
    this.now = end;
  }

  queue(body: string, attempt: number, ms: number): void {
    this.agenda.at(ms + this.absence(body), () => this.sender.receive(body, attempt));
  }

  job(job: RecoveryMessage['job'], step = 0, delaySeconds = 0): void {
    this.agenda.at(this.now + delaySeconds * 1000, () => work({ v: 1, job, step }, this.deps));
  }
}
