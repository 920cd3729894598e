import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '../../clock.ts';
import { AWS } from '../../like-aws/numbers.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startFixture, synthesizeFixture, type Fixture } from '../platform/fixture.ts';

/** Bundling takes a minute on a busy machine. */
const SYNTH_MS = 180_000;

describe('an app that runs like on AWS', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    const app = await synthesizeFixture();
    // A clock that stands still: no schedule takes the account's only place.
    fixture = await startFixture({ app, clock: new ManualClock(), likeAws: { ...AWS, accountConcurrency: 1 } });
  }, SYNTH_MS);
  afterAll(async () => {
    await fixture.platform.close();
    rmSync(fixture.folder, { recursive: true });
  });

  const get = (path: string): Promise<Response> => fetch(`${fixture.platform.apiUrl}${path}`);

  it('refuses a request while the account is full, and takes it when there is room', async () => {
    const slow = get('/slow');
    await waitFor('it runs', () => fixture.platform.running() > 0);

    const refused = await waitFor('a refusal', async () => {
      const { status } = await get('/environment');
      return status === 503;
    });
    expect(refused).toBe(true);
    await slow;
    expect(await waitFor('room', async () => (await get('/environment')).status === 200)).toBe(true);
  });

  it('carries everything through although one function runs at a time, and uses up no receive', async () => {
    for (const id of ['a', 'b', 'c']) {
      await waitFor('it is taken', async () => (await fixture.post({ id })).status === 202);
    }

    for (const id of ['a', 'b', 'c']) {
      const item = await waitFor(`the worker to store ${id}`, () => fixture.item('worker', id));
      expect(item).toMatchObject({ receives: '1' });
      expect(await waitFor('the watcher', () => fixture.item('watcher', `seen ${id}`))).toBeDefined();
    }
    expect(await fixture.depth('DeadLettersUrl')).toEqual({ visible: 0, inFlight: 0 });
  });

  it('loads functions from their code alone, as at a cold start', () => {
    expect(existsSync(join(fixture.folder, 'cdk.out/compiled'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('has every environment stand still when nothing is asked of it', async () => {
    const pids = Object.values(fixture.platform.environments()).flat();
    const stateOf = (pid: number): string => /^\d+ \(.*\) (\w)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]!;

    expect(pids.length).toBeGreaterThan(2);
    await waitFor('all to stop', () => pids.every((pid) => stateOf(pid) === 'T'));
  });
});
