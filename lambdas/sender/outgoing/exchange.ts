import type { Dispatcher } from 'undici';
import type { Timings } from '../../domain/delivery/attempt.ts';
import type { Answer, OutgoingRequest } from './answer.ts';
import { CapturedBody } from './captured-body.ts';
import { classify, noNameServer, ownTimeout, timeout, type OutgoingError, type Phase } from './failure.ts';
import { keptHeaders } from './kept-headers.ts';
import type { ResponseGate } from './response-gate.ts';
import type { Destination } from './destination.ts';

/** An endpoint that had so much less than its time has not had it. */
const SHARE_OF_OURS = 0.1;

/** Who carries an exchange, told about its end. */
export interface Carrier {
  /** Undefined until there is a connection. */
  readonly gate: ResponseGate | undefined;
  /** What the endpoint said against the connection after its handshake; undefined: nothing. */
  readonly alert: OutgoingError | undefined;
  /** @param reusable whether the connection may carry another request. @param last the answer is complete and said `close`. */
  ended(reusable: boolean, last: boolean): void;
  /** The connection was gone before a byte of the request was written: it needs another one. */
  unsent(): void;
}

/** One request and its answer, from the call to the end: undici's handler, the clock and the judge. Ends exactly once. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly target: Destination;
  readonly request: OutgoingRequest;
  carrier: Carrier | undefined;
  /** Of the deadlines. */
  place = -1;
  readonly #now: () => number;
  /** See {@link Deadlines.ownLagMs}. */
  readonly #lag: () => number;
  /** See {@link Silence.isComplete}. */
  readonly #isSilent: (sinceMs: number) => boolean;
  readonly #lagAtStart: number;
  readonly #finish: (answer: Answer) => void;
  readonly #started: number;
  readonly #timings: Omit<Timings, 'total' | 'own_lag'> = {};
  readonly #body = new CapturedBody();
  #phase: Phase = 'queue';
  #phaseStarted: number;
  #written = false;
  #movedOn = false;
  #ended = false;
  #status: number | undefined;
  #last = false;
  #headers: Record<string, string> = {};

  constructor(
    target: Destination,
    request: OutgoingRequest,
    { now, ownLagMs, isSilent }: { now: () => number; ownLagMs: () => number; isSilent: (sinceMs: number) => boolean },
    finish: (answer: Answer) => void,
  ) {
    this.target = target;
    this.request = request;
    this.#now = now;
    this.#lag = ownLagMs;
    this.#lagAtStart = ownLagMs();
    this.#isSilent = isSilent;
    this.#finish = finish;
    this.#started = this.#phaseStarted = now();
  }

  /** Of the endpoint's time nothing is taken away for which this process was late, as far as the grace goes. */
  get deadline(): number {
    const { timeoutMs, graceMs = 0 } = this.request;
    return this.#started + timeoutMs + Math.min(this.#ownLagMs(), graceMs);
  }

  #ownLagMs(): number {
    return this.#lag() - this.#lagAtStart;
  }

  /** Notes the time that the phase before took; one that is entered again takes the sum. */
  enter(phase: Phase): void {
    const now = this.#now();
    if (this.#phase === 'dns' || this.#phase === 'connect' || this.#phase === 'tls')
      this.#timings[this.#phase] = milliseconds((this.#timings[this.#phase] ?? 0) + now - this.#phaseStarted);
    if ((phase === 'dns') !== (this.#phase === 'dns')) this.request.onNames?.(phase === 'dns');
    this.#phaseStarted = now;
    this.#phase = phase;
  }

  /** The deadline has passed. */
  expire(): void {
    const { timeoutMs, graceMs = 0 } = this.request;
    if (this.#ownLagMs() - graceMs > SHARE_OF_OURS * timeoutMs) return this.fail(ownTimeout(timeoutMs));
    const isUnnamed = this.#phase === 'dns' && this.#isSilent(this.#phaseStarted);
    this.fail(isUnnamed ? noNameServer() : timeout(timeoutMs, this.#phase));
  }

  fail(error: OutgoingError): void {
    if (this.#ended) return;
    this.enter(this.#phase);
    this.#end(
      {
        kind: 'error',
        class: error.class,
        reason: error.message,
        timings: this.#allTimings(),
        status: this.#status,
        ...(error.isOurs && { ours: true }),
      },
      false,
    );
  }

  onRequestStart(): void {
    this.#written = true;
    this.enter('response');
    this.carrier?.gate?.expectAnswer();
  }

  onResponseStarted(): void {
    this.#timings.first_byte ??= milliseconds(this.#now() - this.#phaseStarted);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderMap): void {
    // Interim answers (103 Early Hints) say nothing about the delivery.
    if (status < 200 || this.#ended) return;
    this.carrier?.gate?.headRead();
    this.#status = status;
    this.#headers = keptHeaders(headers);
    this.#last = String(headers['connection']).toLowerCase() === 'close';
    this.enter('body');
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#ended && !this.#body.add(chunk)) this.#succeed(false);
  }

  onResponseEnd(): void {
    this.carrier?.gate?.answered();
    this.#succeed(true);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#ended) return;
    // Once is enough: a second idle connection that dies at this moment is a failure like any other.
    if (!this.#written && this.#phase === 'queue' && !this.#movedOn && !isRefusal(error)) {
      this.#movedOn = true;
      this.carrier?.unsent();
      return;
    }
    this.fail(this.carrier?.alert ?? classify(error, this.#phase));
  }

  #succeed(reusable: boolean): void {
    if (this.#ended) return;
    // The deadline's timer is coarse; the clock decides.
    if (this.#now() > this.deadline) return this.expire();
    const { body, truncated } = this.#body.toText();
    this.#end(
      { kind: 'response', status: this.#status!, headers: this.#headers, body, truncated, timings: this.#allTimings() },
      reusable,
    );
  }

  #allTimings(): Timings {
    const total = milliseconds(this.#now() - this.#started);
    const lag = Math.min(milliseconds(this.#ownLagMs()), total);
    return { ...this.#timings, total, ...(lag > 0 && { own_lag: lag }) };
  }

  #end(answer: Answer, reusable: boolean): void {
    this.#ended = true;
    this.carrier?.ended(reusable, reusable && this.#last);
    this.#finish(answer);
  }
}

type HeaderMap = Record<string, string | string[] | undefined>;

/** Tenths: finer than a network, short in the log. */
function milliseconds(ms: number): number {
  return Math.round(ms * 10) / 10;
}

/** undici refuses what cannot be written before it looks at the connection: no other one would help. */
function isRefusal(error: Error): boolean {
  return classify(error, 'response').class === 'invalid_request';
}
