import corpus from '../../corpus/endpoint-behaviours.json' with { type: 'json' };
import type { Fault } from './certificates.ts';

/** One step of a server on a connection, as the corpus's `about` explains. */
export type Step =
  | { read: 'head' | 'request' | 'some' | 'slow'; every_ms?: number }
  | { send: string }
  | { repeat: string; times: number | 'until_closed'; every_ms?: number }
  | { drip: string; every_ms: number }
  | { send_encoded: { codings: string[]; zeros: number; head: string } }
  | { pause_ms: number | string }
  | { hang: true }
  | { close: 'fin' | 'rst' }
  | { loop: Step[] };

/** One entry of a name server's answer. */
export type DnsEntry =
  | string
  | {
      error?: string;
      never?: boolean;
      after_ms?: number | string;
      ttl?: number;
      cname?: string;
      cname_chain?: number;
      repeat?: string;
      times?: number;
    };

/** How a listener does TLS. */
export interface TlsSettings {
  cert?: Fault;
  versions?: string[];
  alpn?: string[];
  client_cert?: string;
  extra_chain_bytes?: number;
  drip_ms?: number;
}

/** What the sender must record. */
export interface Expected {
  result: 'success' | 'failure' | 'blocked' | 'either';
  class?: string;
  status?: number;
  attempts?: number;
  body_truncated?: boolean;
  retry?: boolean;
  retry_after?: string;
  must?: string[];
}

/** One case of the corpus. */
export interface Behaviour {
  id: string;
  group: string;
  behaviour: string;
  url?: string;
  dns?: { lookups: DnsEntry[][] };
  server?: Step[];
  servers_later?: Step[];
  server_others?: Step[];
  h2?: string[];
  tls?: TlsSettings;
  deliveries?: number;
  endpoints?: number;
  pause_between?: string;
  outcome: Partial<Expected> & { each?: Expected[] };
}

/** All cases, in the corpus's order. */
export const BEHAVIOURS = corpus.cases as unknown as Behaviour[];

/** What each delivery (or endpoint, or the last attempt) of a case must come to. */
export function expectedOf({ outcome }: Behaviour): Expected[] {
  return outcome.each ?? [outcome as Expected];
}

/** Everything the corpus demands of a case or of one of its deliveries. */
export function demandsOf(behaviour: Behaviour): string[] {
  return [...(behaviour.outcome.must ?? []), ...expectedOf(behaviour).flatMap(({ must }) => must ?? [])];
}
