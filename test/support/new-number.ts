import { randomInt } from 'node:crypto';

/** A number that nothing else of this run has. A process of vitest runs many files, so its own number alone is not one. */
export const newNumber = (): string => String(randomInt(10 ** 9, 10 ** 10));
