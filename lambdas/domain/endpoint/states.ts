// An endpoint's states: what happens to its deliveries, who changes it, and on what condition. docs/architecture.md shows
// the same tables (a test compares them). The attribute `circuit` of its row in EndpointHealth says which it is; a closed
// circuit has none.

/** Circuits that hold deliveries, or let go what was held. */
export const CIRCUITS = ['throttled', 'open', 'paused', 'releasing', 'closing'] as const;
export type Circuit = (typeof CIRCUITS)[number];

/** Who makes a transition. */
type Who = 'sender' | 'recovery' | 'api' | 'guard';

export interface Transition {
  from: readonly (Circuit | 'closed')[];
  to: Circuit | 'closed';
  who: readonly Who[];
  when: string;
}

/** Every transition there is. Each is one conditional write, so that of two at a time one happens. */
export const TRANSITIONS: readonly Transition[] = [
  {
    from: ['closed', 'releasing', 'closing'],
    to: 'throttled',
    who: ['sender'],
    when: 'it answered 429, or 503 with `Retry-After`, unless it has failed for an hour without one success',
  },
  {
    from: ['throttled'],
    to: 'releasing',
    who: ['recovery'],
    when: 'the time is over for which it asked: 60 s when it named none, 1 s at least, an hour at most; or its subscription was deleted',
  },
  {
    from: ['closed', 'releasing', 'closing'],
    to: 'open',
    who: ['sender'],
    when: '20 failures in a row over at least 60 s (`POSTHORN_CIRCUIT_FAILURES`, `POSTHORN_CIRCUIT_SECONDS`)',
  },
  {
    from: ['closed'],
    to: 'open',
    who: ['sender'],
    when: 'of at least 20 tries over 60 s to 5 minutes 80 % failed (the same two settings)',
  },
  {
    from: ['releasing', 'closing'],
    to: 'open',
    who: ['recovery'],
    when: 'of a step of the release at least five deliveries failed, and they are 80 % of it or more; or nothing has succeeded since the release began; or its subscription is inactive',
  },
  { from: ['open'], to: 'releasing', who: ['sender'], when: 'a probe or ping succeeds' },
  { from: ['open'], to: 'releasing', who: ['recovery'], when: 'its subscription was deleted' },
  {
    from: ['closed', 'throttled', 'open', 'releasing', 'closing'],
    to: 'paused',
    who: ['api', 'guard', 'recovery'],
    when: 'its row says that nothing is sent: `paused` is true, or `delivery` is `pull`',
  },
  {
    from: ['paused', 'closed', 'closing'],
    to: 'releasing',
    who: ['api', 'guard', 'recovery'],
    when: 'its row says so no more; or it was deleted',
  },
  {
    from: ['closed', 'closing'],
    to: 'releasing',
    who: ['sender', 'recovery'],
    when: 'its subscription has a ceiling (`rate_per_second`), and a delivery waits for its turn',
  },
  {
    from: ['open', 'throttled'],
    to: 'releasing',
    who: ['api', 'guard'],
    when: 'its subscription gets another URL or is activated',
  },
  {
    from: ['releasing'],
    to: 'closing',
    who: ['recovery'],
    when: 'a step takes all that is held; with a ceiling: it finds nothing held',
  },
  {
    from: ['closing'],
    to: 'closed',
    who: ['recovery'],
    when: 'a minute after the last part nothing is held any more',
  },
];
