import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { throughDeliveries } from './canary/deliveries.ts';
import { throughFaults } from './canary/faults.ts';
import { mark, secrets } from './canary/marks.ts';
import { areFoundNowhere } from './canary/nowhere.ts';
import { throughPeople } from './canary/people.ts';
import { inAMinute, posthorn, startWorld, stopWorld } from './canary/world.ts';

// Everything that could be patient data or a secret carries a mark, through success, failure, retries, poison, crashes,
// bad requests, hand-edited rows, rotation, sign-in of staff, portal links and fetching. Then no line, metric, notice or
// attribute of a dead letter may hold one; and no error text, address, message or table but its own a credential.

beforeAll(startWorld);
afterAll(stopWorld);

describe('an API key', () => {
  it('works at once, and is refused within 60 s of being revoked, by every running process', async () => {
    const made = await posthorn.call<{ id: string; key: string }>('POST', '/v1/api-keys', {
      scopes: ['organization'],
      organization: 'canary_key',
      description: mark('description'),
    });
    const { id, key } = made.body;
    secrets.push(key);
    const ask = async (): Promise<number> => (await posthorn.call('GET', '/v1/me', undefined, key)).status;
    expect(await ask()).toBe(200);

    expect((await posthorn.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);

    const later = await inAMinute(async () => {
      await waitFor('the key to be refused', async () => (await ask()) === 401);
      return Promise.all(Array.from({ length: 8 }, ask));
    });
    expect(later).toEqual(Array(8).fill(401));
  });
});

// In this order: the last ones look at what the others left.
describe('patient data and secrets', () => {
  throughDeliveries();
  throughPeople();
  throughFaults();
  areFoundNowhere();
});
