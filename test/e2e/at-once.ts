import { inject } from 'vitest';
import { connect, type Posthorn } from '../support/posthorn.ts';
import type { Outputs } from '../../local/outputs-file.ts';

/**
 * The platform with AT_ONCE_SETTINGS that several files have in common. Nothing is purged on it: a purge has everybody's dead letters
 * in hand while it looks through them, for up to 3 minutes. And nobody's are sent back.
 */
export async function connectAtOnce(): Promise<Posthorn> {
  const answer = await fetch(inject('atOnce'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The platform with AT_ONCE_SETTINGS did not start: ${text}`);
  return connect(JSON.parse(text) as Outputs);
}
