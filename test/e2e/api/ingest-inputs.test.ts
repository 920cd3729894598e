import { inject, describe, expect, it } from 'vitest';
import { connect } from '../../support/posthorn.ts';
import { buildRequest, generatorOf, inputCases, type InputCase, type InputContext } from '../../support/api-inputs.ts';
import { sendRaw } from '../../support/raw-http.ts';

// Cases of the corpus for ingest that only a server can show: other methods and paths, framing, slow uploads. All
// others are in test/ingest, on the function itself.

const posthorn = connect(inject('outputs'));
const context: InputContext = {
  target: 'ingest',
  event: [
    ['organization', `"ingest_${process.pid}"`],
    ['type', '"visit.ended"'],
    ['data', '{"a":1}'],
  ],
  subscription: [],
  words: {
    KEY: posthorn.outputs.local!.ProducerApiKey!,
    INGEST: '/v1/events',
    INGEST_UPPER: '/V1/EVENTS',
    INGEST_PERCENT: '/v1/%65vents',
  },
};

function needsServer(one: InputCase): boolean {
  const { raw, drip_ms: drip, path, method = 'POST' } = generatorOf(one);
  return (raw === true && one.id.startsWith('HT')) || drip !== undefined || path !== undefined || method !== 'POST';
}

const cases = inputCases('ingest').filter((one) => needsServer(one) && generatorOf(one).requests === undefined);

describe('ingest over HTTP', () => {
  it.each(cases.map((one) => [one.id, one.why, one] as const))('%s: %s', async (_id, _why, one) => {
    const answer = await sendRaw(posthorn.apiUrl, buildRequest(one, context));

    if (answer.kind === 'closed') return expect(one.no_answer_ok).toBe(true);
    expect(one.expect_status).toContain(answer.status);
    expect(answer.body).not.toMatch(/\bat \S+ \(|node:internal|\.ts:\d+/);
    if (answer.status === 202) expect(JSON.parse(answer.body)).toHaveProperty('enqueued_at');
  });
});
