import type { AttributeValue } from '@aws-sdk/client-dynamodb';

// Rows as people leave them in the DynamoDB console. Each changes one thing about a good row.

const S = (text: string): AttributeValue => ({ S: text });
const N = (text: string): AttributeValue => ({ N: text });
const L = (...values: AttributeValue[]): AttributeValue => ({ L: values });
const M = (map: Record<string, AttributeValue>): AttributeValue => ({ M: map });
const BOOL = (value: boolean): AttributeValue => ({ BOOL: value });
const NULL: AttributeValue = { NULL: true };
const BYTES: AttributeValue = { B: new Uint8Array([1, 2, 255]) };

export const GOOD_URL = 'https://hooks.example.com/in';

/** What the API writes about credentials. */
const MARK = M({
  type: S('basic'),
  ref: S('crd_01KGA0B7FVZ6Q2M4N8P0R2T4V6'),
  origin: S('https://hooks.example.com'),
  set_at: S('2026-01-31T09:15:00.000Z'),
  username: S('posthorn'),
}) as AttributeValue.MMember;
const ELSEWHERE = M({ ...MARK.M, origin: S('https://old.example.com') });

/** What was done, the attributes that it leaves (undefined: removed), what `problem` says; undefined: nothing. */
export type Variant = [what: string, attributes: Record<string, AttributeValue | undefined>, problem?: RegExp];

/** Attributes that can be understood. */
export const UNDERSTOOD: Variant[] = [
  ['nothing but organization, id and url', {}],
  ['blanks around the url', { url: S(`  ${GOOD_URL}\n`) }],
  ['the url in a list', { url: L(S(GOOD_URL)) }],
  ['the url in a string set', { url: { SS: [GOOD_URL] } }],
  ['events as a string', { events: S('visit.ended') }],
  ['events as a list', { events: L(S('visit.ended'), S('shift.*')) }],
  ['events as a string set', { events: { SS: ['visit.ended', 'visit.created'] } }],
  ['events in another letter case', { events: S('VISIT.Ended') }],
  ['events with commas', { events: S('visit.ended, shift.created') }],
  ['events as JSON text', { events: S('["visit.ended"]') }],
  ['a number of seconds as text', { timeout_seconds: S('15') }],
  ['a number of seconds with blanks', { timeout_seconds: S(' 5 ') }],
  ['a number of seconds with a fraction', { timeout_seconds: N('2.5') }],
  ['a cleared number', { timeout_seconds: S('') }],
  ['cleared credentials', { auth: NULL }],
  ['signing in capitals', { signing: S(' V1A ') }],
  ['a cleared signing', { signing: S('') }],
  ['active as text', { active: S('TRUE') }],
  ['active as a number', { active: N('1') }],
  ['inactive as text', { active: S(' no ') }],
  ['format in capitals', { format: S('CLINIC-V1') }],
  ['format with an underscore', { format: S('clinic_v2') }],
  ['success as a number', { success: N('200') }],
  ['success as NULL', { success: NULL }],
  ['a cleared description', { description: S('') }],
  ['a description that is a number', { description: N('42') }],
  ['headers as JSON text', { headers: S('{"X-Tenant":"a"}') }],
  ['headers with a number', { headers: M({ 'X-Tenant': N('7') }) }],
  ['headers as NULL', { headers: NULL }],
  ['an empty map of headers', { headers: M({}) }],
  ['a numeric account', { account: N('12') }],
  ['attributes of people’s own', { note: S('call first'), tags: { SS: ['a'] }, blob: BYTES, deep: M({ a: L(NULL) }) }],
  ['a number that no JavaScript number can hold', { ticket: N('9007199254740993.5') }],
  ['a very large number', { ticket: N('99999999999999999999999999999999999999') }],
  ['a very small number', { ticket: N('0.000000000000000000000000000000000001') }],
  ['NULL in an attribute of people’s own', { note: NULL }],
];

/** Attributes that cannot be understood, and what the row then says. */
export const BROKEN: Variant[] = [
  ['the url removed', { url: undefined }, /url: expected the https URL/],
  ['the url as NULL', { url: NULL }, /url: expected .*got NULL/],
  ['an empty url', { url: S('') }, /url: expected .*got an empty text/],
  ['a blank url', { url: S('   ') }, /url: /],
  ['a url that is a number', { url: N('443') }, /url: /],
  ['a url that is binary', { url: BYTES }, /url: .*got binary data/],
  ['a url that is a map', { url: M({ href: S(GOOD_URL) }) }, /url: .*got a map/],
  ['two urls in a set', { url: { SS: [GOOD_URL, 'https://b.example.com/'] } }, /url: .*got a set of 2/],
  ['http', { url: S('http://hooks.example.com/') }, /url: must begin with https/],
  ['a private address', { url: S('https://10.0.0.1/') }, /url: must not be a private/],
  ['the metadata service', { url: S('https://169.254.169.254/') }, /url: must not be a private/],
  ['a password in the url', { url: S('https://me:geheim@hooks.example.com/') }, /url: must not contain a user name/],
  ['no scheme', { url: S('hooks.example.com') }, /url: must be a full URL/],
  ['events as NULL', { events: NULL }, /events: .*got NULL/],
  ['empty events', { events: S('') }, /events: .*got an empty text/],
  ['an empty list of events', { events: L() }, /events: .*got a list of 0/],
  ['a number set of events', { events: { NS: ['1', '2'] } }, /events: .*got a set of 2/],
  ['a binary set of events', { events: { BS: [new Uint8Array([1])] } }, /events: .*got a set of 1/],
  ['a boolean for events', { events: BOOL(true) }, /events: .*got true/],
  ['NULL among the events', { events: L(S('visit.ended'), NULL) }, /events: /],
  ['lists in the list of events', { events: L(L(S('visit.ended'))) }, /events: /],
  ['a misspelt event type', { events: S('visit.endet') }, /events: .*visit\.ended/],
  ['an unknown format', { format: S('xml') }, /format: expected one of standard/],
  ['a cleared format', { format: S('') }, /format: .*got an empty text/],
  ['a format that is a list of two', { format: L(S('thin'), S('resource')) }, /format: /],
  ['active as a question', { active: S('maybe') }, /active: expected true or false/],
  ['active as NULL', { active: NULL }, /active: .*got NULL/],
  ['active as 2', { active: N('2') }, /active: .*got 2/],
  ['success as 201', { success: N('201') }, /success: expected 2xx or 200/],
  ['a timeout of a minute', { timeout_seconds: N('60') }, /timeout_seconds: .*from 1 to 30.*got 60/],
  ['a timeout of none', { timeout_seconds: N('0') }, /timeout_seconds: /],
  ['a timeout with its unit', { timeout_seconds: S('10s') }, /timeout_seconds: .*"10s"/],
  ['a timeout with endless digits', { timeout_seconds: N('9007199254740993.5') }, /timeout_seconds: /],
  ['a cleared account', { account: S('') }, /account: .*got an empty text/],
  ['two accounts', { account: { SS: ['a', 'b'] } }, /account: .*got a set of 2/],
  ['an account with a slash', { account: S('north/south') }, /account: /],
  ['headers as text', { headers: S('X-Token: geheim') }, /headers: .*got text/],
  ['headers as a list', { headers: L(S('X-Token'), S('geheim')) }, /headers: .*got a list of 2/],
  ['a header that is reserved', { headers: M({ Host: S('geheim.example.com') }) }, /headers "Host": is reserved/],
  ['a header of two lines', { headers: M({ 'X-Token': S('geheim\nx') }) }, /headers "X-Token": must be printable/],
  ['a header that is a map', { headers: M({ 'X-Token': M({}) }) }, /headers: /],
  ['a signature header with a blank', { signature_header: S('Axle Signature') }, /signature_header: /],
  ['a signature header that is a list', { signature_header: L() }, /signature_header: /],
  [
    'credentials in clear',
    { auth: M({ type: S('bearer'), token: S('geheim') }) },
    /auth: expected no credentials in this/,
  ],
  ['signing by a number', { signing: N('1') }, /signing: expected v1, v1a, both, got 1/],
  ['signing with a list', { signing: L(S('v1'), S('v1a')) }, /signing: expected .*got a list of 2/],
  ['signing with a word of its own', { signing: S('ed25519') }, /signing: expected .*"ed25519"/],
  ['signing by another name', { signature_type: S('v1a') }, /"signature_type": expected the attribute name signing/],
  ['credentials as JSON text', { auth: S('{"type":"basic","password":"geheim"}') }, /auth: expected no credentials in/],
  ['credentials as a header', { auth: S('Bearer geheim') }, /auth: expected the value that PATCH .*got text/],
  ['credentials as a list', { auth: L(S('geheim')) }, /auth: expected the value that PATCH .*got a list of 1/],
  ['credentials of a row that was copied', { auth: MARK }, /auth: expected stored credentials, found none/],
  ['credentials for another host', { auth: ELSEWHERE }, /auth: expected a URL of https:\/\/old\.example\.com/],
  [
    'credentials with a name of their own',
    { auth: M({ ...MARK.M, note: S('x') }) },
    /auth: expected the value that PATCH/,
  ],
  ['credentials by another name', { authentication: S('x') }, /"authentication": expected the attribute name auth/],
  ['a description that is a list', { description: L(S('a'), S('b')) }, /description: expected text/],
  ['URL instead of url', { url: undefined, URL: S(GOOD_URL) }, /"URL": expected the attribute name url/],
  ['Account beside nothing', { Account: S('north') }, /"Account": expected the attribute name account/],
  ['a blank behind a name', { 'events ': S('visit.ended') }, /"events ": expected the attribute name events/],
  ['a dash in a name', { 'timeout-seconds': N('5') }, /"timeout-seconds": expected .*timeout_seconds/],
  ['enabled instead of active', { enabled: BOOL(false) }, /"enabled": expected the attribute name active/],
  ['a misspelt account', { acount: S('north') }, /"acount": expected the attribute name account/],
  ['the word null for events', { events: S('null') }, /events: expected .*got "null"/],
  ['the word None for an account', { account: S('None') }, /account: expected .*got "None"/],
  ['DynamoDB JSON for events', { events: S('[{"S":"visit.*"}]') }, /events: .*got a list of DynamoDB JSON/],
  ['DynamoDB JSON for headers', { headers: M({ 'X-Token': M({ S: S('geheim') }) }) }, /headers: .*DynamoDB JSON/],
  ['everything wrong at once', { url: NULL, events: NULL, format: S('x') }, /format: .*url: .*events: /],
];
