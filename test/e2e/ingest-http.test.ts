import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { buildRequest, generatorOf, inputCases, type InputCase, type InputContext } from '../support/api-inputs.ts';
import { connect, type Posthorn } from '../support/posthorn.ts';
import { sendRaw } from '../support/raw-http.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';
import { waitFor } from '../support/wait-for.ts';

// The corpus' cases for ingest that only a socket can express: framing, paths, methods, odd headers. The others are in
// test/ingest/api-inputs.test.ts.

const EVENT = '{"organization":"ingest_http","type":"visit.ended","data":{"a":1}}';
let posthorn: Posthorn;
let receiver: Receiver;
let context: InputContext;

beforeAll(async () => {
  posthorn = connect(inject('outputs'));
  receiver = await startReceiver();
  await posthorn.subscribe({ organization: 'ingest_http', url: receiver.url('/') });
  context = {
    target: 'ingest',
    event: Object.entries(JSON.parse(EVENT) as object).map(([name, value]) => [name, JSON.stringify(value)]),
    subscription: [],
    words: {
      KEY: posthorn.outputs.local!.ProducerApiKey!,
      INGEST: '/v1/events',
      INGEST_UPPER: '/V1/EVENTS',
      INGEST_PERCENT: '/v1/event%73',
    },
  };
});
afterAll(() => receiver.close());

const overSockets = (one: InputCase): boolean => one.id.startsWith('HT') || generatorOf(one).raw === true;
const cases = inputCases('ingest').filter((one) => overSockets(one) && !generatorOf(one).invoke);
let accepted = 0;

describe('ingest over HTTP', () => {
  it.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const answer = await sendRaw(posthorn.apiUrl, buildRequest(one, context));

    if (answer.kind === 'closed') return expect(one.no_answer_ok).toBe(true);
    expect(one.expect_status).toContain(answer.status);
    expect(answer.body).not.toMatch(/\bat \S+ \(|node:internal|\.ts:\d+|evil\.example/);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    if (answer.status < 300) accepted += 1;
    return undefined;
  });

  it('delivers as many events as were accepted, and none of a refused request', async () => {
    await waitFor('every accepted event', () => receiver.requests('/').length >= accepted);
    // Behind all others in the queue, so that whatever was accepted by mistake has come by then, too.
    const last = await posthorn.publish(JSON.parse(EVENT) as Record<string, unknown>);
    const ids = (): unknown[] => receiver.requests('/').map(({ headers }) => headers['webhook-id']);
    await waitFor('the last event', () => ids().includes(last.body.id));
    expect(accepted).toBeGreaterThan(5);
    expect(new Set(ids()).size).toBe(accepted + 1);
  });
});
