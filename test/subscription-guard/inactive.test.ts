import { describe, expect, it } from 'vitest';
import { edit, guard, now, putInto, rowIn, typed, useGuard } from './hand-typed-rows.ts';

useGuard();

describe('a row that somebody pauses or resumes by hand', () => {
  const circuitOf = async ({ id }: { id: string }) => (await rowIn('EndpointHealth', { subscription: id }))?.circuit;
  const trailOf = async ({ id }: { id: string }) =>
    (await guard.trail(id)).map(({ actor, action }) => `${actor} ${action}`);

  it('has its circuit follow, what was held released, and both recorded as the API does', async () => {
    const row = await typed();

    await edit(row, { paused: 'yes' });
    await guard.settle();
    expect(await circuitOf(row)).toBe('paused');

    await edit(row, { paused: false });
    await guard.settle();
    const health = await rowIn('EndpointHealth', { subscription: row.id });
    expect(health).toMatchObject({ circuit: 'releasing' });
    const job = { kind: 'release', organization: row.organization, subscription_id: row.id, run: health!.release_ms };
    expect(guard.jobs.map((body) => (JSON.parse(body) as { job: unknown }).job)).toContainEqual(job);
    expect(await trailOf(row)).toEqual([
      'table subscription.created',
      'table subscription.paused',
      'table subscription.resumed',
    ]);
  });

  it('or has its customer fetch, keeps what comes in either way: released when both are over', async () => {
    const row = await typed({ delivery: 'pull', url: undefined });
    await guard.settle();
    expect([await circuitOf(row), (await now(row))!.problem]).toEqual(['paused', undefined]);

    await edit(row, { paused: true });
    await edit(row, { paused: false });
    await guard.settle();
    expect(await circuitOf(row)).toBe('paused');

    await edit(row, { delivery: 'push', url: 'https://a.example.com/in' });
    await guard.settle();
    expect(await circuitOf(row)).toBe('releasing');
  });

  it('is judged as it is now: an end that has come already leaves no pause behind', async () => {
    const row = await typed();

    await edit(row, { paused: true });
    await edit(row, { paused: null });
    await edit(row, { paused: false });
    await guard.settle();

    expect(await circuitOf(row)).toBe('releasing');
  });

  it('is explained what a pause can be', async () => {
    const row = await typed({ paused: 'for lunch' });

    expect((await now(row))!.problem).toMatch(/ paused: expected true or false, got "for lunch"/);
  });

  it('changes nothing for the owner of its id', async () => {
    const owner = await typed();
    const copy = await typed({ id: owner.id });

    await edit(copy, { paused: true });
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toBeUndefined();
  });
});

describe('a row that gets another URL by hand, or is activated', () => {
  it.each([
    [{}, { url: 'https://other.example.com/in' }],
    [{ active: false }, { active: true }],
  ])('starts its endpoint with a clean record: %j, then %j', async (before, after) => {
    const row = await typed(before);
    await putInto('EndpointHealth', { subscription: row.id, organization: row.organization, failures: 19 });

    await edit(row, after);
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: row.id })).toBeUndefined();
  });

  it('has what is held for the old one released', async () => {
    const row = await typed();
    const health = { subscription: row.id, organization: row.organization, failures: 20, circuit: 'open' };
    await putInto('EndpointHealth', health);

    await edit(row, { url: 'https://other.example.com/in' });
    await guard.settle();

    const now = await rowIn('EndpointHealth', { subscription: row.id });
    expect(now).toMatchObject({ failures: 0, circuit: 'releasing' });
    const job = { kind: 'release', organization: row.organization, subscription_id: row.id, run: now!.release_ms };
    expect(guard.jobs.map((body) => (JSON.parse(body) as { job: unknown }).job)).toContainEqual(job);
  });

  it('changes nothing for the owner of its id', async () => {
    const owner = await typed();
    const health = { subscription: owner.id, organization: owner.organization, failures: 19 };
    await putInto('EndpointHealth', health);
    const copy = await typed({ id: owner.id });

    await edit(copy, { url: 'https://other.example.com/in' });
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: owner.id })).toEqual(health);
  });

  it('keeps the record of its endpoint with any other edit', async () => {
    const row = await typed();
    const health = { subscription: row.id, organization: row.organization, failures: 19 };
    await putInto('EndpointHealth', health);

    await edit(row, { description: 'x' });
    await guard.settle();

    expect(await rowIn('EndpointHealth', { subscription: row.id })).toEqual(health);
  });
});

describe('since when a row is inactive', () => {
  it('is noted when a person deactivates it, and taken away when one activates it', async () => {
    const row = await typed();
    await guard.settle();
    expect(await now(row)).not.toHaveProperty('inactive_since');

    await edit(row, { active: 'off' });
    await guard.settle();
    expect(Date.now() - Date.parse((await now(row))!.inactive_since as string)).toBeLessThan(60_000);

    await edit(row, { active: true });
    await guard.settle();
    expect(await now(row)).not.toHaveProperty('inactive_since');
  });

  it('becomes the time of which nothing was sent when a person activates it', async () => {
    const row = await typed();
    await edit(row, { active: 'off' });
    await guard.settle();
    const { inactive_since } = (await now(row))!;

    await edit(row, { active: true });
    await guard.settle();

    const after = (await now(row))!;
    expect(after.missed_since).toBe(inactive_since);
    expect(Date.now() - Date.parse(after.missed_until as string)).toBeLessThan(60_000);
  });

  it('says nothing of a row that was never off', async () => {
    const copied = await typed({ inactive_since: '2020-01-01T00:00:00.000Z' });

    await guard.settle();

    expect(await now(copied)).not.toHaveProperty('inactive_since');
    expect(await now(copied)).not.toHaveProperty('missed_since');
  });

  it('is noted of a row that is typed inactive, and of one that was left with an old time', async () => {
    const made = await typed({ active: false });
    const copied = await typed({ active: false, inactive_since: '2020-01-01T00:00:00.000Z' });

    await guard.settle();

    for (const row of [made, copied])
      expect((await now(row))!.inactive_since).toMatch(new RegExp(`^${new Date().getUTCFullYear()}-`));
  });

  it('stays as it is with any other edit', async () => {
    const row = await typed({ active: false });
    await guard.settle();
    const { inactive_since } = (await now(row))!;

    await edit(row, { description: 'still off' });
    await guard.settle();

    expect((await now(row))!.inactive_since).toBe(inactive_since);
  });
});
