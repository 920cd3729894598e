import type { Attempt } from '../../api/types.ts';
import { DocsLink } from '../../ui/docs-link.tsx';
import { causesOf } from './causes.ts';

/** The documents' words on a call that failed; nothing for one that was delivered. */
export function CommonCauses({ of }: { of: Attempt }) {
  const causes = causesOf(of);
  return causes && <DocsLink to={causes.to}>{causes.text}</DocsLink>;
}
