// Made of the OpenAPI document by scripts/console.ts.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        MedicalEncountersCreated: {
            /** @description Id of the encounter. */
            id?: string;
            /** @description Kind of care, e.g. outpatient. */
            type?: string;
            /** @description Organization where it takes place. */
            facility?: string | null;
            /** @description Id of the patient. */
            patient?: string | null;
            /** @description E.g. new, follow-up. */
            encounterType?: string | null;
            /** @description Accounts of the doctors. */
            doctors?: string[] | null;
            /** @description Accounts of all who provide care. */
            providers?: string[] | null;
            /** @description When it was created, ISO 8601. */
            createdAt?: string;
        };
        MedicalEncountersRemoved: {
            /** @description Id of the encounter. */
            id?: string;
            /** @description Kind of care, e.g. outpatient. */
            type?: string;
            /** @description Organization where it takes place. */
            facility?: string | null;
            /** @description Id of the patient. */
            patient?: string | null;
            /** @description E.g. new, follow-up. */
            encounterType?: string | null;
            /** @description Accounts of the doctors. */
            doctors?: string[] | null;
            /** @description Accounts of all who provide care. */
            providers?: string[] | null;
            /** @description When it was created, ISO 8601. */
            createdAt?: string;
        };
        MedicalEncountersUpdated: {
            /** @description Id of the encounter. */
            id?: string;
            /** @description Kind of care, e.g. outpatient. */
            type?: string;
            /** @description Organization where it takes place. */
            facility?: string | null;
            /** @description Id of the patient. */
            patient?: string | null;
            /** @description E.g. new, follow-up. */
            encounterType?: string | null;
            /** @description Accounts of the doctors. */
            doctors?: string[] | null;
            /** @description Accounts of all who provide care. */
            providers?: string[] | null;
            /** @description When it was created, ISO 8601. */
            createdAt?: string;
        };
        PosthornDeliveryExhausted: {
            /** @description Id of the subscription whose endpoint it is about. */
            subscription?: string;
            /** @description Host of its URL; the rest of the URL may hold tokens and is left out. */
            host?: string | null;
            /** @description How many deliveries are exhausted that no event told of before. */
            count?: number;
            /** @description When the first event of these was accepted, ISO 8601: a replay may begin there. */
            since?: string;
        };
        PosthornEndpointDown: {
            /** @description Id of the subscription whose endpoint it is about. */
            subscription?: string;
            /** @description Host of its URL; the rest of the URL may hold tokens and is left out. */
            host?: string | null;
            /** @description Since when it counts as down, ISO 8601. */
            since?: string;
        };
        PosthornEndpointFailing: {
            /** @description Id of the subscription whose endpoint it is about. */
            subscription?: string;
            /** @description Host of its URL; the rest of the URL may hold tokens and is left out. */
            host?: string | null;
            /** @description Failed tries in a row. */
            failures?: number;
            /** @description When the first of them was, ISO 8601. */
            since?: string;
        };
        PosthornEndpointRecovered: {
            /** @description Id of the subscription whose endpoint it is about. */
            subscription?: string;
            /** @description Host of its URL; the rest of the URL may hold tokens and is left out. */
            host?: string | null;
            /** @description When the first event told of its trouble, ISO 8601. */
            since?: string;
        };
        PosthornEndpointThrottled: {
            /** @description Id of the subscription whose endpoint it is about. */
            subscription?: string;
            /** @description Host of its URL; the rest of the URL may hold tokens and is left out. */
            host?: string | null;
            /** @description Until when nothing is sent to it, ISO 8601. */
            until?: string;
        };
        PosthornSubscriptionDeactivated: {
            /** @description Id of the subscription whose endpoint it is about. */
            subscription?: string;
            /** @description Host of its URL; the rest of the URL may hold tokens and is left out. */
            host?: string | null;
            /**
             * @description gone: it answered 410; down: it was down for too long.
             * @enum {unknown}
             */
            why?: "gone" | "down";
            /** @description When it answered 410, or since when it was down, ISO 8601. */
            since?: string;
        };
        ShiftCreated: {
            /** @description Id of the shift. */
            shift_id?: string;
            /** @description Whether the shift was called off. */
            is_canceled?: boolean;
            /** @description Id of the clinician; null as long as none is assigned. */
            clinician_id?: string | null;
            /** @description Ids of the territories it covers. */
            territory_ids?: string[] | null;
            /** @description Id of the clinic. */
            clinic_id?: string | null;
            /** @description IANA time zone, e.g. America/New_York. */
            time_zone?: string;
            /** @description Start, ISO 8601 with offset. */
            start_datetime?: string;
            /** @description End, ISO 8601 with offset. */
            end_datetime?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description Recurrence rule of iCalendar (RFC 5545). */
            rrule?: string | null;
            /** @description Starts left out of the recurrence, ISO 8601. */
            exdates?: string[] | null;
        };
        ShiftUpdated: {
            /** @description Id of the shift. */
            shift_id?: string;
            /** @description Whether the shift was called off. */
            is_canceled?: boolean;
            /** @description Id of the clinician; null as long as none is assigned. */
            clinician_id?: string | null;
            /** @description Ids of the territories it covers. */
            territory_ids?: string[] | null;
            /** @description Id of the clinic. */
            clinic_id?: string | null;
            /** @description IANA time zone, e.g. America/New_York. */
            time_zone?: string;
            /** @description Start, ISO 8601 with offset. */
            start_datetime?: string;
            /** @description End, ISO 8601 with offset. */
            end_datetime?: string;
            /** @description Free text. */
            notes?: string | null;
            /** @description Recurrence rule of iCalendar (RFC 5545). */
            rrule?: string | null;
            /** @description Starts left out of the recurrence, ISO 8601. */
            exdates?: string[] | null;
        };
        UserCreated: {
            /** @description Id of the account. */
            id?: string;
            /** @description What the user is, e.g. patient, provider, guest. */
            type?: string;
            /** @description When the account was created: seconds since the epoch, or ISO 8601. */
            created_at?: number | string | null;
        };
        VisitCreated: {
            /** @description Id of the visit. */
            id?: string;
            /** @description Id of the patient's account. */
            member_id?: string | null;
            /** @description Id of the provider; null as long as none is assigned. */
            provider_id?: string | null;
            /** @description Planned start, seconds since the epoch. */
            start?: number | null;
            /** @description Planned end, seconds since the epoch. */
            end?: number | null;
            /** @description When it began; null before that, seconds since the epoch. */
            actual_start?: number | null;
            /** @description When it ended; null before that, seconds since the epoch. */
            actual_end?: number | null;
            /** @description Where the visit stands, e.g. completed, cancelled. */
            status?: string;
            /** @description Id of the account that set the status. */
            status_updated_by?: string | null;
        };
        VisitEnded: {
            /** @description Id of the visit. */
            id?: string;
            /** @description Id of the patient's account. */
            member_id?: string | null;
            /** @description Id of the provider; null as long as none is assigned. */
            provider_id?: string | null;
            /** @description Planned start, seconds since the epoch. */
            start?: number | null;
            /** @description Planned end, seconds since the epoch. */
            end?: number | null;
            /** @description When it began; null before that, seconds since the epoch. */
            actual_start?: number | null;
            /** @description When it ended; null before that, seconds since the epoch. */
            actual_end?: number | null;
            /** @description Where the visit stands, e.g. completed, cancelled. */
            status?: string;
            /** @description Id of the account that set the status. */
            status_updated_by?: string | null;
        };
        VisitInvoiceProcessed: {
            /** @description Id of the visit. */
            id?: string;
            /** @description Id of the patient's account. */
            member_id?: string | null;
            /** @description Id of the provider; null as long as none is assigned. */
            provider_id?: string | null;
            /** @description Planned start, seconds since the epoch. */
            start?: number | null;
            /** @description Planned end, seconds since the epoch. */
            end?: number | null;
            /** @description When it began; null before that, seconds since the epoch. */
            actual_start?: number | null;
            /** @description When it ended; null before that, seconds since the epoch. */
            actual_end?: number | null;
            /** @description Where the visit stands, e.g. completed, cancelled. */
            status?: string;
            /** @description Id of the account that set the status. */
            status_updated_by?: string | null;
            /** @description The invoice after the update. */
            invoice?: {
                /** @description Id of the invoice. */
                id?: string;
                /** @description Which update it was, e.g. pending, paid. */
                status?: string;
                /** @description Smallest unit of the currency. */
                amount_due?: number | null;
                /** @description Smallest unit of the currency. */
                amount_paid?: number | null;
                /** @description ISO 4217 code. */
                currency?: string;
            };
        };
        VisitNoteSignedAndSent: {
            /** @description Id of the visit. */
            id?: string;
            /** @description Id of the patient's account. */
            member_id?: string | null;
            /** @description Id of the provider; null as long as none is assigned. */
            provider_id?: string | null;
            /** @description Planned start, seconds since the epoch. */
            start?: number | null;
            /** @description Planned end, seconds since the epoch. */
            end?: number | null;
            /** @description When it began; null before that, seconds since the epoch. */
            actual_start?: number | null;
            /** @description When it ended; null before that, seconds since the epoch. */
            actual_end?: number | null;
            /** @description Where the visit stands, e.g. completed, cancelled. */
            status?: string;
            /** @description Id of the account that set the status. */
            status_updated_by?: string | null;
            /** @description The note that was sent. */
            note?: {
                /** @description Id of the note. */
                id?: number | string;
                /** @description E.g. signed. */
                status?: string;
            };
        };
        VisitUpdated: {
            /** @description Id of the visit. */
            id?: string;
            /** @description Id of the patient's account. */
            member_id?: string | null;
            /** @description Id of the provider; null as long as none is assigned. */
            provider_id?: string | null;
            /** @description Planned start, seconds since the epoch. */
            start?: number | null;
            /** @description Planned end, seconds since the epoch. */
            end?: number | null;
            /** @description When it began; null before that, seconds since the epoch. */
            actual_start?: number | null;
            /** @description When it ended; null before that, seconds since the epoch. */
            actual_end?: number | null;
            /** @description Where the visit stands, e.g. completed, cancelled. */
            status?: string;
            /** @description Id of the account that set the status. */
            status_updated_by?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

/** What `data` of each event type holds. */
export interface EventData {
  'medical-encounters.created': components['schemas']['MedicalEncountersCreated'];
  'medical-encounters.removed': components['schemas']['MedicalEncountersRemoved'];
  'medical-encounters.updated': components['schemas']['MedicalEncountersUpdated'];
  'posthorn.delivery.exhausted': components['schemas']['PosthornDeliveryExhausted'];
  'posthorn.endpoint.down': components['schemas']['PosthornEndpointDown'];
  'posthorn.endpoint.failing': components['schemas']['PosthornEndpointFailing'];
  'posthorn.endpoint.recovered': components['schemas']['PosthornEndpointRecovered'];
  'posthorn.endpoint.throttled': components['schemas']['PosthornEndpointThrottled'];
  'posthorn.subscription.deactivated': components['schemas']['PosthornSubscriptionDeactivated'];
  'shift.created': components['schemas']['ShiftCreated'];
  'shift.updated': components['schemas']['ShiftUpdated'];
  'user.created': components['schemas']['UserCreated'];
  'visit.created': components['schemas']['VisitCreated'];
  'visit.ended': components['schemas']['VisitEnded'];
  'visit.invoice.processed': components['schemas']['VisitInvoiceProcessed'];
  'visit.note.signed_and_sent': components['schemas']['VisitNoteSignedAndSent'];
  'visit.updated': components['schemas']['VisitUpdated'];
}

/** Body of a delivery in the format `standard`; narrowed by its `type`. */
export type StandardEvent<Type extends keyof EventData = keyof EventData> = {
  [Name in Type]: {
    id: string;
    type: Name;
    timestamp: string;
    organization: string;
    account?: string;
    triggering_location: string;
    resource_id?: string;
    data: EventData[Name];
  };
}[Type];
