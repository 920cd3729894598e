import { distance } from 'fastest-levenshtein';
import { asWords, isBlank } from './hand-typed.ts';
import { ATTRIBUTE_NAMES, isAttribute, OWN_NOTES, type Subscription, type SubscriptionRow } from './subscription.ts';

// Names that stand for one of ours and are not it: `enabled`, `acount`, `Events `. To ignore them would send more than was
// meant: all events of all accounts, to a row that was meant to be off.

type Name = keyof Subscription;

/** Names that say what is sent. A row cannot be without its keys; notes and a description decide nothing. */
const DECIDING = ATTRIBUTE_NAMES.filter(
  (name) => !OWN_NOTES.includes(name) && !['organization', 'id', 'description'].includes(name),
);

/** What other systems call these things, without case and separators. */
const SYNONYMS: Readonly<Record<string, Name>> = {
  ...named('active', 'enabled enable isenabled isactive activated status inactive isinactive deactivated'),
  ...named('active', 'disabled disable isdisabled suspended muted stopped archived isarchived'),
  ...named('active', 'deleted isdeleted deletedat disabledat archivedat suspendedat deactivatedat'),
  ...named('paused', 'pause ispaused onhold ishalted halted'),
  ...named('delivery', 'deliverymode deliverymethod deliverytype deliveryway pull ispull pushorpull transport'),
  ...named('events', 'event eventtype eventtypes filtertypes enabledevents subscribedevents topic topics'),
  ...named('account', 'accountid accountids acct acctid accountnumber onlyaccount foraccount'),
  ...named('filter', 'filters filterpattern eventfilter eventpattern payloadfilter filterpolicy filterby'),
  ...named('format', 'payloadformat payloadtype payloadversion bodyformat contentformat'),
  ...named('success', 'successrule successstatus successcode successcodes expectedstatus'),
  ...named('headers', 'customheaders httpheaders requestheaders extraheaders'),
  ...named('auth', 'authentication authorization authorisation authn credential credentials basicauth httpauth'),
  ...named('signing', 'signaturetype signaturescheme signaturealgorithm signatureversion signingtype signingscheme'),
  ...named('signing', 'signingalgorithm signingversion'),
  ...named('auth', 'bearer bearertoken bearerauth oauth oauth2 clientcredentials'),
  ...named('timeout_seconds', 'timeout timeouts timeoutsec timeoutsecs timeoutms timeoutmillis requesttimeout'),
  ...named('heal_hours', 'healhour healing healinghours keeptryinghours keeptrying retryhours'),
  ...named('rate_per_second', 'ratelimit rps persecond maxrate throttle throttlerate deliveryrate requestspersecond'),
  ...named('rate_per_second', 'maxpersecond ratepersec deliveriespersecond'),
  ...named('signature_header', 'signatureheadername sigheader hmacheader signingheader'),
};

/** Of things that a row can only be without, because it has the right one. */
const SYNONYMS_OF_URL = new Set(
  'ulr rul uri endpoint endpointurl webhook webhookurl webhookuri hook hookurl target targeturl callback callbackurl href link'.split(
    ' ',
  ),
);

/** When a row was switched off: without a time it was not. */
const TIMES = new Set(['deletedat', 'disabledat', 'archivedat', 'suspendedat', 'deactivatedat']);

/** Ordinary words that are near one of ours by chance, and other things that people note on their rows. */
const ORDINARY = new Set(
  (
    'access accent action agents amount amounts assigning auto aunt caused cents count counts curl dealers designing dents dormant even eventid ' +
    'excess folder form formed former forms handlers heads headset healers heaters helpers holders leader ' +
    'leaders loaders native normal passed parsed readers reader recess recount rents scents tents traders urn used winter ' +
    'abused amused based cased cause causes daubed doused eased fused gauged hauled housed lapsed mauled mused paced ' +
    'paged pained paired paled palmed panned parked parse parsec passe passes pasted patted paved pawned payed phased ' +
    'poised posed praised pulsed pursed raised roused sauced unused ' +
    'resigning sibling sighing signin singing siting sizing'
  ).split(' '),
);

/** Letters that may differ; of four letters and fewer two would be half of the word. */
const MAX_DISTANCE = 2;
const SHORT = 4;
/** Longer names stand for none of ours. */
const LONGEST = 40;
/** Names that one process remembers: fan-out reads thousands of rows for one event, with the same names in each. */
const REMEMBERED = 1000;

const PLAIN: ReadonlyMap<string, Name> = new Map(ATTRIBUTE_NAMES.map((name) => [name, name]));
const DECIDING_BY_KEY: ReadonlyMap<string, Name> = new Map(DECIDING.map((name) => [keyOf(name), name]));
const remembered = new Map<string, Name | undefined>();

/**
 * Names in a row that stand for one of ours.
 * @returns each with the name that is meant, in the order of the row.
 */
export function misspeltNames(row: SubscriptionRow): { name: string; meant: Name }[] {
  const found: { name: string; meant: Name }[] = [];
  for (const name of Object.keys(row)) {
    if (isAttribute(name)) continue;
    const meant = meantBy(name) ?? meantByValue(name, row);
    if (meant !== undefined && !(TIMES.has(keyOf(name)) && isBlank(row[name]))) found.push({ name, meant });
  }
  return found;
}

function meantBy(name: string): Name | undefined {
  if (name.length > LONGEST) return undefined;
  if (remembered.has(name)) return remembered.get(name);
  if (remembered.size >= REMEMBERED) remembered.clear();
  const meant = lookUp(name);
  remembered.set(name, meant);
  return meant;
}

function lookUp(name: string): Name | undefined {
  const plain = PLAIN.get(name.trim().toLowerCase().replaceAll('-', '_'));
  if (plain !== undefined) return plain;
  const key = keyOf(name);
  if (Object.hasOwn(SYNONYMS, key)) return SYNONYMS[key];
  if (DECIDING_BY_KEY.has(key)) return DECIDING_BY_KEY.get(key);
  return ORDINARY.has(key) ? undefined : nearest(key);
}

function nearest(key: string): Name | undefined {
  let best: { name: Name; far: number } | undefined;
  for (const [ours, name] of DECIDING_BY_KEY) {
    const limit = ours.length > SHORT ? MAX_DISTANCE : 1;
    if (key.length < SHORT - 1 || Math.abs(key.length - ours.length) > limit) continue;
    const far = distance(key, ours);
    if (far <= limit && far < (best?.far ?? Infinity)) best = { name, far };
  }
  return best?.name;
}

/** Words that mean several things, told apart by what stands in them. */
function meantByValue(name: string, row: SubscriptionRow): Name | undefined {
  const key = keyOf(name);
  if (SYNONYMS_OF_URL.has(key)) return isBlank(row.url ?? null) ? 'url' : undefined;
  // A state of the union, or one of the subscription.
  if (key === 'state') return isOnOrOff(row[name]) ? 'active' : undefined;
  if (key === 'type' || key === 'types') return isOfEvents(row[name]) ? 'events' : undefined;
  return undefined;
}

function isOnOrOff(value: unknown): boolean {
  if (typeof value === 'boolean') return true;
  return typeof value === 'string' && /^(in)?active$|^(en|dis)abled$|^paused$|^suspended$/i.test(value.trim());
}

function isOfEvents(value: unknown): boolean {
  const words = asWords(value) ?? [];
  return words.length > 0 && words.every((word) => word === '*' || /^[a-z0-9_-]+(\.[a-z0-9_*-]+){1,2}$/i.test(word));
}

/** A name without case, blanks and separators, also those that nobody sees: the mark at the beginning of a CSV file. */
function keyOf(name: string): string {
  return name
    .slice(0, LONGEST)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function named(name: Name, keys: string): Record<string, Name> {
  return Object.fromEntries(keys.split(' ').map((key) => [key, name]));
}
