import type { HeldDelivery, HeldStore } from '../../lambdas/stores/held.ts';
import type { Container } from './container.ts';

/** The table `HeldDeliveries`: by subscription, then event. */
export class HeldTable {
  readonly rows = new Map<string, Map<string, HeldDelivery>>();
  /** What senders could not take away again that they gave back because nobody could let it go: `<event> <subscription>`. */
  readonly notTakenBack = new Set<string>();
  /** Who held it last, `<event> <subscription>`. */
  readonly heldBy = new Map<string, Container>();
  /** Called when something is held. */
  onHeld: () => void = () => undefined;

  of(subscription: string): Map<string, HeldDelivery> {
    const known = this.rows.get(subscription);
    if (known) return known;
    const rows = new Map<string, HeldDelivery>();
    this.rows.set(subscription, rows);
    return rows;
  }

  /** Everything that is held: `<event> <subscription>`. */
  names(): Set<string> {
    return new Set(
      [...this.rows].flatMap(([subscription, rows]) => [...rows.keys()].map((id) => `${id} ${subscription}`)),
    );
  }

  store(container: Container): Omit<HeldStore, 'forget' | 'count'> {
    return {
      put: (deliveries) =>
        container
          .call((): HeldDelivery[] => {
            for (const held of deliveries) {
              this.of(held.subscription).set(held.event_id, held);
              this.heldBy.set(`${held.event_id} ${held.subscription}`, container);
            }
            this.onHeld();
            return [];
          })
          .catch(() => deliveries),
      oldest: (subscription, limit, after = '') =>
        container.call(() =>
          [...this.of(subscription).values()]
            .filter(({ event_id }) => event_id > after)
            .sort((a, b) => (a.event_id < b.event_id ? -1 : 1))
            .slice(0, limit),
        ),
      page: (subscription, limit, after = '') =>
        container.call(() => {
          const all = [...this.of(subscription).values()]
            .filter(({ event_id }) => event_id > after)
            .sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
          const items = all.slice(0, limit);
          return all.length > limit ? { items, next: items.at(-1)!.event_id } : { items };
        }),
      read: (subscription, events) =>
        container.call(() => events.flatMap((event) => this.of(subscription).get(event) ?? [])),
      among: (subscription, events) =>
        container.call(() => new Set(events.filter((event) => this.of(subscription).has(event)))),
      removeRead: (deliveries) =>
        container
          .call(() => {
            for (const { subscription, event_id, held_ms } of deliveries) {
              const rows = this.of(subscription);
              if (rows.get(event_id)?.held_ms === held_ms) rows.delete(event_id);
            }
          })
          .catch((error: unknown) => {
            if (container.lane !== undefined)
              for (const { subscription, event_id } of deliveries) this.notTakenBack.add(`${event_id} ${subscription}`);
            throw error;
          }),
      remove: (deliveries) =>
        container.call(() => {
          for (const { subscription, event_id } of deliveries) this.of(subscription).delete(event_id);
        }),
    };
  }
}
