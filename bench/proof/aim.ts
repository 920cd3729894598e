import type { Faults } from '../../local/services.ts';
import type { Chance } from '../simulation/random.ts';

/** Calls behind which a function of a stage has something half done that hardly any random kill would meet. */
const MOMENTS = [
  // It has an hour, and adds its lines.
  { stage: 'statistics', update: /taken_until_ms = :until/ },
  // What an organization is to be told is claimed, and not queued yet.
  { stage: 'recovery-function', update: /told(_exhausted)? = / },
  // A step of a purge is written down, and its message not queued; or a part is deleted.
  { stage: 'recovery-function', update: /stepped_ms = :now/ },
] as const;

/** Of those moments that are aimed at. */
const SHARE = 0.5;

/** Waits for moments at which a kill hurts. */
export class Aim {
  readonly #chance: Chance;
  readonly #left: number[];
  #stage: (typeof MOMENTS)[number]['stage'] | undefined;

  /** @param most times that each moment is aimed at: some come by the hundred. */
  constructor(chance: Chance, most: number) {
    this.#chance = chance;
    this.#left = MOMENTS.map(() => most);
  }

  /** Notices the moments; no call fails. */
  readonly listen: NonNullable<Faults['dynamoDb']> = ({ input }) => {
    const { UpdateExpression } = input;
    if (typeof UpdateExpression !== 'string') return undefined;
    const index = MOMENTS.findIndex(({ update }) => update.test(UpdateExpression));
    if (index >= 0 && this.#left[index]! > 0 && this.#chance.happens(SHARE)) {
      this.#left[index]! -= 1;
      this.#stage = MOMENTS[index]!.stage;
    }
    return undefined;
  };

  /** @returns the stage whose processes are to die now; undefined: none. */
  take(): (typeof MOMENTS)[number]['stage'] | undefined {
    const stage = this.#stage;
    this.#stage = undefined;
    return stage;
  }
}
