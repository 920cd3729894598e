import { describe, expect, it } from 'vitest';
import type { Dispatcher } from 'undici';
import type { Answer } from '../../../lambdas/sender/outgoing.ts';
import { Exchange } from '../../../lambdas/sender/outgoing/exchange.ts';

// The judge of one attempt, with a clock of the test's own. Doubled: undici, which calls the handler.

const controller = {} as Dispatcher.DispatchController;
const target = {
  origin: 'https://hooks.example.com',
  path: '/',
  hostname: 'hooks.example.com',
  port: 443,
  secure: true,
  local: false,
};

function start(timeoutMs: number, graceMs?: number) {
  const answers: Answer[] = [];
  const clock = { ms: 0, lagMs: 0 };
  const request = { url: 'https://hooks.example.com/', headers: {}, body: Buffer.from('{}'), timeoutMs, graceMs };
  const clocks = { now: () => clock.ms, ownLagMs: () => clock.lagMs, isSilent: () => false };
  const exchange = new Exchange(target, request, clocks, (answer) => answers.push(answer));
  return { exchange, answers, clock };
}

describe('Exchange', () => {
  it('is a timeout when the answer ends after the deadline, though no timer has fired yet', () => {
    const { exchange, answers, clock } = start(1000);

    exchange.onRequestStart();
    exchange.onResponseStart(controller, 200, {});
    clock.ms = 1001;
    exchange.onResponseEnd();

    expect(answers).toMatchObject([{ kind: 'error', class: 'timeout', status: 200 }]);
  });

  it('has its time anew for what the sender was late itself, and says how much of it that was', () => {
    const { exchange, answers, clock } = start(1000, 5000);

    exchange.onRequestStart();
    clock.ms = 2900;
    clock.lagMs = 2000;
    exchange.onResponseStart(controller, 200, {});
    exchange.onResponseEnd();

    expect(answers).toMatchObject([{ kind: 'response', status: 200, timings: { total: 2900, own_lag: 2000 } }]);
  });

  it('is a timeout of the endpoint when that has had all its time, however late the sender was', () => {
    const { exchange, answers, clock } = start(1000, 5000);

    exchange.onRequestStart();
    clock.ms = 3001;
    clock.lagMs = 2000;
    expect(exchange.deadline).toBe(3000);
    exchange.expire();

    expect(answers).toMatchObject([{ class: 'timeout', reason: 'timeout after 1000 ms, waiting for the response' }]);
    expect(answers[0]).not.toHaveProperty('ours');
  });

  it("is the sender's own fault when its function has no time left to make up for what it was late", () => {
    const { exchange, answers, clock } = start(1000, 500);

    exchange.onRequestStart();
    clock.ms = 1501;
    clock.lagMs = 1200;
    expect(exchange.deadline).toBe(1500);
    exchange.expire();

    expect(answers).toMatchObject([{ class: 'timeout', ours: true, timings: { own_lag: 1200 } }]);
    expect((answers[0] as { reason: string }).reason).toMatch(/^the sender had too little processor time/);
  });

  it('ends once, whatever comes later', () => {
    const { exchange, answers } = start(1000);

    exchange.onRequestStart();
    exchange.onResponseStart(controller, 200, {});
    exchange.onResponseEnd();
    exchange.expire();
    exchange.onResponseError(controller, new Error('late'));

    expect(answers).toMatchObject([{ kind: 'response', status: 200 }]);
  });

  it('notes how long each phase took', () => {
    const { exchange, answers, clock } = start(1000);
    const at = (ms: number): number => (clock.ms = ms);

    exchange.enter('dns');
    at(10);
    exchange.enter('connect');
    at(30);
    exchange.enter('tls');
    at(60);
    exchange.onRequestStart();
    at(100);
    exchange.onResponseStarted();
    at(105);
    exchange.onResponseStart(controller, 200, {});
    at(125);
    exchange.onResponseEnd();

    expect(answers[0]!.timings).toEqual({ dns: 10, connect: 20, tls: 30, first_byte: 40, total: 125 });
  });
});
