import type { TestProject } from 'vitest/node';
import { synthesizeTables, type TableResource } from './stacks.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** By logical id. Undefined in a project without this setup. */
    tables?: Record<string, TableResource>;
  }
}

/** Synthesizes the tables once for all files of a project: loading the CDK for it takes 3 s of a processor each time. */
export default function setup(project: TestProject): void {
  project.provide('tables', synthesizeTables());
}
