import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { assertBytes, bytes, samples } from '../../bench/proof/bytes.ts';
import { connect } from '../support/posthorn.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';

let receiver: Receiver;
beforeAll(async () => void (receiver = await startReceiver()));
afterAll(() => receiver.close());

it('delivers every accepted input of the corpora byte for byte, and three libraries accept the request', async () => {
  const report = await bytes(connect(inject('outputs')), receiver, samples());

  assertBytes(report);
  expect(report.accepted).toBeGreaterThan(1000);
}, 180_000);
