import { z } from 'zod';
import { PROBLEMS } from '../../domain/problem.ts';

/** Body of every answer that is not a success (RFC 9457). */
export const problemView = z.object({
  type: z.enum(Object.keys(PROBLEMS).map((name) => `urn:posthorn:problem:${name}`)),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
