import type { Platform } from './platform.ts';

/**
 * Runs once everything is up and before the outputs are written, for what a person otherwise does after a deployment.
 * @returns members for `local` in outputs.json.
 */
export async function prepare(_platform: Platform): Promise<Record<string, string>> {
  return {};
}
