// Made of the OpenAPI document by scripts/console.ts.
export interface paths {
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, newest first; a short page does not mean that it is the last */
        get: operations["listEvents"];
        put?: never;
        /** Publish one event */
        post: operations["publishEvent"];
        /** Delete the events of one resource that were accepted so far, with all their deliveries, as a job */
        delete: operations["purgeResource"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publish up to 100 events */
        post: operations["publishEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Subscriptions of one organization, or of all; with a search, a short page does not mean that it is the last */
        get: operations["listSubscriptions"];
        put?: never;
        /** Subscribe a URL to events, or have them kept until they are fetched */
        post: operations["createSubscription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One subscription */
        get: operations["getSubscription"];
        put?: never;
        post?: never;
        /** Delete a subscription with its secrets; its log stays until it expires */
        delete: operations["deleteSubscription"];
        options?: never;
        head?: never;
        /** Change a subscription: given members are set, null removes one */
        patch: operations["changeSubscription"];
        trace?: never;
    };
    "/v1/subscriptions/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause a subscription: its deliveries are held until it is resumed */
        post: operations["pauseSubscription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume a subscription: deliveries held during the pause are sent in event order, then new ones */
        post: operations["resumeSubscription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signing secrets that are valid now, newest first */
        get: operations["getSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that verify signatures v1a, newest first, as a JWK set; needs no key */
        get: operations["getPublicKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a new signing secret; the older ones stay valid for some time */
        post: operations["rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a ping through the real pipeline to this subscription only, even if it is inactive; tried once */
        post: operations["pingSubscription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/sample": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the example of an event type to this subscription only, marked as a sample in the log; tried once */
        post: operations["sendSample"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The oldest kept deliveries of a subscription with `delivery` pull, signed like requests */
        get: operations["readFeed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/feed/ack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Acknowledge deliveries of a page of the feed: the log says that they are delivered, and the feed no longer gives them out */
        post: operations["acknowledgeFeed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say whether a request is signed for this subscription and, if not, what went wrong */
        post: operations["verifySignature"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/filter-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say whether an event would be sent to this subscription and, if not, which part of it is the reason */
        post: operations["testFilter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/filter-test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say which of the newest events would be sent with these values of events, account and filter, and why the others would not */
        post: operations["tryFilter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One event and the outcome of its deliveries */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Organizations that have subscriptions or events, in no particular order; a short page does not mean that it is the last */
        get: operations["listOrganizations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/organizations/{organization}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete everything of an organization except the audit trail, as a job with progress */
        delete: operations["purgeOrganization"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/purges/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A purge and its progress */
        get: operations["getPurge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Deliveries across all subscriptions with their current state, newest event first; a short page does not mean that it is the last */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{event}/{subscription}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send one event to one subscription again, whatever its outcome was: same id, same bytes */
        post: operations["redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/subscriptions/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send again what was not delivered, as a job with progress; same ids, same bytes */
        post: operations["replaySubscription"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Replays of the last 30 days, in no particular order; a short page does not mean that it is the last */
        get: operations["listReplays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One replay and its progress */
        get: operations["getReplay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/replays/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a replay; deliveries that are queued already, at most ten seconds of them, still go out */
        post: operations["cancelReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send many deliveries again, given one by one or by a filter, as a job like a replay; same ids, same bytes */
        post: operations["redeliverMany"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The log of all attempts, newest event first; a short page does not mean that it is the last */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/attempts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One attempt in detail: request and response with headers and bodies, timings */
        get: operations["getAttempt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogue: every event type with its triggers and schema, and the formats */
        get: operations["listEventTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts of deliveries and tries, and lateness, of a subscription, an organization or all; at most 2 minutes old */
        get: operations["getStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The current state of queues, dead letters, held and stuck deliveries, schedules and ringing alarms */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's own API key: its id and rights */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-ips": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The addresses that deliveries are sent from, for allow-lists */
        get: operations["getSourceIps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people may sign in to the console */
        get: operations["getSignInMethods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sends a browser to the organization's own OpenID Connect provider */
        get: operations["signIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the provider sends the browser back to */
        get: operations["finishSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session of the cookie that comes with this request */
        post: operations["signOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a link to one organization's console, for the platform's own admin panel; it can be opened once */
        post: operations["createPortalLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchange the token of a portal link for a session, once */
        post: operations["openPortalLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API keys without the keys themselves */
        get: operations["listApiKeys"];
        put?: never;
        /** Create an API key; the key is shown only in this answer */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key; it stops working within 60 s */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit trail, newest first; a short page does not mean that it is the last */
        get: operations["listAuditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Install a webhook, or ping one */
        post: operations["webhookEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            /** @enum {string} */
            type: "urn:posthorn:problem:malformed-json" | "urn:posthorn:problem:malformed-request" | "urn:posthorn:problem:unauthenticated" | "urn:posthorn:problem:forbidden" | "urn:posthorn:problem:not-found" | "urn:posthorn:problem:conflict" | "urn:posthorn:problem:too-large" | "urn:posthorn:problem:unsupported-media-type" | "urn:posthorn:problem:invalid-request" | "urn:posthorn:problem:idempotency-key-reused" | "urn:posthorn:problem:rate-limited" | "urn:posthorn:problem:unavailable";
            title: string;
            status: number;
            detail: string;
            errors?: {
                pointer: string;
                detail: string;
            }[];
        };
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
export interface operations {
    listEvents: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
                /** @description Only events that were tried for this subscription */
                subscription?: string;
                /** @description Only events of exactly this type; patterns are not allowed */
                type?: string;
                /** @description Only events of exactly this resource; without organization, one organization after the other, newest first in each */
                resource_id?: string;
                /** @description Not before this time; a date (UTC) means its start */
                since?: string;
                /** @description Not after this time; a date (UTC) includes the whole day */
                until?: string;
                /** @description Only events with a delivery whose latest outcome is one of these, comma-separated; fast with `subscription`, with `resource_id`, and with `organization` for failed, exhausted, gone alone */
                outcome?: string;
                /** @description Only events with a delivery whose latest answer had one of these statuses, comma-separated: `404`, `5xx` */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            organization: string;
                            account?: string;
                            type: string;
                            triggering_location: string;
                            /**
                             * @description An example that somebody sent to test a subscription
                             * @constant
                             */
                            sample?: true;
                            resource_id?: string;
                            enqueued_at: string;
                            /** @description Number of subscriptions that it matched */
                            matched: number;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishEvent: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    organization: string;
                    /** @description A narrower owner inside the organization */
                    account?: string;
                    /** @description A type from the catalogue */
                    type: string;
                    /**
                     * @description Where the edit was made; default API
                     * @enum {string}
                     */
                    triggering_location?: "PATIENT_PORTAL" | "CLINICIAN_APP" | "DASHBOARD" | "API" | "AXLE_SYSTEM";
                    resource_id?: string;
                    /** @description The resource exactly as it was after the edit */
                    data: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description SQS has it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        enqueued_at: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    purgeResource: {
        parameters: {
            query?: {
                organization?: string;
                resource_id?: string;
                /** @description Only count what would be deleted */
                dry_run?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dry_run`: what it would delete */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        subscriptions?: number;
                        keys?: number;
                        /** @description With all their deliveries */
                        events: number;
                        /** @description False: there are more */
                        complete: boolean;
                    };
                };
            };
            /** @description The job; if one is already running, that one */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        organization: string;
                        /** @enum {string} */
                        of: "organization" | "resource";
                        /** @enum {string} */
                        state: "running" | "done";
                        /** @description Rows and dead letters deleted so far */
                        deleted: number;
                        /** @description The same number, by kind */
                        by_kind: {
                            [key: string]: number;
                        };
                        /** @description Passes through all tables so far; the last one finds nothing more */
                        pass: number;
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        ended_at?: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishEvents: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    events: {
                        organization: string;
                        /** @description A narrower owner inside the organization */
                        account?: string;
                        /** @description A type from the catalogue */
                        type: string;
                        /**
                         * @description Where the edit was made; default API
                         * @enum {string}
                         */
                        triggering_location?: "PATIENT_PORTAL" | "CLINICIAN_APP" | "DASHBOARD" | "API" | "AXLE_SYSTEM";
                        resource_id?: string;
                        /** @description The resource exactly as it was after the edit */
                        data: {
                            [key: string]: unknown;
                        };
                    }[];
                };
            };
        };
        responses: {
            /** @description SQS has it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description One result for each event, in order */
                        data: ({
                            id: string;
                            /** @description ISO 8601 with milliseconds, UTC */
                            enqueued_at: string;
                        } | {
                            /** @enum {string} */
                            type: "urn:posthorn:problem:malformed-json" | "urn:posthorn:problem:malformed-request" | "urn:posthorn:problem:unauthenticated" | "urn:posthorn:problem:forbidden" | "urn:posthorn:problem:not-found" | "urn:posthorn:problem:conflict" | "urn:posthorn:problem:too-large" | "urn:posthorn:problem:unsupported-media-type" | "urn:posthorn:problem:invalid-request" | "urn:posthorn:problem:idempotency-key-reused" | "urn:posthorn:problem:rate-limited" | "urn:posthorn:problem:unavailable";
                            title: string;
                            status: number;
                            detail: string;
                            errors?: {
                                pointer: string;
                                detail: string;
                            }[];
                        })[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSubscriptions: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
                /** @description Only those with this in URL, host, description, id, organization or account; case, whitespace, `_` and `-` do not matter */
                search?: string;
                /** @description Only those in one of these states, comma-separated: `active`, `inactive`, `missed` (it was inactive, and the events that it missed were not sent), `problem`, or a state of the endpoint */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of subscriptions */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            organization: string;
                            id: string;
                            /** @description Empty with `delivery` pull, when none was given */
                            url: string;
                            /** @enum {string} */
                            delivery: "push" | "pull";
                            active: boolean;
                            /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                            paused?: boolean;
                            events: string[];
                            /** @enum {string} */
                            format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            /** @enum {string} */
                            success: "200" | "2xx";
                            timeout_seconds: number;
                            /** @description Absent: the default */
                            heal_hours?: number;
                            /** @description Absent: no ceiling */
                            rate_per_second?: number;
                            description?: string;
                            account?: string;
                            filter?: {
                                [key: string]: unknown;
                            };
                            /** @enum {string} */
                            signing: "v1" | "v1a" | "both";
                            signature_header?: string;
                            /** @description Values of authorization, cookie, *-token, *-key and *-secret are shown as *** */
                            headers?: {
                                [key: string]: string;
                            };
                            /** @description The credentials that requests carry, without the secret members */
                            auth?: {
                                /** @enum {string} */
                                type: "basic" | "bearer" | "header" | "oauth2";
                                username?: string;
                                name?: string;
                                token_url?: string;
                                client_id?: string;
                                scope?: string;
                                /** @description When they were sent, ISO 8601 */
                                set_at: string;
                            };
                            /** @description ISO 8601 with milliseconds, UTC */
                            created_at?: string;
                            /** @description ISO 8601 with milliseconds, UTC */
                            updated_at?: string;
                            /** @description Since when it is inactive, where that is known */
                            inactive_since?: string;
                            /** @description It was inactive from this time until `missed_until`, and what it missed was not sent yet */
                            missed_since?: string;
                            /** @description ISO 8601 with milliseconds, UTC */
                            missed_until?: string;
                            /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                            defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                            /** @description Why nothing is sent */
                            problem?: string;
                            /** @description How the endpoint does */
                            health?: {
                                /**
                                 * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own · `pull`: nothing is sent, deliveries are kept until they are fetched
                                 * @enum {string}
                                 */
                                state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing" | "pull";
                                /** @description Failed attempts in a row */
                                failures: number;
                                /** @description Whether it was ever called, as far as the log goes back */
                                called: boolean;
                                /** @description When the first of them was, or since when deliveries are held */
                                since?: string;
                                /** @description Some deliveries are exhausted and tried again by the platform itself */
                                healing?: {
                                    /** @description Of the oldest one */
                                    event_id: string;
                                    /** @description When it is tried again; at once when the endpoint takes anything else */
                                    next_at: string;
                                    /** @description Until when that is done */
                                    until: string;
                                };
                                /** @description While it is `throttled`: until when nothing is sent */
                                until?: string;
                                /** @description While it is `down`: when it is tried again; missing while its subscription is inactive */
                                next_probe_at?: string;
                                /** @description Deliveries that are held, or wait to be fetched; told of a single subscription, and only where some may be */
                                held?: {
                                    count: number;
                                    /** @description True: counting stopped there, more may be held */
                                    at_least?: boolean;
                                };
                            };
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Required with an admin key; an organization key has its own */
                    organization?: string;
                    /** @description Where deliveries are POSTed; https. Not needed with `delivery` pull */
                    url?: string;
                    /**
                     * @description push: deliveries are sent to `url` · pull: they are kept until their customer fetches and acknowledges them
                     * @enum {string}
                     */
                    delivery?: "push" | "pull";
                    /** @description Whether events are delivered */
                    active?: boolean;
                    /** @description One pattern or several: "*", "visit.ended", "visit.*", "medical-encounters" */
                    events?: string | string[];
                    /**
                     * @description Shape of the request body
                     * @enum {string}
                     */
                    format?: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                    /**
                     * @description Which statuses count as delivered
                     * @enum {string}
                     */
                    success?: "200" | "2xx";
                    description?: string;
                    /** @description Only events of this account */
                    account?: string;
                    /** @description Only events that pass: EventBridge's pattern syntax over data, type, account, resource_id, triggering_location */
                    filter?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description v1: HMAC with the signing secret · v1a: Ed25519, verified with the public key · both
                     * @enum {string}
                     */
                    signing?: "v1" | "v1a" | "both";
                    /** @description A further header with t=<unix>,v1=<hex> */
                    signature_header?: string;
                    /** @description Further headers on every request; credentials go into auth */
                    headers?: {
                        [key: string]: string;
                    };
                    /** @description Credentials that each request carries, sent only to the origin of the URL; secret members are write-only */
                    auth?: {
                        /** @constant */
                        type: "basic";
                        username: string;
                        password: string;
                    } | {
                        /** @constant */
                        type: "bearer";
                        token: string;
                    } | {
                        /** @constant */
                        type: "header";
                        name: string;
                        value: string;
                    } | {
                        /** @constant */
                        type: "oauth2";
                        /** @description Where an access token is fetched; https */
                        token_url: string;
                        client_id: string;
                        client_secret: string;
                        scope?: string;
                    };
                    /** @description For the whole of one attempt */
                    timeout_seconds?: number;
                    /** @description For so many hours exhausted deliveries are tried again; default: 24 as deployed, 0 with format resource */
                    heal_hours?: number;
                    /** @description So many requests a second at most, at all times; what is above waits for its turn. Default: no ceiling */
                    rate_per_second?: number;
                    /** @description Its customer has it already: whsec_ and base64 of 24 to 64 bytes. Without it a new one is made */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description The subscription */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organization: string;
                        id: string;
                        /** @description Empty with `delivery` pull, when none was given */
                        url: string;
                        /** @enum {string} */
                        delivery: "push" | "pull";
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
                        /** @description Absent: the default */
                        heal_hours?: number;
                        /** @description Absent: no ceiling */
                        rate_per_second?: number;
                        description?: string;
                        account?: string;
                        filter?: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        signing: "v1" | "v1a" | "both";
                        signature_header?: string;
                        /** @description Values of authorization, cookie, *-token, *-key and *-secret are shown as *** */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description The credentials that requests carry, without the secret members */
                        auth?: {
                            /** @enum {string} */
                            type: "basic" | "bearer" | "header" | "oauth2";
                            username?: string;
                            name?: string;
                            token_url?: string;
                            client_id?: string;
                            scope?: string;
                            /** @description When they were sent, ISO 8601 */
                            set_at: string;
                        };
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        updated_at?: string;
                        /** @description Since when it is inactive, where that is known */
                        inactive_since?: string;
                        /** @description It was inactive from this time until `missed_until`, and what it missed was not sent yet */
                        missed_since?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        missed_until?: string;
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own · `pull`: nothing is sent, deliveries are kept until they are fetched
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing" | "pull";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description Some deliveries are exhausted and tried again by the platform itself */
                            healing?: {
                                /** @description Of the oldest one */
                                event_id: string;
                                /** @description When it is tried again; at once when the endpoint takes anything else */
                                next_at: string;
                                /** @description Until when that is done */
                                until: string;
                            };
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description While it is `down`: when it is tried again; missing while its subscription is inactive */
                            next_probe_at?: string;
                            /** @description Deliveries that are held, or wait to be fetched; told of a single subscription, and only where some may be */
                            held?: {
                                count: number;
                                /** @description True: counting stopped there, more may be held */
                                at_least?: boolean;
                            };
                        };
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organization: string;
                        id: string;
                        /** @description Empty with `delivery` pull, when none was given */
                        url: string;
                        /** @enum {string} */
                        delivery: "push" | "pull";
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
                        /** @description Absent: the default */
                        heal_hours?: number;
                        /** @description Absent: no ceiling */
                        rate_per_second?: number;
                        description?: string;
                        account?: string;
                        filter?: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        signing: "v1" | "v1a" | "both";
                        signature_header?: string;
                        /** @description Values of authorization, cookie, *-token, *-key and *-secret are shown as *** */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description The credentials that requests carry, without the secret members */
                        auth?: {
                            /** @enum {string} */
                            type: "basic" | "bearer" | "header" | "oauth2";
                            username?: string;
                            name?: string;
                            token_url?: string;
                            client_id?: string;
                            scope?: string;
                            /** @description When they were sent, ISO 8601 */
                            set_at: string;
                        };
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        updated_at?: string;
                        /** @description Since when it is inactive, where that is known */
                        inactive_since?: string;
                        /** @description It was inactive from this time until `missed_until`, and what it missed was not sent yet */
                        missed_since?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        missed_until?: string;
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own · `pull`: nothing is sent, deliveries are kept until they are fetched
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing" | "pull";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description Some deliveries are exhausted and tried again by the platform itself */
                            healing?: {
                                /** @description Of the oldest one */
                                event_id: string;
                                /** @description When it is tried again; at once when the endpoint takes anything else */
                                next_at: string;
                                /** @description Until when that is done */
                                until: string;
                            };
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description While it is `down`: when it is tried again; missing while its subscription is inactive */
                            next_probe_at?: string;
                            /** @description Deliveries that are held, or wait to be fetched; told of a single subscription, and only where some may be */
                            held?: {
                                count: number;
                                /** @description True: counting stopped there, more may be held */
                                at_least?: boolean;
                            };
                        };
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Where deliveries are POSTed; https. Not needed with `delivery` pull */
                    url?: string;
                    /**
                     * @description push: deliveries are sent to `url` · pull: they are kept until their customer fetches and acknowledges them
                     * @enum {string}
                     */
                    delivery?: "push" | "pull";
                    /** @description Whether events are delivered */
                    active?: boolean;
                    /** @description One pattern or several: "*", "visit.ended", "visit.*", "medical-encounters" */
                    events?: string | string[];
                    /**
                     * @description Shape of the request body
                     * @enum {string}
                     */
                    format?: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                    success?: ("200" | "2xx") | null;
                    description?: string | null;
                    account?: string | null;
                    filter?: {
                        [key: string]: unknown;
                    } | null;
                    signing?: ("v1" | "v1a" | "both") | null;
                    signature_header?: string | null;
                    headers?: {
                        [key: string]: string;
                    } | null;
                    auth?: ({
                        /** @constant */
                        type: "basic";
                        username: string;
                        password: string;
                    } | {
                        /** @constant */
                        type: "bearer";
                        token: string;
                    } | {
                        /** @constant */
                        type: "header";
                        name: string;
                        value: string;
                    } | {
                        /** @constant */
                        type: "oauth2";
                        /** @description Where an access token is fetched; https */
                        token_url: string;
                        client_id: string;
                        client_secret: string;
                        scope?: string;
                    }) | null;
                    timeout_seconds?: number | null;
                    heal_hours?: number | null;
                    rate_per_second?: number | null;
                };
            };
        };
        responses: {
            /** @description The subscription after the change */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organization: string;
                        id: string;
                        /** @description Empty with `delivery` pull, when none was given */
                        url: string;
                        /** @enum {string} */
                        delivery: "push" | "pull";
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
                        /** @description Absent: the default */
                        heal_hours?: number;
                        /** @description Absent: no ceiling */
                        rate_per_second?: number;
                        description?: string;
                        account?: string;
                        filter?: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        signing: "v1" | "v1a" | "both";
                        signature_header?: string;
                        /** @description Values of authorization, cookie, *-token, *-key and *-secret are shown as *** */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description The credentials that requests carry, without the secret members */
                        auth?: {
                            /** @enum {string} */
                            type: "basic" | "bearer" | "header" | "oauth2";
                            username?: string;
                            name?: string;
                            token_url?: string;
                            client_id?: string;
                            scope?: string;
                            /** @description When they were sent, ISO 8601 */
                            set_at: string;
                        };
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        updated_at?: string;
                        /** @description Since when it is inactive, where that is known */
                        inactive_since?: string;
                        /** @description It was inactive from this time until `missed_until`, and what it missed was not sent yet */
                        missed_since?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        missed_until?: string;
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own · `pull`: nothing is sent, deliveries are kept until they are fetched
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing" | "pull";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description Some deliveries are exhausted and tried again by the platform itself */
                            healing?: {
                                /** @description Of the oldest one */
                                event_id: string;
                                /** @description When it is tried again; at once when the endpoint takes anything else */
                                next_at: string;
                                /** @description Until when that is done */
                                until: string;
                            };
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description While it is `down`: when it is tried again; missing while its subscription is inactive */
                            next_probe_at?: string;
                            /** @description Deliveries that are held, or wait to be fetched; told of a single subscription, and only where some may be */
                            held?: {
                                count: number;
                                /** @description True: counting stopped there, more may be held */
                                at_least?: boolean;
                            };
                        };
                        /** @description After an activation: what was accepted while it was inactive and would match it now. Nothing of it is sent */
                        missed?: {
                            /** @description To ask a replay from this time for outcome `missed` */
                            since: string;
                            /** @description Events that would be sent */
                            count: number;
                            /**
                             * @description There was no time to count all
                             * @constant
                             */
                            more?: true;
                        };
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription, paused; also if it was paused before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organization: string;
                        id: string;
                        /** @description Empty with `delivery` pull, when none was given */
                        url: string;
                        /** @enum {string} */
                        delivery: "push" | "pull";
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
                        /** @description Absent: the default */
                        heal_hours?: number;
                        /** @description Absent: no ceiling */
                        rate_per_second?: number;
                        description?: string;
                        account?: string;
                        filter?: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        signing: "v1" | "v1a" | "both";
                        signature_header?: string;
                        /** @description Values of authorization, cookie, *-token, *-key and *-secret are shown as *** */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description The credentials that requests carry, without the secret members */
                        auth?: {
                            /** @enum {string} */
                            type: "basic" | "bearer" | "header" | "oauth2";
                            username?: string;
                            name?: string;
                            token_url?: string;
                            client_id?: string;
                            scope?: string;
                            /** @description When they were sent, ISO 8601 */
                            set_at: string;
                        };
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        updated_at?: string;
                        /** @description Since when it is inactive, where that is known */
                        inactive_since?: string;
                        /** @description It was inactive from this time until `missed_until`, and what it missed was not sent yet */
                        missed_since?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        missed_until?: string;
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own · `pull`: nothing is sent, deliveries are kept until they are fetched
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing" | "pull";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description Some deliveries are exhausted and tried again by the platform itself */
                            healing?: {
                                /** @description Of the oldest one */
                                event_id: string;
                                /** @description When it is tried again; at once when the endpoint takes anything else */
                                next_at: string;
                                /** @description Until when that is done */
                                until: string;
                            };
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description While it is `down`: when it is tried again; missing while its subscription is inactive */
                            next_probe_at?: string;
                            /** @description Deliveries that are held, or wait to be fetched; told of a single subscription, and only where some may be */
                            held?: {
                                count: number;
                                /** @description True: counting stopped there, more may be held */
                                at_least?: boolean;
                            };
                        };
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeSubscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription; unchanged if it was not paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organization: string;
                        id: string;
                        /** @description Empty with `delivery` pull, when none was given */
                        url: string;
                        /** @enum {string} */
                        delivery: "push" | "pull";
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
                        /** @description Absent: the default */
                        heal_hours?: number;
                        /** @description Absent: no ceiling */
                        rate_per_second?: number;
                        description?: string;
                        account?: string;
                        filter?: {
                            [key: string]: unknown;
                        };
                        /** @enum {string} */
                        signing: "v1" | "v1a" | "both";
                        signature_header?: string;
                        /** @description Values of authorization, cookie, *-token, *-key and *-secret are shown as *** */
                        headers?: {
                            [key: string]: string;
                        };
                        /** @description The credentials that requests carry, without the secret members */
                        auth?: {
                            /** @enum {string} */
                            type: "basic" | "bearer" | "header" | "oauth2";
                            username?: string;
                            name?: string;
                            token_url?: string;
                            client_id?: string;
                            scope?: string;
                            /** @description When they were sent, ISO 8601 */
                            set_at: string;
                        };
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        updated_at?: string;
                        /** @description Since when it is inactive, where that is known */
                        inactive_since?: string;
                        /** @description It was inactive from this time until `missed_until`, and what it missed was not sent yet */
                        missed_since?: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        missed_until?: string;
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own · `pull`: nothing is sent, deliveries are kept until they are fetched
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing" | "pull";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description Some deliveries are exhausted and tried again by the platform itself */
                            healing?: {
                                /** @description Of the oldest one */
                                event_id: string;
                                /** @description When it is tried again; at once when the endpoint takes anything else */
                                next_at: string;
                                /** @description Until when that is done */
                                until: string;
                            };
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description While it is `down`: when it is tried again; missing while its subscription is inactive */
                            next_probe_at?: string;
                            /** @description Deliveries that are held, or wait to be fetched; told of a single subscription, and only where some may be */
                            held?: {
                                count: number;
                                /** @description True: counting stopped there, more may be held */
                                at_least?: boolean;
                            };
                        };
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest */
                        secret: string;
                        /** @description whpk_…: verifies signatures v1a; also at /v1/subscriptions/{id}/jwks.json */
                        public_key?: string;
                        /** @description All that are valid now, newest first */
                        secrets: {
                            secret: string;
                            /** @description whpk_…: verifies signatures v1a; also at /v1/subscriptions/{id}/jwks.json */
                            public_key?: string;
                            created_at: string;
                            expires_at?: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPublicKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK set (RFC 7517) */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            /** @constant */
                            kty: "OKP";
                            /** @constant */
                            crv: "Ed25519";
                            x: string;
                            kid: string;
                            /** @constant */
                            use: "sig";
                            /** @constant */
                            alg: "EdDSA";
                        }[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Its customer has it already: whsec_ and base64 of 24 to 64 bytes. Without it a new one is made */
                    secret?: string;
                    /**
                     * @description Hours for which the older secrets stay valid; 0 ends them at once
                     * @default 24
                     */
                    overlap_hours?: number;
                };
            };
        };
        responses: {
            /** @description The secrets, the new one first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest */
                        secret: string;
                        /** @description whpk_…: verifies signatures v1a; also at /v1/subscriptions/{id}/jwks.json */
                        public_key?: string;
                        /** @description All that are valid now, newest first */
                        secrets: {
                            secret: string;
                            /** @description whpk_…: verifies signatures v1a; also at /v1/subscriptions/{id}/jwks.json */
                            public_key?: string;
                            created_at: string;
                            expires_at?: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pingSubscription: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the attempt, which is then in the answer; the wait is at most 10 */
                wait?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued; with `attempt` if the request waited for it and it came in time */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        event_id: string;
                        attempt?: {
                            id: string;
                            event_id: string;
                            subscription_id: string;
                            organization: string;
                            type: string;
                            /** @description Of the event */
                            resource_id?: string;
                            /** @description 1 to 4; with a `fault`, the try that was due */
                            attempt: number;
                            /** @description ISO 8601 with milliseconds, UTC */
                            attempted_at: string;
                            /** @enum {string} */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped";
                            /** @description When it was fetched from the feed; `attempted_at` is when that was acknowledged */
                            fetched_at?: string;
                            reason?: string;
                            /**
                             * @description Not tried because of the platform: none of the four tries was used up. Absent: the endpoint caused the failure
                             * @constant
                             */
                            fault?: "platform";
                            /** @description Empty if the delivery was fetched */
                            url: string;
                            /** @enum {string} */
                            format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            /** @description Absent if there was no answer */
                            status?: number;
                            request?: {
                                /** @description As sent, secrets masked */
                                headers?: {
                                    [key: string]: string;
                                };
                                /** @description Only in the detail, and while the event is kept: the exact bytes that were sent */
                                body?: string;
                            };
                            response?: {
                                headers: {
                                    [key: string]: string;
                                };
                                /** @description At most 16 KiB; only in the detail */
                                body?: string;
                                truncated?: boolean;
                            };
                            timings_ms?: {
                                dns?: number;
                                connect?: number;
                                tls?: number;
                                first_byte?: number;
                                total: number;
                                /** @description Of the total, for how long Posthorn was late itself: not the endpoint’s time */
                                own_lag?: number;
                            };
                            /** @description ISO 8601 with milliseconds, UTC */
                            next_attempt_at?: string;
                            /**
                             * @description The key may not see payloads: bodies are left out
                             * @constant
                             */
                            redacted?: true;
                            /**
                             * @description An example that somebody sent to test the subscription
                             * @constant
                             */
                            sample?: true;
                            /** @description Id of the replay job, or `redeliver`, if somebody asked for this attempt */
                            replay?: string;
                            /**
                             * @description The platform itself tried an exhausted delivery again; nobody asked for it
                             * @constant
                             */
                            automatic?: true;
                            /**
                             * @description Refused again while the endpoint accepted others: the platform does not try it again
                             * @constant
                             */
                            final?: true;
                        };
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendSample: {
        parameters: {
            query?: {
                /** @description Seconds to wait for the attempt, which is then in the answer; the wait is at most 10 */
                wait?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description An event type of the catalogue
                     * @enum {string}
                     */
                    type: "medical-encounters.created" | "medical-encounters.removed" | "medical-encounters.updated" | "posthorn.delivery.exhausted" | "posthorn.endpoint.down" | "posthorn.endpoint.failing" | "posthorn.endpoint.recovered" | "posthorn.endpoint.throttled" | "posthorn.subscription.deactivated" | "shift.created" | "shift.updated" | "user.created" | "visit.created" | "visit.ended" | "visit.invoice.processed" | "visit.note.signed_and_sent" | "visit.updated";
                };
            };
        };
        responses: {
            /** @description Queued; with `attempt` if the request waited for it and it came in time */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        event_id: string;
                        attempt?: {
                            id: string;
                            event_id: string;
                            subscription_id: string;
                            organization: string;
                            type: string;
                            /** @description Of the event */
                            resource_id?: string;
                            /** @description 1 to 4; with a `fault`, the try that was due */
                            attempt: number;
                            /** @description ISO 8601 with milliseconds, UTC */
                            attempted_at: string;
                            /** @enum {string} */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped";
                            /** @description When it was fetched from the feed; `attempted_at` is when that was acknowledged */
                            fetched_at?: string;
                            reason?: string;
                            /**
                             * @description Not tried because of the platform: none of the four tries was used up. Absent: the endpoint caused the failure
                             * @constant
                             */
                            fault?: "platform";
                            /** @description Empty if the delivery was fetched */
                            url: string;
                            /** @enum {string} */
                            format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            /** @description Absent if there was no answer */
                            status?: number;
                            request?: {
                                /** @description As sent, secrets masked */
                                headers?: {
                                    [key: string]: string;
                                };
                                /** @description Only in the detail, and while the event is kept: the exact bytes that were sent */
                                body?: string;
                            };
                            response?: {
                                headers: {
                                    [key: string]: string;
                                };
                                /** @description At most 16 KiB; only in the detail */
                                body?: string;
                                truncated?: boolean;
                            };
                            timings_ms?: {
                                dns?: number;
                                connect?: number;
                                tls?: number;
                                first_byte?: number;
                                total: number;
                                /** @description Of the total, for how long Posthorn was late itself: not the endpoint’s time */
                                own_lag?: number;
                            };
                            /** @description ISO 8601 with milliseconds, UTC */
                            next_attempt_at?: string;
                            /**
                             * @description The key may not see payloads: bodies are left out
                             * @constant
                             */
                            redacted?: true;
                            /**
                             * @description An example that somebody sent to test the subscription
                             * @constant
                             */
                            sample?: true;
                            /** @description Id of the replay job, or `redeliver`, if somebody asked for this attempt */
                            replay?: string;
                            /**
                             * @description The platform itself tried an exhausted delivery again; nobody asked for it
                             * @constant
                             */
                            automatic?: true;
                            /**
                             * @description Refused again while the endpoint accepted others: the platform does not try it again
                             * @constant
                             */
                            final?: true;
                        };
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFeed: {
        parameters: {
            query?: {
                /** @description Only deliveries of events after this one; default: from the oldest */
                after?: string;
                /** @description Most deliveries on one page; a page also ends at 1 MB */
                limit?: string;
                /** @description Seconds to wait for a delivery if there is none; one such request per key at a time */
                wait?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries; they stay until acknowledged */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description In event order */
                        data: {
                            /** @description Id of the event, the same as `webhook-id` */
                            id: string;
                            /** @description The headers of a request, signed now */
                            headers: {
                                [key: string]: string;
                            };
                            /** @description The exact bytes that are signed, as UTF-8 */
                            body?: string;
                            /**
                             * @description The key may not see payloads: the body is left out and signatures are masked
                             * @constant
                             */
                            redacted?: true;
                        }[];
                        /** @description Names this page for its acknowledgement; null: nothing to acknowledge */
                        page: string | null;
                        /** @description For `after`, to read on without acknowledging; null when nothing follows */
                        next: string | null;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledgeFeed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The last delivery that you have stored: this one and those before it on the page end */
                    through: string;
                    /** @description `page` of the answer that had this delivery */
                    page: string;
                };
            };
        };
        responses: {
            /** @description How many deliveries this call ended; repeating it has no effect */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        acknowledged: number;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifySignature: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Headers of the request as they came, at least webhook-* */
                    headers: {
                        [key: string]: string;
                    };
                    /** @description The body as it came, before anything parses it */
                    body: string;
                    /** @description What your own code computed: names the mistakes that are made most */
                    computed?: string;
                };
            };
        };
        responses: {
            /** @description What is wrong, if anything */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether a receiver that verifies properly would take this request now */
                        valid: boolean;
                        /** @enum {string} */
                        cause: "none" | "older-secret" | "missing-header" | "malformed-header" | "timestamp-too-old" | "timestamp-in-the-future" | "body-changed" | "other-subscription" | "computed-with-text-of-secret" | "computed-in-hexadecimal" | "computed-without-id" | "computed-over-body-alone" | "computed-over-other-body" | "unknown";
                        /** @description What to do */
                        detail: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testFilter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An event of the last days */
                    event_id?: string;
                    /** @description An event as a producer would publish it */
                    event?: {
                        type: string;
                        account?: string;
                        /**
                         * @default API
                         * @enum {string}
                         */
                        triggering_location?: "PATIENT_PORTAL" | "CLINICIAN_APP" | "DASHBOARD" | "API" | "AXLE_SYSTEM";
                        resource_id?: string;
                        /** @description As a producer would publish it */
                        data: {
                            [key: string]: unknown;
                        };
                    };
                    /** @description Instead of the filter of the subscription: to try one before it is saved */
                    filter?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Whether it matches */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether the subscription, while it is active, would receive the event */
                        matches: boolean;
                        /** @description JSON Pointers into the event: what is not as events, account and filter ask. Empty when it matches */
                        because: string[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tryFilter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Required with a key that belongs to none; an organization key has its own */
                    organization?: string;
                    /** @description One pattern or several: "*", "visit.ended", "visit.*", "medical-encounters" */
                    events?: string | string[];
                    account?: string;
                    /** @description Only events that pass: EventBridge's pattern syntax over data, type, account, resource_id, triggering_location */
                    filter?: {
                        [key: string]: unknown;
                    };
                    /**
                     * @description How many events to look at
                     * @default 20
                     */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description The newest events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many of them would be sent */
                        matching: number;
                        /** @description The newest events of the organization, newest first */
                        data: {
                            id: string;
                            type: string;
                            account?: string;
                            resource_id?: string;
                            enqueued_at: string;
                            matches: boolean;
                            /** @description JSON Pointers into the event: what is not as events, account and filter ask. Empty when it matches */
                            because: string[];
                        }[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        organization: string;
                        account?: string;
                        type: string;
                        triggering_location: string;
                        /**
                         * @description An example that somebody sent to test a subscription
                         * @constant
                         */
                        sample?: true;
                        resource_id?: string;
                        enqueued_at: string;
                        /** @description Number of subscriptions that it matched */
                        matched: number;
                        /** @description The producer's data */
                        data?: unknown;
                        /**
                         * @description The key may not see payloads: `data` is left out
                         * @constant
                         */
                        redacted?: true;
                        /** @description Its deliveries; at most the first 100 */
                        deliveries: {
                            subscription_id: string;
                            /**
                             * @description The latest outcome; `pending`: nothing is logged yet
                             * @enum {string}
                             */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending";
                            /** @description Number of attempts in the log */
                            attempts: number;
                            last_attempt_id?: string;
                            last_attempted_at?: string;
                            /** @description URL of the latest attempt */
                            url?: string;
                            /** @description Status of the last answer; absent if there was none */
                            status?: number;
                            reason?: string;
                        }[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrganizations: {
        parameters: {
            query?: {
                /** @description Only those with this in their name; case, whitespace, `_` and `-` do not matter */
                search?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of organizations */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            organization: string;
                            /** @description How many it has */
                            subscriptions: number;
                            /** @description Number of kept events; 100 means as many or more */
                            events: number;
                            /** @description When the newest of them was accepted; ISO 8601, UTC */
                            last_event_at?: string;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    purgeOrganization: {
        parameters: {
            query?: {
                /** @description Only count what would be deleted */
                dry_run?: "true" | "false";
            };
            header?: never;
            path: {
                organization: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With `dry_run`: what it would delete */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        subscriptions?: number;
                        keys?: number;
                        /** @description With all their deliveries */
                        events: number;
                        /** @description False: there are more */
                        complete: boolean;
                    };
                };
            };
            /** @description The job; if one is already running, that one */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        organization: string;
                        /** @enum {string} */
                        of: "organization" | "resource";
                        /** @enum {string} */
                        state: "running" | "done";
                        /** @description Rows and dead letters deleted so far */
                        deleted: number;
                        /** @description The same number, by kind */
                        by_kind: {
                            [key: string]: number;
                        };
                        /** @description Passes through all tables so far; the last one finds nothing more */
                        pass: number;
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        ended_at?: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPurge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        organization: string;
                        /** @enum {string} */
                        of: "organization" | "resource";
                        /** @enum {string} */
                        state: "running" | "done";
                        /** @description Rows and dead letters deleted so far */
                        deleted: number;
                        /** @description The same number, by kind */
                        by_kind: {
                            [key: string]: number;
                        };
                        /** @description Passes through all tables so far; the last one finds nothing more */
                        pass: number;
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        ended_at?: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
                /** @description Only of this subscription */
                subscription?: string;
                /** @description Only events of exactly this type; patterns are not allowed */
                type?: string;
                /** @description Only events of exactly this resource; without organization, one organization after the other, newest first in each */
                resource_id?: string;
                /** @description Not before this time; a date (UTC) means its start */
                since?: string;
                /** @description Not after this time; a date (UTC) includes the whole day */
                until?: string;
                /** @description Only deliveries whose newest attempt has one of these outcomes, comma-separated; `pending`: not tried yet */
                outcome?: string;
                /** @description Only deliveries whose newest answer had one of these statuses, comma-separated: `404`, `5xx` */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            event_id: string;
                            subscription_id: string;
                            organization: string;
                            account?: string;
                            type: string;
                            resource_id?: string;
                            /** @description When the event was accepted; ISO 8601, UTC */
                            accepted_at: string;
                            /**
                             * @description Outcome of the newest attempt; `pending`: no attempt yet
                             * @enum {string}
                             */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending";
                            /** @description Number of the newest attempt */
                            attempt?: number;
                            last_attempt_id?: string;
                            last_attempted_at?: string;
                            next_attempt_at?: string;
                            /** @description URL of the newest attempt */
                            url?: string;
                            /** @description Status of the last answer; absent if there was none */
                            status?: number;
                            reason?: string;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                event: string;
                subscription: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        event_id: string;
                        subscription_id: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaySubscription: {
        parameters: {
            query?: {
                /** @description Only count what would be sent */
                dry_run?: "true" | "false";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Events accepted at this time or later (a date means its start, UTC); default: all that are kept */
                    since?: string;
                    /** @description Events accepted at this time or earlier (a date includes the whole day, UTC); default: now */
                    until?: string;
                    /** @description Latest outcome of a delivery; `pending`: nothing was logged yet; `missed`: events that match the subscription as it is now but were never queued for it. Default: failed, exhausted, gone, cancelled, held, pending, without deliveries that may still be under way */
                    outcomes?: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending" | "missed")[];
                    /** @description Deliveries a second at most; default 50 */
                    rate_per_second?: number;
                };
            };
        };
        responses: {
            /** @description With `dry_run`: how many deliveries it would send */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                    };
                };
            };
            /** @description The job */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description Absent: all organizations */
                        organization?: string;
                        /** @description Absent: more than one */
                        subscription_id?: string;
                        /**
                         * @description What it sends again: deliveries of one subscription, deliveries given one by one, or what a filter finds
                         * @enum {string}
                         */
                        of: "subscription" | "deliveries" | "filter";
                        type?: string;
                        resource_id?: string;
                        status?: string[];
                        /** @enum {string} */
                        state: "running" | "done" | "cancelled";
                        /** @description ISO 8601 with milliseconds, UTC */
                        since: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        until: string;
                        /** @description Latest outcomes of the deliveries that it sends */
                        outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending" | "missed")[];
                        /** @description Number of deliveries; while it runs, the number found at its start */
                        total: number;
                        /** @description Delivered */
                        done: number;
                        /** @description Ended as exhausted, gone, cancelled or skipped */
                        failed: number;
                        /** @description Not ended: not sent yet, to be retried, or held for an endpoint that is down */
                        remaining: number;
                        /** @description Deliveries a second at most */
                        rate: number;
                        /**
                         * @description Started by the platform: the endpoint answers again, so its exhausted deliveries are sent once more
                         * @constant
                         */
                        automatic?: true;
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReplays: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Only of this subscription */
                subscription?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of replays */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            /** @description Absent: all organizations */
                            organization?: string;
                            /** @description Absent: more than one */
                            subscription_id?: string;
                            /**
                             * @description What it sends again: deliveries of one subscription, deliveries given one by one, or what a filter finds
                             * @enum {string}
                             */
                            of: "subscription" | "deliveries" | "filter";
                            type?: string;
                            resource_id?: string;
                            status?: string[];
                            /** @enum {string} */
                            state: "running" | "done" | "cancelled";
                            /** @description ISO 8601 with milliseconds, UTC */
                            since: string;
                            /** @description ISO 8601 with milliseconds, UTC */
                            until: string;
                            /** @description Latest outcomes of the deliveries that it sends */
                            outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending" | "missed")[];
                            /** @description Number of deliveries; while it runs, the number found at its start */
                            total: number;
                            /** @description Delivered */
                            done: number;
                            /** @description Ended as exhausted, gone, cancelled or skipped */
                            failed: number;
                            /** @description Not ended: not sent yet, to be retried, or held for an endpoint that is down */
                            remaining: number;
                            /** @description Deliveries a second at most */
                            rate: number;
                            /**
                             * @description Started by the platform: the endpoint answers again, so its exhausted deliveries are sent once more
                             * @constant
                             */
                            automatic?: true;
                            /** @description ISO 8601 with milliseconds, UTC */
                            created_at: string;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replay */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description Absent: all organizations */
                        organization?: string;
                        /** @description Absent: more than one */
                        subscription_id?: string;
                        /**
                         * @description What it sends again: deliveries of one subscription, deliveries given one by one, or what a filter finds
                         * @enum {string}
                         */
                        of: "subscription" | "deliveries" | "filter";
                        type?: string;
                        resource_id?: string;
                        status?: string[];
                        /** @enum {string} */
                        state: "running" | "done" | "cancelled";
                        /** @description ISO 8601 with milliseconds, UTC */
                        since: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        until: string;
                        /** @description Latest outcomes of the deliveries that it sends */
                        outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending" | "missed")[];
                        /** @description Number of deliveries; while it runs, the number found at its start */
                        total: number;
                        /** @description Delivered */
                        done: number;
                        /** @description Ended as exhausted, gone, cancelled or skipped */
                        failed: number;
                        /** @description Not ended: not sent yet, to be retried, or held for an endpoint that is down */
                        remaining: number;
                        /** @description Deliveries a second at most */
                        rate: number;
                        /**
                         * @description Started by the platform: the endpoint answers again, so its exhausted deliveries are sent once more
                         * @constant
                         */
                        automatic?: true;
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replay */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description Absent: all organizations */
                        organization?: string;
                        /** @description Absent: more than one */
                        subscription_id?: string;
                        /**
                         * @description What it sends again: deliveries of one subscription, deliveries given one by one, or what a filter finds
                         * @enum {string}
                         */
                        of: "subscription" | "deliveries" | "filter";
                        type?: string;
                        resource_id?: string;
                        status?: string[];
                        /** @enum {string} */
                        state: "running" | "done" | "cancelled";
                        /** @description ISO 8601 with milliseconds, UTC */
                        since: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        until: string;
                        /** @description Latest outcomes of the deliveries that it sends */
                        outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending" | "missed")[];
                        /** @description Number of deliveries; while it runs, the number found at its start */
                        total: number;
                        /** @description Delivered */
                        done: number;
                        /** @description Ended as exhausted, gone, cancelled or skipped */
                        failed: number;
                        /** @description Not ended: not sent yet, to be retried, or held for an endpoint that is down */
                        remaining: number;
                        /** @description Deliveries a second at most */
                        rate: number;
                        /**
                         * @description Started by the platform: the endpoint answers again, so its exhausted deliveries are sent once more
                         * @constant
                         */
                        automatic?: true;
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverMany: {
        parameters: {
            query?: {
                /** @description Only count what would be sent */
                dry_run?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description These deliveries, whatever their outcome */
                    deliveries?: {
                        event: string;
                        subscription: string;
                    }[];
                    /** @description All deliveries that match every member */
                    filter?: {
                        /** @description Only of this organization */
                        organization?: string;
                        /** @description Only of this subscription */
                        subscription?: string;
                        /** @description Only events of exactly this type; patterns are not allowed */
                        type?: string;
                        /** @description Only events of exactly this resource; without organization, one organization after the other, newest first in each */
                        resource_id?: string;
                        /** @description Latest outcome of a delivery; default: failed, exhausted, gone, cancelled, held, pending, without deliveries that may still be under way */
                        outcome?: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending")[];
                        /** @description Status of the latest answer */
                        status?: string[];
                        /** @description Events accepted at this time or later */
                        since?: string;
                        /** @description Events accepted at this time or earlier; default: now */
                        until?: string;
                    };
                    /** @description Deliveries a second at most; default 50 */
                    rate_per_second?: number;
                };
            };
        };
        responses: {
            /** @description With `dry_run`: how many it would send */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Deliveries that would be sent */
                        count: number;
                        /** @description Also matched, but not kept any more, or of a subscription that gets nothing */
                        left_out: number;
                    };
                };
            };
            /** @description The job */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        /** @description Absent: all organizations */
                        organization?: string;
                        /** @description Absent: more than one */
                        subscription_id?: string;
                        /**
                         * @description What it sends again: deliveries of one subscription, deliveries given one by one, or what a filter finds
                         * @enum {string}
                         */
                        of: "subscription" | "deliveries" | "filter";
                        type?: string;
                        resource_id?: string;
                        status?: string[];
                        /** @enum {string} */
                        state: "running" | "done" | "cancelled";
                        /** @description ISO 8601 with milliseconds, UTC */
                        since: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        until: string;
                        /** @description Latest outcomes of the deliveries that it sends */
                        outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending" | "missed")[];
                        /** @description Number of deliveries; while it runs, the number found at its start */
                        total: number;
                        /** @description Delivered */
                        done: number;
                        /** @description Ended as exhausted, gone, cancelled or skipped */
                        failed: number;
                        /** @description Not ended: not sent yet, to be retried, or held for an endpoint that is down */
                        remaining: number;
                        /** @description Deliveries a second at most */
                        rate: number;
                        /**
                         * @description Started by the platform: the endpoint answers again, so its exhausted deliveries are sent once more
                         * @constant
                         */
                        automatic?: true;
                        /** @description ISO 8601 with milliseconds, UTC */
                        created_at: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAttempts: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
                /** @description Only of this subscription */
                subscription?: string;
                /** @description Only events of exactly this type; patterns are not allowed */
                type?: string;
                /** @description Only events of exactly this resource; without organization, one organization after the other, newest first in each */
                resource_id?: string;
                /** @description Not before this time; a date (UTC) means its start */
                since?: string;
                /** @description Not after this time; a date (UTC) includes the whole day */
                until?: string;
                /** @description Only these outcomes, comma-separated */
                outcome?: string;
                /** @description All attempts of one delivery, newest first; needs `subscription` and no other filter */
                event?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of attempts */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            event_id: string;
                            subscription_id: string;
                            organization: string;
                            type: string;
                            /** @description Of the event */
                            resource_id?: string;
                            /** @description 1 to 4; with a `fault`, the try that was due */
                            attempt: number;
                            /** @description ISO 8601 with milliseconds, UTC */
                            attempted_at: string;
                            /** @enum {string} */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped";
                            /** @description When it was fetched from the feed; `attempted_at` is when that was acknowledged */
                            fetched_at?: string;
                            reason?: string;
                            /**
                             * @description Not tried because of the platform: none of the four tries was used up. Absent: the endpoint caused the failure
                             * @constant
                             */
                            fault?: "platform";
                            /** @description Empty if the delivery was fetched */
                            url: string;
                            /** @enum {string} */
                            format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            /** @description Absent if there was no answer */
                            status?: number;
                            request?: {
                                /** @description As sent, secrets masked */
                                headers?: {
                                    [key: string]: string;
                                };
                                /** @description Only in the detail, and while the event is kept: the exact bytes that were sent */
                                body?: string;
                            };
                            response?: {
                                headers: {
                                    [key: string]: string;
                                };
                                /** @description At most 16 KiB; only in the detail */
                                body?: string;
                                truncated?: boolean;
                            };
                            timings_ms?: {
                                dns?: number;
                                connect?: number;
                                tls?: number;
                                first_byte?: number;
                                total: number;
                                /** @description Of the total, for how long Posthorn was late itself: not the endpoint’s time */
                                own_lag?: number;
                            };
                            /** @description ISO 8601 with milliseconds, UTC */
                            next_attempt_at?: string;
                            /**
                             * @description The key may not see payloads: bodies are left out
                             * @constant
                             */
                            redacted?: true;
                            /**
                             * @description An example that somebody sent to test the subscription
                             * @constant
                             */
                            sample?: true;
                            /** @description Id of the replay job, or `redeliver`, if somebody asked for this attempt */
                            replay?: string;
                            /**
                             * @description The platform itself tried an exhausted delivery again; nobody asked for it
                             * @constant
                             */
                            automatic?: true;
                            /**
                             * @description Refused again while the endpoint accepted others: the platform does not try it again
                             * @constant
                             */
                            final?: true;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAttempt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attempt */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        event_id: string;
                        subscription_id: string;
                        organization: string;
                        type: string;
                        /** @description Of the event */
                        resource_id?: string;
                        /** @description 1 to 4; with a `fault`, the try that was due */
                        attempt: number;
                        /** @description ISO 8601 with milliseconds, UTC */
                        attempted_at: string;
                        /** @enum {string} */
                        outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped";
                        /** @description When it was fetched from the feed; `attempted_at` is when that was acknowledged */
                        fetched_at?: string;
                        reason?: string;
                        /**
                         * @description Not tried because of the platform: none of the four tries was used up. Absent: the endpoint caused the failure
                         * @constant
                         */
                        fault?: "platform";
                        /** @description Empty if the delivery was fetched */
                        url: string;
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @description Absent if there was no answer */
                        status?: number;
                        request?: {
                            /** @description As sent, secrets masked */
                            headers?: {
                                [key: string]: string;
                            };
                            /** @description Only in the detail, and while the event is kept: the exact bytes that were sent */
                            body?: string;
                        };
                        response?: {
                            headers: {
                                [key: string]: string;
                            };
                            /** @description At most 16 KiB; only in the detail */
                            body?: string;
                            truncated?: boolean;
                        };
                        timings_ms?: {
                            dns?: number;
                            connect?: number;
                            tls?: number;
                            first_byte?: number;
                            total: number;
                            /** @description Of the total, for how long Posthorn was late itself: not the endpoint’s time */
                            own_lag?: number;
                        };
                        /** @description ISO 8601 with milliseconds, UTC */
                        next_attempt_at?: string;
                        /**
                         * @description The key may not see payloads: bodies are left out
                         * @constant
                         */
                        redacted?: true;
                        /**
                         * @description An example that somebody sent to test the subscription
                         * @constant
                         */
                        sample?: true;
                        /** @description Id of the replay job, or `redeliver`, if somebody asked for this attempt */
                        replay?: string;
                        /**
                         * @description The platform itself tried an exhausted delivery again; nobody asked for it
                         * @constant
                         */
                        automatic?: true;
                        /**
                         * @description Refused again while the endpoint accepted others: the platform does not try it again
                         * @constant
                         */
                        final?: true;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEventTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, on one page */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @description The actions that trigger the event */
                            triggers: string[];
                            resource: string | null;
                            /** @description JSON Schema of `data` */
                            schema: unknown;
                            sample: unknown;
                            /** @description The body of a request with the sample, in each format that can carry it */
                            samples: {
                                [key: string]: string;
                            };
                            deprecated?: boolean;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                        formats: {
                            /** @enum {string} */
                            name: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            description: string;
                            content_type: string;
                            deprecated?: boolean;
                        }[];
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatistics: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Only of this subscription */
                subscription?: string;
                /** @description Time in the first step. Default: one day before `until`; 30 days with `step` `day` */
                since?: string;
                /** @description Time in the last step. Default: now */
                until?: string;
                /** @description UTC. At most 92 days by hour, 400 by day */
                step?: "hour" | "day";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        since: string;
                        /** @description The end of the last step */
                        until: string;
                        /** @enum {string} */
                        step: "hour" | "day";
                        /** @description All steps together */
                        total: {
                            /** @description Deliveries by final outcome, each counted once, however many tries it took; `held`: how often one was held. One that is sent again because a person asked for it is counted again */
                            deliveries: {
                                delivered: number;
                                exhausted: number;
                                gone: number;
                                cancelled: number;
                                skipped: number;
                                held: number;
                            };
                            tries: {
                                total: number;
                                /** @description `held`: failed probes of endpoints that are down */
                                outcomes: {
                                    delivered: number;
                                    failed: number;
                                    exhausted: number;
                                    gone: number;
                                    held: number;
                                };
                                /** @description Status class of the answer; `none`: no answer */
                                statuses: {
                                    "2xx": number;
                                    "3xx": number;
                                    "4xx": number;
                                    "5xx": number;
                                    other: number;
                                    none: number;
                                };
                            };
                            /** @description Tries that the platform could not make, for a reason of its own */
                            not_tried: number;
                            /** @description Duration of tries, within 10 %; null: no tries */
                            duration_ms: {
                                p50: number;
                                p95: number;
                                p99: number;
                            } | null;
                            /** @description From acceptance to delivery, `p50` and `p95` within 10 %; null: nothing was delivered */
                            lateness_ms: {
                                p50: number;
                                p95: number;
                                max: number;
                            } | null;
                            /** @description Total size of all request bodies */
                            bytes: number;
                        };
                        /** @description Oldest first; steps without any count are left out */
                        data: {
                            /** @description Start of the step */
                            from: string;
                            /** @description Deliveries by final outcome, each counted once, however many tries it took; `held`: how often one was held. One that is sent again because a person asked for it is counted again */
                            deliveries: {
                                delivered: number;
                                exhausted: number;
                                gone: number;
                                cancelled: number;
                                skipped: number;
                                held: number;
                            };
                            tries: {
                                total: number;
                                /** @description `held`: failed probes of endpoints that are down */
                                outcomes: {
                                    delivered: number;
                                    failed: number;
                                    exhausted: number;
                                    gone: number;
                                    held: number;
                                };
                                /** @description Status class of the answer; `none`: no answer */
                                statuses: {
                                    "2xx": number;
                                    "3xx": number;
                                    "4xx": number;
                                    "5xx": number;
                                    other: number;
                                    none: number;
                                };
                            };
                            /** @description Tries that the platform could not make, for a reason of its own */
                            not_tried: number;
                            /** @description Duration of tries, within 10 %; null: no tries */
                            duration_ms: {
                                p50: number;
                                p95: number;
                                p99: number;
                            } | null;
                            /** @description From acceptance to delivery, `p50` and `p95` within 10 %; null: nothing was delivered */
                            lateness_ms: {
                                p50: number;
                                p95: number;
                                max: number;
                            } | null;
                            /** @description Total size of all request bodies */
                            bytes: number;
                        }[];
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description When this was looked up; an answer may be reused for some seconds */
                        at: string;
                        /** @description When the newest event was accepted; null: none within a week */
                        last_event_at: string | null;
                        queues: {
                            name: string;
                            waiting: number;
                            in_flight: number;
                            delayed: number;
                            /** @description How long the oldest message has waited; null: unknown */
                            oldest_seconds: number | null;
                        }[] | null;
                        /** @description `customers`: deliveries that endpoints refused four times · `ours`: messages that failed because of the platform */
                        dead_letters: {
                            customers: number;
                            ours: number;
                            queues: {
                                customers: number;
                                ours: number;
                                name: string;
                                /** @description How many of them were read to find the kind; the rest counts as `customers` */
                                looked_at: number;
                            }[];
                        } | null;
                        /** @description Deliveries that wait for their endpoints, by the state of the endpoint */
                        held: {
                            down: number;
                            throttled: number;
                            paused: number;
                            releasing: number;
                            /** @description False: there are more than were counted */
                            is_complete: boolean;
                            /** @description Those with the most held deliveries first, at most 100 */
                            endpoints: {
                                organization: string;
                                subscription_id: string;
                                /** @enum {string} */
                                state: "down" | "throttled" | "paused" | "releasing";
                                held: number;
                                since: string | null;
                                /** @description When it is `down`: the next probe; when it is `throttled`: the end of that */
                                next_probe_at: string | null;
                                /** @description When its subscription will be deactivated if it stays `down` */
                                gives_up_at: string | null;
                            }[];
                        } | null;
                        /** @description Stuck deliveries that the last search found and queued again; null: there was no search yet */
                        stuck: {
                            found: number;
                            at: string;
                        } | null;
                        schedules: {
                            /** @enum {string} */
                            name: "look-after" | "reconcile";
                            last_run_at: string | null;
                        }[] | null;
                        /** @description Alarms that ring, longest first; null without CloudWatch, as in the local run */
                        alarms: {
                            name: string;
                            description: string;
                            since: string;
                        }[] | null;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, without the key itself */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        scopes: ("events:write" | "admin" | "organization" | "support" | "payloads:read")[];
                        organization?: string;
                        account?: string;
                        /**
                         * @description The key may change nothing
                         * @constant
                         */
                        read_only?: true;
                        /** @description Whether the key may see bodies of events and attempts */
                        payloads: boolean;
                        /** @description ISO 8601 with milliseconds, UTC */
                        expires_at?: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSourceIps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The addresses; if they are not fixed, requests come from any AWS address of the region */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether there are fixed addresses */
                        fixed: boolean;
                        /** @description IPv4 addresses; all of them are in use */
                        addresses: string[];
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignInMethods: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ways */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        oidc: boolean;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: {
                back?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the provider */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finishSignIn: {
        parameters: {
            query?: {
                code?: string;
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the console */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPortalLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    organization: string;
                    /** @description Sees this account of it alone */
                    account?: string;
                    /** @description May read but change nothing */
                    read_only?: boolean;
                    /**
                     * @description How long the link and its console last
                     * @default 60
                     */
                    minutes?: number;
                    /** @description Where the console leads back to */
                    return_url?: string;
                };
            };
        };
        responses: {
            /** @description The link */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Shown only in this answer */
                        url: string;
                        expires_at: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openPortalLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                };
            };
        };
        responses: {
            /** @description The session; its key goes with each request as an API key does */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        key: string;
                        expires_at: string;
                        return_url?: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            scopes: ("events:write" | "admin" | "organization" | "support" | "payloads:read")[];
                            organization?: string;
                            account?: string;
                            read_only?: boolean;
                            payloads?: boolean;
                            description?: string;
                            created_at: string;
                            expires_at?: string;
                            revoked_at?: string;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    scopes: ("events:write" | "admin" | "organization" | "support" | "payloads:read")[];
                    /** @description Binds the key to one organization; the scope organization needs it */
                    organization?: string;
                    /** @description With the scope organization: the key sees only this account of it */
                    account?: string;
                    /** @description With the scope organization: the key may read but change nothing */
                    read_only?: boolean;
                    /** @description With the scope organization; false: the key may not see bodies of events and attempts */
                    payloads?: boolean;
                    /** @description When the key expires, within a year: ISO 8601 in UTC, such as 2026-12-31T23:59:59.000Z */
                    expires_at?: string;
                    description?: string;
                };
            };
        };
        responses: {
            /** @description The key */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        scopes: ("events:write" | "admin" | "organization" | "support" | "payloads:read")[];
                        organization?: string;
                        account?: string;
                        read_only?: boolean;
                        payloads?: boolean;
                        description?: string;
                        created_at: string;
                        expires_at?: string;
                        revoked_at?: string;
                        /** @description Shown only in this answer */
                        key: string;
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditRecords: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the previous page */
                cursor?: string;
                /** @description Only records about this object, for example to see who has viewed an event */
                object?: string;
                /** @description Only actions of this key, person or `table` */
                actor?: string;
                /** @description Only these actions, comma-separated */
                action?: string;
                /** @description Not before this time; a date (UTC) means its start */
                since?: string;
                /** @description Before this time */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records */
            200: {
                headers: {
                    /** @description With text/csv, when more follows: the address of the next page, with rel="next" (RFC 8288) */
                    link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            /** @description ISO 8601 with milliseconds, UTC */
                            recorded_at: string;
                            /** @description Id of the API key; `table`: a person who edited the table; `command`: an operator’s command; `posthorn`: the platform itself */
                            actor: string;
                            /** @description Name of the actor at that time: the description of its key */
                            actor_name?: string;
                            /** @enum {string} */
                            action: "subscription.created" | "subscription.changed" | "subscription.deleted" | "subscription.paused" | "subscription.resumed" | "secret.viewed" | "secret.rotated" | "api_key.created" | "api_key.revoked" | "payload.viewed" | "ping.sent" | "sample.sent" | "delivery.redelivered" | "replay.started" | "replay.cancelled" | "portal_link.created" | "portal_link.opened" | "user.signed_in" | "user.signed_out" | "data.purged";
                            /** @enum {string} */
                            object_type: "subscription" | "api_key" | "delivery" | "replay" | "event" | "attempt" | "portal_link" | "user" | "organization";
                            object_id: string;
                            organization?: string;
                            /** @description SHA-256 of the row before the change, in canonical form */
                            before_sha256?: string;
                            /** @description SHA-256 of the row after the change */
                            after_sha256?: string;
                            /**
                             * @description Why the platform deactivated a subscription: its endpoint answered 410 (`gone`), or was down for too long (`down`)
                             * @enum {string}
                             */
                            reason?: "gone" | "down";
                            /** @description Old and new values; what may be a secret is given as a hash */
                            changes?: {
                                [key: string]: {
                                    old?: string;
                                    new?: string;
                                };
                            };
                            /** @description Names of the attributes that changed */
                            changed: string[];
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
                    };
                    "text/csv": string;
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    webhookEvents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Required with an admin key; an organization key has its own */
                    organization?: string;
                    /** @description Only events of this account */
                    account?: string;
                    /** @description Whether events are delivered */
                    active?: boolean;
                    /** @description Where deliveries are POSTed; https. Not needed with `delivery` pull */
                    url: string;
                    /** @description One pattern or several: "*", "visit.ended", "visit.*", "medical-encounters" */
                    events?: string | string[];
                } | {
                    webhook: string;
                    /** @constant */
                    event: "ping";
                };
            };
        };
        responses: {
            /** @description Installed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        organization: string;
                        account?: string;
                        active: boolean;
                        url: string;
                        /** @description As sent */
                        events: string | string[];
                    };
                };
            };
            /** @description The ping is queued */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        webhook: string;
                        /** @constant */
                        event: "ping";
                    };
                };
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
