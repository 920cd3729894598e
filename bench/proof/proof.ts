/** A long check of one promise, too long for `npm test`, which runs a short form of it. */
export interface Proof {
  /** The promise, in one sentence. */
  promise: string;
  /** It starts the platform as `npm start` does, so that it can be as bad as AWS: `POSTHORN_LIKE_AWS`. @default it cannot */
  onPlatform?: true;
  /**
   * @param options.seed for all randomness: the same seed gives the same run.
   * @param options.count how much is done; undefined: as much as the promise asks for.
   * @returns numbers for the report. @throws what breaks the promise, with all that is needed to see it again.
   */
  run(options: { seed: number; count?: number }): Promise<Record<string, number | string>>;
}
