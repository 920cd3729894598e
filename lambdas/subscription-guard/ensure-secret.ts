import { ID_PATTERN, OWNER_PATTERN } from '../domain/event.ts';
import type { CredentialsByRef } from '../domain/subscription/auth.ts';
import { wrongSecret } from '../domain/secrets/stored.ts';
import type { GuardDeps } from './ports.ts';

/**
 * `made`: just now · `handed back`: those that it had before it was deleted · `valid`: there is one · `foreign`: the id belongs to another organization, or did in the last days · `unusable`: there are
 * only expired or unreadable ones · `none`: the row's keys are not those of a subscription, so none is made.
 */
export type SecretState = 'made' | 'handed back' | 'valid' | 'foreign' | 'unusable' | 'none';

/** What was found or made of a row's secrets. */
export interface FoundSecret {
  state: SecretState;
  /** What there is instead of one that can be used, to follow "got". */
  wrong?: string;
  /** Its organization's; undefined: none. */
  credentials?: CredentialsByRef | undefined;
}

/** Whoever makes or hands back one first wins; the other then finds it. */
const TRIES = 3;

/**
 * Makes a signing secret for a row that has none: one typed in by hand. One that was deleted and is put back gets its own
 * again, because its customer verifies with that. Also for a row that is wrong otherwise, because the secret's entry is
 * what leads from an id to its organization.
 */
export async function ensureSecret(
  { organization, id }: { organization: string; id: string },
  { secrets, newSecret }: Pick<GuardDeps, 'secrets' | 'newSecret'>,
): Promise<FoundSecret> {
  if (!OWNER_PATTERN.test(organization) || !ID_PATTERN.test(id)) return { state: 'none' };
  let isBack = false;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const stored = await secrets.get(id);
    if (stored && stored.organization !== organization) return { state: 'foreign' };
    if (stored && stored.secrets.length > 0) {
      const wrong = stored.secrets.map(({ key }) => wrongSecret(key));
      const { credentials } = stored;
      if (!wrong.includes(undefined)) return { state: 'unusable', wrong: wrong[0], credentials };
      return { state: isBack ? 'handed back' : 'valid', credentials };
    }
    const kept = stored ? 'none' : await secrets.handBack(id, organization);
    if (kept === 'foreign') return { state: 'foreign' };
    isBack = kept === 'done';
    if (!isBack && (await secrets.create(id, organization, newSecret()))) return { state: 'made' };
  }
  return { state: 'unusable', wrong: 'none' };
}
