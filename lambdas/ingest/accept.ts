import { mayActFor, type Principal } from '../domain/api-key.ts';
import type { Graveyard } from '../domain/purge.ts';
import type { Graves } from '../stores/purges.ts';
import type { Catalogue } from '../domain/catalogue/index.ts';
import { Problem } from '../domain/problem.ts';
import { idempotencyClaim } from './idempotency-key.ts';
import { publish, type Claim, type PublishDependencies, type Published } from './publish.ts';
import { MAX_DEPTH, readEvent, type EventDraft } from './read-event.ts';
import { BATCH_LEVELS, splitBatch } from './split-batch.ts';

/** Largest event, bytes of UTF-8 as sent. */
export const MAX_EVENT_BYTES = 262_144;
/** Largest batch request, bytes. */
export const MAX_BATCH_BYTES = 1_048_576;

export interface AcceptDependencies extends PublishDependencies {
  catalogue: Catalogue;
  /** What is purged: for an organization that is, nothing new is accepted. */
  graves: Graves;
}

/** A producer's request whose caller may publish. */
export interface PublishRequest {
  principal: Principal;
  /** The body, at most {@link MAX_EVENT_BYTES} or {@link MAX_BATCH_BYTES} long. */
  text: string;
  idempotencyKey?: string;
  traceparent?: string;
}

/** `POST /v1/events`. @throws Problem for anything that keeps the event from being accepted. */
export async function acceptEvent(dependencies: AcceptDependencies, request: PublishRequest): Promise<Published> {
  const place = { pointer: '', maxDepth: MAX_DEPTH };
  const reader = { ...dependencies, principal: request.principal, graveyard: await dependencies.graves.load() };
  const draft = readPermitted(reader, request.text, place);
  if (draft instanceof Problem) throw draft;
  const published = await publish(dependencies, [draft], optionsOf(request, draft.organization));
  const [result] = published.results;
  if (result instanceof Problem) throw result;
  return published;
}

/** `POST /v1/events/batch`. @throws Problem when the request as a whole cannot be taken apart. */
export async function acceptBatch(dependencies: AcceptDependencies, request: PublishRequest): Promise<Published> {
  const reader = { ...dependencies, principal: request.principal, graveyard: await dependencies.graves.load() };
  const drafts = splitBatch(request.text).map((text, index) => {
    const pointer = `/events/${index}`;
    if (Buffer.byteLength(text) > MAX_EVENT_BYTES) return tooLarge(pointer);
    const place = { pointer, maxDepth: MAX_DEPTH - BATCH_LEVELS };
    const draft = readPermitted(reader, text, place);
    // A body that is no JSON cannot be trusted to have been cut at the right places.
    if (draft instanceof Problem && draft.problem === 'malformed-json') throw draft;
    return draft;
  });
  return publish(dependencies, drafts, optionsOf(request));
}

function readPermitted(
  { catalogue, principal, graveyard }: { catalogue: Catalogue; principal: Principal; graveyard: Graveyard },
  text: string,
  place: { pointer: string; maxDepth: number },
): EventDraft | Problem {
  const draft = readEvent(catalogue, text, place);
  if (draft instanceof Problem) return draft;
  if (mayActFor(principal, draft.organization)) return graveyard.isClosed(draft.organization) ? closed(place) : draft;
  return new Problem('forbidden', 'This API key is bound to one organization and may not publish for another.', [
    { pointer: `${place.pointer}/organization`, detail: 'Expected the organization of the API key.' },
  ]);
}

function closed({ pointer }: { pointer: string }): Problem {
  return new Problem('conflict', 'This organization is being deleted. Send the event again when that is done.', [
    { pointer: `${pointer}/organization`, detail: 'Expected an organization that is not being deleted.' },
  ]);
}

function tooLarge(pointer: string): Problem {
  return new Problem('too-large', 'The event was not accepted. See errors for where it is.', [
    { pointer, detail: `Expected at most ${MAX_EVENT_BYTES} bytes.` },
  ]);
}

/** @param organization absent for a batch. */
function optionsOf(request: PublishRequest, organization?: string): { claim?: Claim; traceparent?: string } {
  const { principal, text, idempotencyKey: key, traceparent } = request;
  const { keyId } = principal;
  return {
    ...(key === undefined ? {} : { claim: idempotencyClaim({ keyId, key, text, organization }) }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
