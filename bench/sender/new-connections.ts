import { benchStage } from '../support/stage.ts';

/** CPU per delivery when each needs a connection of its own, to an endpoint never seen before or to a known one. */
export async function run(): Promise<void> {
  await benchStage({
    stage: 'sender',
    measured: 'bench/sender/new-connections.measured.ts',
    base: "undici's connect",
    closing: true,
    cases: [
      { title: 'endpoint never seen', variables: { SEEN: 'no', UNITS: '500' } },
      { title: 'endpoint known, connection gone', variables: { SEEN: 'yes', UNITS: '500' } },
    ],
  });
}
