/** What somebody typed who looks for something. */
export interface Wanted {
  /** The page of the one thing that it names. */
  page?: string;
  /** It may be the id of a resource, such as a visit's number; with `of`, of an organization that has this in its name. */
  resources: { id: string; of?: string }[];
  /** Part of a name or a URL. */
  words: string;
}

/** ULIDs have 26 characters; those of subscriptions may be of any form, and are searched for. */
const CALL = /\batt_[0-9A-Z]{26}\.(evt_[0-9A-Z]{26})\.([\w-]+)/;
const EVENT = /\bevt_[0-9A-Z]{26}\b/;
const SUBSCRIPTION = /\bsub_[0-9A-Z]{26}\b/;
/** Of a resource's id, as the API takes it. */
const LONGEST_RESOURCE = 128;

/**
 * Reads what was typed or pasted: an id anywhere in it, as in a line of a customer's log; else words, of which one may be a
 * visit's number: `28540`, `south clinic 28540`.
 */
export function wantedOf(text: string): Wanted {
  const words = text.trim().replace(/^#\s*/, '').replace(/\s+/g, ' ');
  const call = CALL.exec(words);
  if (call) return named(`/console/subscriptions/${call[2]}?call=${encodeURIComponent(call[0])}`, words);
  const event = EVENT.exec(words);
  if (event) return named(`/console/events/${event[0]}`, words);
  const subscription = SUBSCRIPTION.exec(words);
  if (subscription) return named(`/console/subscriptions/${subscription[0]}`, words);
  return { resources: resourcesIn(words), words };
}

function named(page: string, words: string): Wanted {
  return { page, resources: [], words };
}

function resourcesIn(words: string): Wanted['resources'] {
  if (words === '') return [];
  const parts = words.split(' ');
  const numbers = parts.flatMap((part, at) => {
    const of = parts.filter((_, other) => other !== at).join(' ');
    return /\d/.test(part) && of !== '' ? [{ id: part.replace(/^#/, ''), of }] : [];
  });
  return [{ id: words }, ...numbers].filter(({ id }) => id !== '' && id.length <= LONGEST_RESOURCE);
}
