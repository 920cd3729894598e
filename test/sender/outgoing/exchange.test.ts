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

function start(timeoutMs: number) {
  const answers: Answer[] = [];
  const clock = { ms: 0 };
  const request = { url: 'https://hooks.example.com/', headers: {}, body: Buffer.from('{}'), timeoutMs };
  const exchange = new Exchange(
    target,
    request,
    () => clock.ms,
    (answer) => answers.push(answer),
  );
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
