import { z } from 'zod';

// CloudFormation takes numbers and booleans as strings too, and CDK tokens arrive that way.

/** A number, or a string of one. */
export const numberLike = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);

/** A boolean, or the word. */
export const booleanLike = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);

/** Properties that a local run need not look at, e.g. tags. */
export const ignored = z.unknown().optional();
