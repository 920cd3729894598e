import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { misspeltNames } from '../../../lambdas/domain/subscription/attribute-names.ts';
import { ATTRIBUTE_NAMES } from '../../../lambdas/domain/subscription/subscription.ts';

const ROW = { organization: 'acme', id: 'sub_1', url: 'https://hooks.example.com/in' };
/** What each name of a row stands for. */
const meant = (fields: Record<string, unknown>): string[] =>
  misspeltNames({ ...ROW, ...fields }).map(({ meant: name }) => name);

const STAND_FOR: Record<string, string> = {
  active:
    'enabled is_active isActive IsActive Enabled status Status disabled is_disabled inactive Active ACTIVE activ actve acive acitve avtive aktiv aktive activee activate activated active_ active: deleted is_deleted suspended archived deactivated muted',
  paused: 'pause Paused PAUSED is_paused isPaused pausd puased pauzed on_hold',
  events:
    'event Event Events evnts evnets evetns eventss evens eventes event_type eventTypes event_types topics enabled_events Event-Types events* filterTypes',
  account:
    'acount accout accont acocunt accounts account_id accountId acct Account acunt accountt acc0unt account_number',
  format: 'fromat fomat formt formats Format payload_format formatt payloadVersion foramt',
  headers: 'header haeders hedaers Headers custom_headers headerz http_headers',
  success: 'sucess succes success_status Success sucesss',
  heal_hours: 'healHours heal_hour heal-hours healing_hours keep_trying_hours',
  rate_per_second:
    'ratePerSecond rate-per-second rate_limit rateLimit rps RPS max_rate throttle rate_per_secnd requests_per_second',
  timeout_seconds: 'timeout timeoutSeconds timeout_second timout_seconds timeout_sec time_out_seconds timeout_ms',
  signature_header: 'signatureHeader signature_headers signature-header SignatureHeader signatur_header sigheader',
  url: 'Url URL urls url2 ur1 urll',
};

describe('a name that stands for one of ours', () => {
  const cases = Object.entries(STAND_FOR).flatMap(([ours, names]) =>
    names.split(' ').map((name): [string, string] => [name, ours]),
  );

  it.each(cases)('%s: %s is meant', (name, ours) => {
    expect(meant({ [name]: 'x' })).toEqual([ours]);
  });

  it.each<[string, string, string]>([
    ['a blank behind it', 'events ', 'events'],
    ['a line break behind it', 'account\n', 'account'],
    ['the mark at the beginning of a CSV file', '\ufeffaccount', 'account'],
    ['a blank that nobody sees', 'acc\u200bount', 'account'],
    ['a letter of another alphabet', '\u0430ctive', 'active'],
    ['wide letters', 'ａｃｔｉｖｅ', 'active'],
    ['quotes around it', '"events"', 'events'],
  ])('is found with %s', (_what, name, ours) => {
    expect(meant({ [name]: 'x' })).toEqual([ours]);
  });

  it('is any name of more than four letters with one letter wrong, missing or added', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789');
    const ours = fc.constantFrom('active', 'events', 'account', 'format', 'timeout_seconds', 'signature_header');
    // Words such as `agents` differ from ours in two letters at least.
    fc.assert(
      fc.property(ours, fc.nat(), letter, fc.constantFrom('add', 'drop', 'swap'), (name, where, other, how) => {
        const at = where % name.length;
        const rest = how === 'add' ? name.slice(at) : name.slice(at + 1);
        const typed = name.slice(0, at) + (how === 'drop' ? '' : other) + rest;
        if ((ATTRIBUTE_NAMES as readonly string[]).includes(typed)) return;

        expect(meant({ [typed]: 'x' })).toEqual([name]);
      }),
    );
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['the address, where a row has none', { url: undefined, webhook_url: 'https://a.example.com/' }, ['url']],
    ['the address, where that is blank', { url: ' ', endpoint: 'https://a.example.com/' }, ['url']],
    ['nothing, where a row has its address', { endpoint: 'ward 7', target: 'board', link: 'x' }, []],
    ['the switch, by its value', { state: 'inactive' }, ['active']],
    ['the switch, by its boolean', { state: false }, ['active']],
    ['nothing, as a state of the union', { state: 'CA' }, []],
    ['nothing, as a Canadian province', { state: 'ON' }, []],
    ['events, by its value', { type: 'visit.ended' }, ['events']],
    ['events, by the values of its list', { types: ['visit.*', 'shift.created'] }, ['events']],
    ['nothing, as a kind of thing', { type: 'webhook', types: ['a', 'b'] }, []],
    ['the switch, with a time at which it was used', { deleted_at: '2026-01-31' }, ['active']],
    ['nothing, as a time at which it was not', { deleted_at: null, disabledAt: '' }, []],
  ])('means %s', (_what, fields, expected) => {
    expect(meant(fields)).toEqual(expected);
  });
});

describe('an attribute of people’s own', () => {
  const OWN =
    'note notes owner owners customer customer_name customerName client clients client_id tags tag label labels team ' +
    'created_by createdBy createdAt updatedAt updated_by modified_at comment comments contact contacts email phone ' +
    'ticket ticket_id jira priority region environment env stage version name title display_name group site site_id ' +
    'facility clinic location department ward hospital city zip country language timezone tz sla plan tier contract ' +
    'contract_no invoice amount amounts count counter discount access action actions agent agents parent parents ' +
    'patient_count provider providers practice process processes progress source origin import_id batch row_number ' +
    'external_id externalId salesforce_id crm_id legacy_id old_id old_url test_url backup_url docs_url secret ' +
    'account_manager account_owner account_name last_seen last_event event_id reviewed review_date approved_by ' +
    'valid_from valid_until expires_at ttl checksum hash sort rank folder form forms former formed normal native content ' +
    'contents format_note headers_note events_note reader readers leaders curl urn auto used winter _id __typename ' +
    'aws:rep:deleting aws:rep:updateregion based caused passed parsed paced paged paid parked parsec pasted paused_note phase phased posted pulse raised unused used user pk sk gsi1pk entity kind order attempts retries limit rate filter_note';

  it.each(OWN.split(' '))('%s is left alone', (name) => {
    expect(meant({ [name]: 'x' })).toEqual([]);
  });

  it.each(ATTRIBUTE_NAMES)('is not our %s', (name) => {
    expect(meant({ [name]: 'x' })).toEqual([]);
  });

  it.each(['', ' ', '🙂', 'x'.repeat(60_000), '__proto__', 'constructor', 'toString'])(
    'named %j is none of ours',
    (name) => {
      expect(misspeltNames(Object.fromEntries([...Object.entries(ROW), [name, 'x']]))).toEqual([]);
    },
  );
});
