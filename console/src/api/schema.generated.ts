// Made of the OpenAPI document by scripts/console.ts.
export interface paths {
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events, newest first; a page may be short although more follow */
        get: operations["listEvents"];
        put?: never;
        /** Publish one event */
        post: operations["publishEvent"];
        delete?: never;
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
        /** Subscriptions of one organization, or of all; with a search a page may be short although more follow */
        get: operations["listSubscriptions"];
        put?: never;
        /** Subscribe a URL to events */
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
        /** Change a subscription: what is given is set, null removes */
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
        /** Send nothing for now: what comes is held until the subscription is resumed */
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
        /** Send what was held while the subscription was paused, in event order, and then what is new */
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
        /** A new signing secret; the older ones stay valid for a while */
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
        /** Send a ping through the real pipeline to this subscription alone, even if it is inactive */
        post: operations["pingSubscription"];
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
        /** Say whether a request is signed for this subscription, and if not, what went wrong */
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
        /** Say whether an event would be sent to this subscription, and if not, what in it is why */
        post: operations["testFilter"];
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
        /** One event and what became of its deliveries */
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
        /** Organizations that have subscriptions or events, in no particular order; a page may be short although more follow */
        get: operations["listOrganizations"];
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
        /** Send one event to one subscription again, whatever became of it: same id, same bytes */
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
        /** Replays of the last 30 days, in no particular order; a page may be short although more follow */
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
        /** One replay and how far it is */
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
        /** Send no more of a replay; what is queued already, ten seconds of it at most, still goes out */
        post: operations["cancelReplay"];
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
        /** The log of all calls, newest event first; a page may be short although more follow */
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
        /** One call in detail: request and response with headers and bodies, timings */
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
        /** Deliveries, tries and lateness of a subscription, an organization or all, counted; at most 2 minutes old */
        get: operations["getStatistics"];
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
        /** Make an API key; it is shown this once */
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
        /** The audit trail, newest first; a page may be short although more follow */
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
export interface webhooks {
    "medical-encounters.created/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was created. Format standard. */
        post: operations["medical-encounters.created/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.created/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was created. Format thin. */
        post: operations["medical-encounters.created/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.created/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was created. Format envelope. */
        post: operations["medical-encounters.created/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.created/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was created. Format clinic-v2. */
        post: operations["medical-encounters.created/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.created/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was created. Format cloudevents. */
        post: operations["medical-encounters.created/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.removed/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was removed; data is its last state. Format standard. */
        post: operations["medical-encounters.removed/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.removed/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was removed; data is its last state. Format thin. */
        post: operations["medical-encounters.removed/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.removed/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was removed; data is its last state. Format envelope. */
        post: operations["medical-encounters.removed/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.removed/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was removed; data is its last state. Format clinic-v2. */
        post: operations["medical-encounters.removed/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.removed/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was removed; data is its last state. Format cloudevents. */
        post: operations["medical-encounters.removed/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.updated/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was edited; data is the encounter right after the edit. Format standard. */
        post: operations["medical-encounters.updated/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.updated/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was edited; data is the encounter right after the edit. Format thin. */
        post: operations["medical-encounters.updated/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.updated/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was edited; data is the encounter right after the edit. Format envelope. */
        post: operations["medical-encounters.updated/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.updated/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was edited; data is the encounter right after the edit. Format clinic-v2. */
        post: operations["medical-encounters.updated/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "medical-encounters.updated/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A medical encounter was edited; data is the encounter right after the edit. Format cloudevents. */
        post: operations["medical-encounters.updated/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ping/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A try-out of one subscription. It carries no data, and producers cannot publish it. Format standard. */
        post: operations["ping/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ping/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A try-out of one subscription. It carries no data, and producers cannot publish it. Format thin. */
        post: operations["ping/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ping/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A try-out of one subscription. It carries no data, and producers cannot publish it. Format resource. */
        post: operations["ping/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ping/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A try-out of one subscription. It carries no data, and producers cannot publish it. Format envelope. */
        post: operations["ping/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ping/clinic-v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A try-out of one subscription. It carries no data, and producers cannot publish it. Format clinic-v1.
         * @deprecated
         */
        post: operations["ping/clinic-v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ping/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A try-out of one subscription. It carries no data, and producers cannot publish it. Format clinic-v2. */
        post: operations["ping/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "ping/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A try-out of one subscription. It carries no data, and producers cannot publish it. Format cloudevents. */
        post: operations["ping/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.created/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A clinician's shift was planned. Format standard. */
        post: operations["shift.created/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.created/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A clinician's shift was planned. Format thin. */
        post: operations["shift.created/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.created/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A clinician's shift was planned. Format resource. */
        post: operations["shift.created/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.created/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A clinician's shift was planned. Format envelope. */
        post: operations["shift.created/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.created/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A clinician's shift was planned. Format clinic-v2. */
        post: operations["shift.created/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.created/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A clinician's shift was planned. Format cloudevents. */
        post: operations["shift.created/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.updated/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A shift was edited or canceled; data is the shift right after the edit. Format standard. */
        post: operations["shift.updated/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.updated/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A shift was edited or canceled; data is the shift right after the edit. Format thin. */
        post: operations["shift.updated/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.updated/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A shift was edited or canceled; data is the shift right after the edit. Format resource. */
        post: operations["shift.updated/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.updated/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A shift was edited or canceled; data is the shift right after the edit. Format envelope. */
        post: operations["shift.updated/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.updated/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A shift was edited or canceled; data is the shift right after the edit. Format clinic-v2. */
        post: operations["shift.updated/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "shift.updated/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A shift was edited or canceled; data is the shift right after the edit. Format cloudevents. */
        post: operations["shift.updated/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.created/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user account exists now: a patient, a guest or a member of staff. Format standard. */
        post: operations["user.created/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.created/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user account exists now: a patient, a guest or a member of staff. Format thin. */
        post: operations["user.created/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.created/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user account exists now: a patient, a guest or a member of staff. Format envelope. */
        post: operations["user.created/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.created/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user account exists now: a patient, a guest or a member of staff. Format clinic-v2. */
        post: operations["user.created/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "user.created/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A user account exists now: a patient, a guest or a member of staff. Format cloudevents. */
        post: operations["user.created/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.created/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was booked. Format standard. */
        post: operations["visit.created/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.created/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was booked. Format thin. */
        post: operations["visit.created/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.created/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was booked. Format resource. */
        post: operations["visit.created/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.created/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was booked. Format envelope. */
        post: operations["visit.created/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.created/clinic-v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A visit was booked. Format clinic-v1.
         * @deprecated
         */
        post: operations["visit.created/clinic-v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.created/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was booked. Format clinic-v2. */
        post: operations["visit.created/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.created/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was booked. Format cloudevents. */
        post: operations["visit.created/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.ended/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit is over, held or not; status tells which. Format standard. */
        post: operations["visit.ended/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.ended/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit is over, held or not; status tells which. Format thin. */
        post: operations["visit.ended/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.ended/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit is over, held or not; status tells which. Format resource. */
        post: operations["visit.ended/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.ended/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit is over, held or not; status tells which. Format envelope. */
        post: operations["visit.ended/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.ended/clinic-v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A visit is over, held or not; status tells which. Format clinic-v1.
         * @deprecated
         */
        post: operations["visit.ended/clinic-v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.ended/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit is over, held or not; status tells which. Format clinic-v2. */
        post: operations["visit.ended/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.ended/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit is over, held or not; status tells which. Format cloudevents. */
        post: operations["visit.ended/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.invoice.processed/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The invoice of a visit changed; its status tells how. Format standard. */
        post: operations["visit.invoice.processed/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.invoice.processed/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The invoice of a visit changed; its status tells how. Format thin. */
        post: operations["visit.invoice.processed/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.invoice.processed/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The invoice of a visit changed; its status tells how. Format resource. */
        post: operations["visit.invoice.processed/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.invoice.processed/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The invoice of a visit changed; its status tells how. Format envelope. */
        post: operations["visit.invoice.processed/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.invoice.processed/clinic-v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The invoice of a visit changed; its status tells how. Format clinic-v1.
         * @deprecated
         */
        post: operations["visit.invoice.processed/clinic-v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.invoice.processed/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The invoice of a visit changed; its status tells how. Format clinic-v2. */
        post: operations["visit.invoice.processed/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.invoice.processed/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The invoice of a visit changed; its status tells how. Format cloudevents. */
        post: operations["visit.invoice.processed/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.note.signed_and_sent/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The note of a visit was signed and sent. Format standard. */
        post: operations["visit.note.signed_and_sent/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.note.signed_and_sent/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The note of a visit was signed and sent. Format thin. */
        post: operations["visit.note.signed_and_sent/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.note.signed_and_sent/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The note of a visit was signed and sent. Format resource. */
        post: operations["visit.note.signed_and_sent/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.note.signed_and_sent/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The note of a visit was signed and sent. Format envelope. */
        post: operations["visit.note.signed_and_sent/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.note.signed_and_sent/clinic-v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The note of a visit was signed and sent. Format clinic-v1.
         * @deprecated
         */
        post: operations["visit.note.signed_and_sent/clinic-v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.note.signed_and_sent/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The note of a visit was signed and sent. Format clinic-v2. */
        post: operations["visit.note.signed_and_sent/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.note.signed_and_sent/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The note of a visit was signed and sent. Format cloudevents. */
        post: operations["visit.note.signed_and_sent/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.updated/standard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was edited; data is the visit right after the edit. Format standard. */
        post: operations["visit.updated/standard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.updated/thin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was edited; data is the visit right after the edit. Format thin. */
        post: operations["visit.updated/thin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.updated/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was edited; data is the visit right after the edit. Format resource. */
        post: operations["visit.updated/resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.updated/envelope": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was edited; data is the visit right after the edit. Format envelope. */
        post: operations["visit.updated/envelope"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.updated/clinic-v1": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A visit was edited; data is the visit right after the edit. Format clinic-v1.
         * @deprecated
         */
        post: operations["visit.updated/clinic-v1"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.updated/clinic-v2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was edited; data is the visit right after the edit. Format clinic-v2. */
        post: operations["visit.updated/clinic-v2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "visit.updated/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A visit was edited; data is the visit right after the edit. Format cloudevents. */
        post: operations["visit.updated/cloudevents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
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
    responses: {
        /** @description No more, please: the subscription is switched off */
        NoMore: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Too many: nothing is sent until Retry-After */
        TooMany: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Delivered; a subscription may ask for 200 alone */
        Delivered: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Not delivered: up to three more tries */
        NotDelivered: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
    };
    parameters: {
        /** @description Id of the event, the same on every retry */
        "webhook-id": string;
        /** @description When this attempt was made, seconds since 1970 */
        "webhook-timestamp": string;
        /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
        "webhook-signature": string;
    };
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
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Only events that were tried for this subscription */
                subscription?: string;
                /** @description Only events of exactly this type, no pattern */
                type?: string;
                /** @description Only events of exactly this resource; with a key that belongs to no organization, together with `organization` */
                resource_id?: string;
                /** @description Not before this time; a date (UTC) counts from its beginning */
                since?: string;
                /** @description Not after this time; a date (UTC) counts whole */
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
                            resource_id?: string;
                            enqueued_at: string;
                            /** @description How many subscriptions it went to */
                            matched: number;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
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
                    /** @description The narrower owner inside the organization */
                    account?: string;
                    /** @description One of the catalogue */
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
                        /** @description The narrower owner inside the organization */
                        account?: string;
                        /** @description One of the catalogue */
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
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Only those with this in URL, host, description, id, organization or account; case, blanks, `_` and `-` do not matter */
                search?: string;
                /** @description Only those in one of these states, comma-separated: `active`, `inactive`, `problem`, or how the endpoint does */
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            organization: string;
                            id: string;
                            url: string;
                            active: boolean;
                            /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                            paused?: boolean;
                            events: string[];
                            /** @enum {string} */
                            format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            /** @enum {string} */
                            success: "200" | "2xx";
                            timeout_seconds: number;
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
                            /** @description Which credentials requests carry, without the secret ones */
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
                            /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                            defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                            /** @description Why nothing is sent */
                            problem?: string;
                            /** @description How the endpoint does */
                            health?: {
                                /**
                                 * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own
                                 * @enum {string}
                                 */
                                state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing";
                                /** @description Failed attempts in a row */
                                failures: number;
                                /** @description Whether it was ever called, as far as the log goes back */
                                called: boolean;
                                /** @description When the first of them was, or since when deliveries are held */
                                since?: string;
                                /** @description While it is `throttled`: until when nothing is sent */
                                until?: string;
                                /** @description Deliveries that are held; told of a single subscription, and only where some may be */
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
                    /** @description Where deliveries are POSTed; https */
                    url: string;
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
                    /** @description Credentials that each request carries, for the origin of the URL alone; the secret ones are write-only */
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
                        url: string;
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
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
                        /** @description Which credentials requests carry, without the secret ones */
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
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description Deliveries that are held; told of a single subscription, and only where some may be */
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
                        url: string;
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
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
                        /** @description Which credentials requests carry, without the secret ones */
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
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description Deliveries that are held; told of a single subscription, and only where some may be */
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
                    /** @description Where deliveries are POSTed; https */
                    url?: string;
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
                        url: string;
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
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
                        /** @description Which credentials requests carry, without the secret ones */
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
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description Deliveries that are held; told of a single subscription, and only where some may be */
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
            /** @description The subscription, paused; so too when it was before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organization: string;
                        id: string;
                        url: string;
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
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
                        /** @description Which credentials requests carry, without the secret ones */
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
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description Deliveries that are held; told of a single subscription, and only where some may be */
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
            /** @description The subscription; unchanged when it was not paused */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        organization: string;
                        id: string;
                        url: string;
                        active: boolean;
                        /** @description True: nothing is sent for now, what comes is held until it is resumed; see `health` */
                        paused?: boolean;
                        events: string[];
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @enum {string} */
                        success: "200" | "2xx";
                        timeout_seconds: number;
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
                        /** @description Which credentials requests carry, without the secret ones */
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
                        /** @description Which of these nobody gave: they have their default, which may depend on the format, and follow it */
                        defaults?: ("active" | "events" | "format" | "success" | "timeout_seconds")[];
                        /** @description Why nothing is sent */
                        problem?: string;
                        /** @description How the endpoint does */
                        health?: {
                            /**
                             * @description `down`: deliveries are held · `throttled`: it asked to wait, they are held until then · `paused`: a person paused it, they are held until it is resumed · `releasing`: what was held goes out, what is new behind it · `slow`: served in a lane of its own
                             * @enum {string}
                             */
                            state: "healthy" | "slow" | "throttled" | "down" | "paused" | "releasing";
                            /** @description Failed attempts in a row */
                            failures: number;
                            /** @description Whether it was ever called, as far as the log goes back */
                            called: boolean;
                            /** @description When the first of them was, or since when deliveries are held */
                            since?: string;
                            /** @description While it is `throttled`: until when nothing is sent */
                            until?: string;
                            /** @description Deliveries that are held; told of a single subscription, and only where some may be */
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
                     * @description How long the older ones stay valid; 0 ends them
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
                /** @description Seconds to wait for the first attempt, which the answer then holds; 10 at most are waited */
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
            /** @description Queued; with `attempt` when it was waited for and came */
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
                            /** @description 1 to 4; with a `fault`, the try that was due */
                            attempt: number;
                            /** @description ISO 8601 with milliseconds, UTC */
                            attempted_at: string;
                            /** @enum {string} */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped";
                            reason?: string;
                            /**
                             * @description Not tried for a reason of the platform: none of the four tries was used up. Absent: the endpoint’s own
                             * @constant
                             */
                            fault?: "platform";
                            url: string;
                            /** @enum {string} */
                            format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            /** @description Absent when there was no answer */
                            status?: number;
                            request?: {
                                /** @description As sent, secrets masked */
                                headers?: {
                                    [key: string]: string;
                                };
                                /** @description In the detail only: the very bytes that were sent, while the event is kept */
                                body?: string;
                            };
                            response?: {
                                headers: {
                                    [key: string]: string;
                                };
                                /** @description At most 16 KiB; in the detail only */
                                body?: string;
                                truncated?: boolean;
                            };
                            timings_ms?: {
                                dns?: number;
                                connect?: number;
                                tls?: number;
                                first_byte?: number;
                                total: number;
                            };
                            /** @description ISO 8601 with milliseconds, UTC */
                            next_attempt_at?: string;
                            /**
                             * @description The key may not see payloads: bodies are left out
                             * @constant
                             */
                            redacted?: true;
                            /** @description The replay job's id, or `redeliver`, when a person asked for it */
                            replay?: string;
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
                        resource_id?: string;
                        enqueued_at: string;
                        /** @description How many subscriptions it went to */
                        matched: number;
                        /** @description The producer's data */
                        data?: unknown;
                        /**
                         * @description The key may not see payloads: `data` is left out
                         * @constant
                         */
                        redacted?: true;
                        /** @description Where it went; the first 100 */
                        deliveries: {
                            subscription_id: string;
                            /**
                             * @description The latest; `pending` while nothing was logged yet
                             * @enum {string}
                             */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending";
                            /** @description How many are in the log */
                            attempts: number;
                            last_attempt_id?: string;
                            last_attempted_at?: string;
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
                /** @description Only those with this in their name; case, blanks, `_` and `-` do not matter */
                search?: string;
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the page before */
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            organization: string;
                            /** @description How many it has */
                            subscriptions: number;
                            /** @description How many are kept; 100 means as many or more */
                            events: number;
                            /** @description When the newest of them was accepted; ISO 8601, UTC */
                            last_event_at?: string;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
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
                /** @description Only counts what would be sent */
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
                    /** @description Events accepted at this time or later (a date: from its beginning, UTC); default: all that are kept */
                    since?: string;
                    /** @description Events accepted at this time or earlier (a date: the whole day, UTC); default: now */
                    until?: string;
                    /** @description Latest outcome of a delivery; `pending`: nothing was logged yet. Default: failed, exhausted, gone, cancelled, held, pending, without what may still be under way */
                    outcomes?: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending")[];
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
                        organization: string;
                        subscription_id: string;
                        /** @enum {string} */
                        state: "running" | "done" | "cancelled";
                        /** @description ISO 8601 with milliseconds, UTC */
                        since: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        until: string;
                        /** @description Latest outcomes of the deliveries that it takes */
                        outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending")[];
                        /** @description Deliveries; while it runs, what was found first */
                        total: number;
                        /** @description Delivered */
                        done: number;
                        /** @description Ended otherwise: exhausted, gone, cancelled, skipped */
                        failed: number;
                        /** @description Neither: not sent yet, to be tried again, or held for an endpoint that is down */
                        remaining: number;
                        /** @description Deliveries a second at most */
                        rate: number;
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
                /** @description next_cursor of the page before */
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            organization: string;
                            subscription_id: string;
                            /** @enum {string} */
                            state: "running" | "done" | "cancelled";
                            /** @description ISO 8601 with milliseconds, UTC */
                            since: string;
                            /** @description ISO 8601 with milliseconds, UTC */
                            until: string;
                            /** @description Latest outcomes of the deliveries that it takes */
                            outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending")[];
                            /** @description Deliveries; while it runs, what was found first */
                            total: number;
                            /** @description Delivered */
                            done: number;
                            /** @description Ended otherwise: exhausted, gone, cancelled, skipped */
                            failed: number;
                            /** @description Neither: not sent yet, to be tried again, or held for an endpoint that is down */
                            remaining: number;
                            /** @description Deliveries a second at most */
                            rate: number;
                            /** @description ISO 8601 with milliseconds, UTC */
                            created_at: string;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
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
                        organization: string;
                        subscription_id: string;
                        /** @enum {string} */
                        state: "running" | "done" | "cancelled";
                        /** @description ISO 8601 with milliseconds, UTC */
                        since: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        until: string;
                        /** @description Latest outcomes of the deliveries that it takes */
                        outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending")[];
                        /** @description Deliveries; while it runs, what was found first */
                        total: number;
                        /** @description Delivered */
                        done: number;
                        /** @description Ended otherwise: exhausted, gone, cancelled, skipped */
                        failed: number;
                        /** @description Neither: not sent yet, to be tried again, or held for an endpoint that is down */
                        remaining: number;
                        /** @description Deliveries a second at most */
                        rate: number;
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
                        organization: string;
                        subscription_id: string;
                        /** @enum {string} */
                        state: "running" | "done" | "cancelled";
                        /** @description ISO 8601 with milliseconds, UTC */
                        since: string;
                        /** @description ISO 8601 with milliseconds, UTC */
                        until: string;
                        /** @description Latest outcomes of the deliveries that it takes */
                        outcomes: ("delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped" | "pending")[];
                        /** @description Deliveries; while it runs, what was found first */
                        total: number;
                        /** @description Delivered */
                        done: number;
                        /** @description Ended otherwise: exhausted, gone, cancelled, skipped */
                        failed: number;
                        /** @description Neither: not sent yet, to be tried again, or held for an endpoint that is down */
                        remaining: number;
                        /** @description Deliveries a second at most */
                        rate: number;
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
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Only of this subscription */
                subscription?: string;
                /** @description Only events of exactly this type, no pattern */
                type?: string;
                /** @description Only events of exactly this resource; with a key that belongs to no organization, together with `organization` */
                resource_id?: string;
                /** @description Not before this time; a date (UTC) counts from its beginning */
                since?: string;
                /** @description Not after this time; a date (UTC) counts whole */
                until?: string;
                /** @description Only these outcomes, comma-separated */
                outcome?: string;
                /** @description All tries of one delivery, newest first; with `subscription` and no other filter */
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
                            /** @description 1 to 4; with a `fault`, the try that was due */
                            attempt: number;
                            /** @description ISO 8601 with milliseconds, UTC */
                            attempted_at: string;
                            /** @enum {string} */
                            outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped";
                            reason?: string;
                            /**
                             * @description Not tried for a reason of the platform: none of the four tries was used up. Absent: the endpoint’s own
                             * @constant
                             */
                            fault?: "platform";
                            url: string;
                            /** @enum {string} */
                            format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                            /** @description Absent when there was no answer */
                            status?: number;
                            request?: {
                                /** @description As sent, secrets masked */
                                headers?: {
                                    [key: string]: string;
                                };
                                /** @description In the detail only: the very bytes that were sent, while the event is kept */
                                body?: string;
                            };
                            response?: {
                                headers: {
                                    [key: string]: string;
                                };
                                /** @description At most 16 KiB; in the detail only */
                                body?: string;
                                truncated?: boolean;
                            };
                            timings_ms?: {
                                dns?: number;
                                connect?: number;
                                tls?: number;
                                first_byte?: number;
                                total: number;
                            };
                            /** @description ISO 8601 with milliseconds, UTC */
                            next_attempt_at?: string;
                            /**
                             * @description The key may not see payloads: bodies are left out
                             * @constant
                             */
                            redacted?: true;
                            /** @description The replay job's id, or `redeliver`, when a person asked for it */
                            replay?: string;
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
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
                        /** @description 1 to 4; with a `fault`, the try that was due */
                        attempt: number;
                        /** @description ISO 8601 with milliseconds, UTC */
                        attempted_at: string;
                        /** @enum {string} */
                        outcome: "delivered" | "failed" | "exhausted" | "gone" | "cancelled" | "held" | "skipped";
                        reason?: string;
                        /**
                         * @description Not tried for a reason of the platform: none of the four tries was used up. Absent: the endpoint’s own
                         * @constant
                         */
                        fault?: "platform";
                        url: string;
                        /** @enum {string} */
                        format: "standard" | "thin" | "resource" | "envelope" | "clinic-v1" | "clinic-v2" | "cloudevents";
                        /** @description Absent when there was no answer */
                        status?: number;
                        request?: {
                            /** @description As sent, secrets masked */
                            headers?: {
                                [key: string]: string;
                            };
                            /** @description In the detail only: the very bytes that were sent, while the event is kept */
                            body?: string;
                        };
                        response?: {
                            headers: {
                                [key: string]: string;
                            };
                            /** @description At most 16 KiB; in the detail only */
                            body?: string;
                            truncated?: boolean;
                        };
                        timings_ms?: {
                            dns?: number;
                            connect?: number;
                            tls?: number;
                            first_byte?: number;
                            total: number;
                        };
                        /** @description ISO 8601 with milliseconds, UTC */
                        next_attempt_at?: string;
                        /**
                         * @description The key may not see payloads: bodies are left out
                         * @constant
                         */
                        redacted?: true;
                        /** @description The replay job's id, or `redeliver`, when a person asked for it */
                        replay?: string;
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            description: string;
                            /** @description What people and machines do that leads to the event */
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
                            deprecated?: boolean;
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
    getStatistics: {
        parameters: {
            query?: {
                /** @description Only of this organization */
                organization?: string;
                /** @description Only of this subscription */
                subscription?: string;
                /** @description The step of this time is the first one. Default: a day before, with days 30 */
                since?: string;
                /** @description The step of this time is the last one. Default: now */
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
                            /** @description Deliveries by how they ended, each once, however many tries it took; `held`: how often one was put aside. One that is sent again, because a person asked for it, ends again */
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
                                /** @description `held`: probes of endpoints that are down, which failed */
                                outcomes: {
                                    delivered: number;
                                    failed: number;
                                    exhausted: number;
                                    gone: number;
                                    held: number;
                                };
                                /** @description Of the answers; `none`: there was no answer */
                                statuses: {
                                    "2xx": number;
                                    "3xx": number;
                                    "4xx": number;
                                    "5xx": number;
                                    other: number;
                                    none: number;
                                };
                            };
                            /** @description Tries that were not made, for a reason of the platform's own */
                            not_tried: number;
                            /** @description Of tries, within 10 %; null: there were none */
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
                            /** @description Of the bodies of all requests */
                            bytes: number;
                        };
                        /** @description Oldest first; steps in which nothing happened are missing */
                        data: {
                            /** @description Deliveries by how they ended, each once, however many tries it took; `held`: how often one was put aside. One that is sent again, because a person asked for it, ends again */
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
                                /** @description `held`: probes of endpoints that are down, which failed */
                                outcomes: {
                                    delivered: number;
                                    failed: number;
                                    exhausted: number;
                                    gone: number;
                                    held: number;
                                };
                                /** @description Of the answers; `none`: there was no answer */
                                statuses: {
                                    "2xx": number;
                                    "3xx": number;
                                    "4xx": number;
                                    "5xx": number;
                                    other: number;
                                    none: number;
                                };
                            };
                            /** @description Tries that were not made, for a reason of the platform's own */
                            not_tried: number;
                            /** @description Of tries, within 10 %; null: there were none */
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
                            /** @description Of the bodies of all requests */
                            bytes: number;
                            /** @description When the step begins */
                            from: string;
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
                         * @description It may change nothing
                         * @constant
                         */
                        read_only?: true;
                        /** @description Whether it sees the bodies of events and calls */
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
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Items on one page */
                limit?: string;
                /** @description next_cursor of the page before */
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
                    /** @description With the scope organization: the key sees this account of it alone */
                    account?: string;
                    /** @description With the scope organization: it may look, and change nothing */
                    read_only?: boolean;
                    /** @description With the scope organization; false: it sees no bodies of events and calls */
                    payloads?: boolean;
                    /** @description The key ends then, within a year: ISO 8601 in UTC, as 2026-12-31T23:59:59.000Z */
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
                        /** @description Only here */
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
                /** @description next_cursor of the page before */
                cursor?: string;
                /** @description Not before this time; a date (UTC) counts from its beginning */
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
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            /** @description ISO 8601 with milliseconds, UTC */
                            recorded_at: string;
                            /** @description Id of the API key; `table`: a person in the table; `posthorn`: the platform itself */
                            actor: string;
                            /** @enum {string} */
                            action: "subscription.created" | "subscription.changed" | "subscription.deleted" | "subscription.paused" | "subscription.resumed" | "secret.viewed" | "secret.rotated" | "api_key.created" | "api_key.revoked" | "delivery.redelivered" | "replay.started";
                            /** @enum {string} */
                            object_type: "subscription" | "api_key" | "delivery" | "replay";
                            object_id: string;
                            organization?: string;
                            /** @description SHA-256 of the row before, in its canonical form */
                            before_sha256?: string;
                            /** @description SHA-256 of the row after */
                            after_sha256?: string;
                            /**
                             * @description Why the platform switched a subscription off: its endpoint answered 410, or was down for too long
                             * @enum {string}
                             */
                            reason?: "gone" | "down";
                            /** @description Names of the attributes that changed */
                            changed: string[];
                        }[];
                        /** @description null on the last page */
                        next_cursor: string | null;
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
                    /** @description Where deliveries are POSTed; https */
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
    "medical-encounters.created/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "medical-encounters.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["MedicalEncountersCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.created/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "medical-encounters.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.created/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "medical-encounters.created",
                 *       "payload": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "medical-encounters.created";
                    payload: components["schemas"]["MedicalEncountersCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.created/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.created",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "medical-encounters.created";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["MedicalEncountersCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.created/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "medical-encounters.created",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "medical-encounters.created";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["MedicalEncountersCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.removed/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.removed",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "medical-encounters.removed";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["MedicalEncountersRemoved"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.removed/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.removed",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "medical-encounters.removed";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.removed/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "medical-encounters.removed",
                 *       "payload": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "medical-encounters.removed";
                    payload: components["schemas"]["MedicalEncountersRemoved"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.removed/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.removed",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "medical-encounters.removed";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["MedicalEncountersRemoved"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.removed/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "medical-encounters.removed",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "new",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "medical-encounters.removed";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["MedicalEncountersRemoved"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.updated/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.updated",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "follow-up",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "medical-encounters.updated";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["MedicalEncountersUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.updated/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.updated",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "medical-encounters.updated";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.updated/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "medical-encounters.updated",
                 *       "payload": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "follow-up",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "medical-encounters.updated";
                    payload: components["schemas"]["MedicalEncountersUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.updated/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "medical-encounters.updated",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "follow-up",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "medical-encounters.updated";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["MedicalEncountersUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "medical-encounters.updated/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "medical-encounters.updated",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "63b0d7f2a1c4e5f6a7b8c9d0",
                 *         "type": "outpatient",
                 *         "facility": "org_8f2a91",
                 *         "patient": "pat_51c7e0",
                 *         "encounterType": "follow-up",
                 *         "doctors": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "providers": [
                 *           "acc_1b9d44"
                 *         ],
                 *         "createdAt": "2023-01-01T00:46:42.000Z"
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "medical-encounters.updated";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["MedicalEncountersUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "ping/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "ping",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "ping";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "ping/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "ping",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "ping";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "ping/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "ping",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API"
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "ping";
                    updated_at: string;
                    triggering_location: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "ping/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "ping"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "ping";
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "ping/clinic-v1": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
                deprecation?: string;
                sunset?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "ping",
                 *       "created": 1769850900,
                 *       "account_code": "org_1",
                 *       "data": {}
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "ping";
                    created: number;
                    account_code: string;
                    data: Record<string, never>;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "ping/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "ping",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {}
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "ping";
                    created: number;
                    clinic_code: string;
                    data: Record<string, never>;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "ping/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "ping",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API"
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "ping";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.created/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "shift.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": false,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "shift.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["ShiftCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.created/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "shift.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "shift.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.created/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "shift",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API",
                 *       "shift": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": false,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "shift";
                    updated_at: string;
                    triggering_location: string;
                    shift: components["schemas"]["ShiftCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.created/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "shift.created",
                 *       "payload": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": false,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "shift.created";
                    payload: components["schemas"]["ShiftCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.created/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "shift.created",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": false,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "shift.created";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["ShiftCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.created/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "shift.created",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": false,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "shift.created";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["ShiftCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.updated/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "shift.updated",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": true,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "shift.updated";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["ShiftUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.updated/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "shift.updated",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "shift.updated";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.updated/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "shift",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API",
                 *       "shift": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": true,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "shift";
                    updated_at: string;
                    triggering_location: string;
                    shift: components["schemas"]["ShiftUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.updated/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "shift.updated",
                 *       "payload": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": true,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "shift.updated";
                    payload: components["schemas"]["ShiftUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.updated/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "shift.updated",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": true,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "shift.updated";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["ShiftUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "shift.updated/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "shift.updated",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "shift_id": "123e4567-e89b-12d3-a456-426614174000",
                 *         "is_canceled": true,
                 *         "clinician_id": "987e6543-e21a-45b3-c567-789101112131",
                 *         "territory_ids": [
                 *           "abcd1234-5678-90ef-ghij-1234567890kl",
                 *           "mnop1234-5678-90ef-qrst-1234567890uv"
                 *         ],
                 *         "clinic_id": "abcd4321-5678-90ef-ghij-1234567890kl",
                 *         "time_zone": "America/New_York",
                 *         "start_datetime": "2023-05-01T08:00:00-04:00",
                 *         "end_datetime": "2023-05-01T16:00:00-04:00",
                 *         "notes": "Shift coverage for Dr. Smith",
                 *         "rrule": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
                 *         "exdates": [
                 *           "2023-05-08T08:00:00-04:00",
                 *           "2023-05-15T08:00:00-04:00"
                 *         ]
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "shift.updated";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["ShiftUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "user.created/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "user.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "60610",
                 *         "type": "patient",
                 *         "created_at": 1546950546
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "user.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["UserCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "user.created/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "user.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "user.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "user.created/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "user.created",
                 *       "payload": {
                 *         "id": "60610",
                 *         "type": "patient",
                 *         "created_at": 1546950546
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "user.created";
                    payload: components["schemas"]["UserCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "user.created/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "user.created",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "60610",
                 *         "type": "patient",
                 *         "created_at": 1546950546
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "user.created";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["UserCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "user.created/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "user.created",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "60610",
                 *         "type": "patient",
                 *         "created_at": 1546950546
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "user.created";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["UserCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.created/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": null,
                 *         "actual_end": null,
                 *         "status": "scheduled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["VisitCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.created/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.created",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.created";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.created/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "visit",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API",
                 *       "visit": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": null,
                 *         "actual_end": null,
                 *         "status": "scheduled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "visit";
                    updated_at: string;
                    triggering_location: string;
                    visit: components["schemas"]["VisitCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.created/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "visit.created",
                 *       "payload": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": null,
                 *         "actual_end": null,
                 *         "status": "scheduled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "visit.created";
                    payload: components["schemas"]["VisitCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.created/clinic-v1": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
                deprecation?: string;
                sunset?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.created",
                 *       "created": 1769850900,
                 *       "account_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": "1546950546",
                 *         "end": "1546951446",
                 *         "actual_start": null,
                 *         "actual_end": null,
                 *         "status": "1",
                 *         "completed_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.created";
                    created: number;
                    account_code: string;
                    data: {
                        id?: string;
                        member_id?: string;
                        provider_id?: string | null;
                        start?: string;
                        end?: string;
                        actual_start?: string | null;
                        actual_end?: string | null;
                        status?: string;
                        completed_by?: string;
                    };
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.created/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.created",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": null,
                 *         "actual_end": null,
                 *         "status": "scheduled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.created";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["VisitCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.created/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "visit.created",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": null,
                 *         "actual_end": null,
                 *         "status": "scheduled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "visit.created";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["VisitCreated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.ended/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.ended",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "cancelled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.ended";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["VisitEnded"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.ended/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.ended",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.ended";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.ended/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "visit",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API",
                 *       "visit": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "cancelled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "visit";
                    updated_at: string;
                    triggering_location: string;
                    visit: components["schemas"]["VisitEnded"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.ended/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "visit.ended",
                 *       "payload": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "cancelled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "visit.ended";
                    payload: components["schemas"]["VisitEnded"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.ended/clinic-v1": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
                deprecation?: string;
                sunset?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.ended",
                 *       "created": 1769850900,
                 *       "account_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": "1546950546",
                 *         "end": "1546951446",
                 *         "actual_start": "1546950546",
                 *         "actual_end": "1546950555",
                 *         "status": "1",
                 *         "completed_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.ended";
                    created: number;
                    account_code: string;
                    data: {
                        id?: string;
                        member_id?: string;
                        provider_id?: string | null;
                        start?: string;
                        end?: string;
                        actual_start?: string;
                        actual_end?: string;
                        status?: string;
                        completed_by?: string;
                    };
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.ended/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.ended",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "cancelled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.ended";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["VisitEnded"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.ended/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "visit.ended",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "cancelled",
                 *         "status_updated_by": "60610"
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "visit.ended";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["VisitEnded"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.invoice.processed/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.invoice.processed",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "invoice": {
                 *           "id": "132",
                 *           "status": "pending",
                 *           "amount_due": 2500,
                 *           "amount_paid": 1500,
                 *           "currency": "USD"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.invoice.processed";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["VisitInvoiceProcessed"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.invoice.processed/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.invoice.processed",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.invoice.processed";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.invoice.processed/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "visit",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API",
                 *       "visit": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "invoice": {
                 *           "id": "132",
                 *           "status": "pending",
                 *           "amount_due": 2500,
                 *           "amount_paid": 1500,
                 *           "currency": "USD"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "visit";
                    updated_at: string;
                    triggering_location: string;
                    visit: components["schemas"]["VisitInvoiceProcessed"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.invoice.processed/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "visit.invoice.processed",
                 *       "payload": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "invoice": {
                 *           "id": "132",
                 *           "status": "pending",
                 *           "amount_due": 2500,
                 *           "amount_paid": 1500,
                 *           "currency": "USD"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "visit.invoice.processed";
                    payload: components["schemas"]["VisitInvoiceProcessed"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.invoice.processed/clinic-v1": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
                deprecation?: string;
                sunset?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.invoice.processed",
                 *       "created": 1769850900,
                 *       "account_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": "1546950546",
                 *         "end": "1546951446",
                 *         "actual_start": "1546950546",
                 *         "actual_end": "1546950555",
                 *         "status": "1",
                 *         "completed_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.invoice.processed";
                    created: number;
                    account_code: string;
                    data: {
                        id?: string;
                        member_id?: string;
                        provider_id?: string | null;
                        start?: string;
                        end?: string;
                        actual_start?: string;
                        actual_end?: string;
                        status?: string;
                        completed_by?: string;
                    };
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.invoice.processed/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.invoice.processed",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "invoice": {
                 *           "id": "132",
                 *           "status": "pending",
                 *           "amount_due": 2500,
                 *           "amount_paid": 1500,
                 *           "currency": "USD"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.invoice.processed";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["VisitInvoiceProcessed"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.invoice.processed/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "visit.invoice.processed",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "invoice": {
                 *           "id": "132",
                 *           "status": "pending",
                 *           "amount_due": 2500,
                 *           "amount_paid": 1500,
                 *           "currency": "USD"
                 *         }
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "visit.invoice.processed";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["VisitInvoiceProcessed"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.note.signed_and_sent/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.note.signed_and_sent",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "note": {
                 *           "id": 77,
                 *           "status": "signed"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.note.signed_and_sent";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["VisitNoteSignedAndSent"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.note.signed_and_sent/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.note.signed_and_sent",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.note.signed_and_sent";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.note.signed_and_sent/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "visit",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API",
                 *       "visit": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "note": {
                 *           "id": 77,
                 *           "status": "signed"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "visit";
                    updated_at: string;
                    triggering_location: string;
                    visit: components["schemas"]["VisitNoteSignedAndSent"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.note.signed_and_sent/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "visit.note.signed_and_sent",
                 *       "payload": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "note": {
                 *           "id": 77,
                 *           "status": "signed"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "visit.note.signed_and_sent";
                    payload: components["schemas"]["VisitNoteSignedAndSent"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.note.signed_and_sent/clinic-v1": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
                deprecation?: string;
                sunset?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.note.signed_and_sent",
                 *       "created": 1769850900,
                 *       "account_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": "1546950546",
                 *         "end": "1546951446",
                 *         "actual_start": "1546950546",
                 *         "actual_end": "1546950555",
                 *         "status": "1",
                 *         "completed_by": "60610"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.note.signed_and_sent";
                    created: number;
                    account_code: string;
                    data: {
                        id?: string;
                        member_id?: string;
                        provider_id?: string | null;
                        start?: string;
                        end?: string;
                        actual_start?: string;
                        actual_end?: string;
                        status?: string;
                        completed_by?: string;
                    };
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.note.signed_and_sent/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.note.signed_and_sent",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "note": {
                 *           "id": 77,
                 *           "status": "signed"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.note.signed_and_sent";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["VisitNoteSignedAndSent"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.note.signed_and_sent/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "visit.note.signed_and_sent",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": null,
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": 1546950555,
                 *         "status": "completed",
                 *         "status_updated_by": "60610",
                 *         "note": {
                 *           "id": 77,
                 *           "status": "signed"
                 *         }
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "visit.note.signed_and_sent";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["VisitNoteSignedAndSent"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.updated/standard": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.updated",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": "60718",
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": null,
                 *         "status": "in-progress",
                 *         "status_updated_by": "60718"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.updated";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                    data: components["schemas"]["VisitUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.updated/thin": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.updated",
                 *       "timestamp": "2026-01-31T09:15:00.123Z",
                 *       "organization": "org_1",
                 *       "account": "north",
                 *       "triggering_location": "API",
                 *       "resource_id": "28540"
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    type: "visit.updated";
                    timestamp: string;
                    organization: string;
                    account?: string;
                    triggering_location: string;
                    resource_id?: string;
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.updated/resource": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "visit",
                 *       "updated_at": "2026-01-31T09:15:00.123Z",
                 *       "triggering_location": "API",
                 *       "visit": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": "60718",
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": null,
                 *         "status": "in-progress",
                 *         "status_updated_by": "60718"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @constant */
                    type: "visit";
                    updated_at: string;
                    triggering_location: string;
                    visit: components["schemas"]["VisitUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.updated/envelope": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "event": "visit.updated",
                 *       "payload": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": "60718",
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": null,
                 *         "status": "in-progress",
                 *         "status_updated_by": "60718"
                 *       }
                 *     }
                 */
                "application/json": {
                    id: string;
                    /** @constant */
                    event: "visit.updated";
                    payload: components["schemas"]["VisitUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.updated/clinic-v1": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
                deprecation?: string;
                sunset?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.updated",
                 *       "created": 1769850900,
                 *       "account_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": "60718",
                 *         "start": "1546950546",
                 *         "end": "1546951446",
                 *         "actual_start": "1546950546",
                 *         "actual_end": null,
                 *         "status": "1",
                 *         "completed_by": "60718"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.updated";
                    created: number;
                    account_code: string;
                    data: {
                        id?: string;
                        member_id?: string;
                        provider_id?: string;
                        start?: string;
                        end?: string;
                        actual_start?: string;
                        actual_end?: string | null;
                        status?: string;
                        completed_by?: string;
                    };
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.updated/clinic-v2": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "version": "2.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "type": "visit.updated",
                 *       "created": 1769850900,
                 *       "clinic_code": "org_1",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": "60718",
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": null,
                 *         "status": "in-progress",
                 *         "status_updated_by": "60718"
                 *       }
                 *     }
                 */
                "application/json": {
                    version: string;
                    id: string;
                    /** @constant */
                    type: "visit.updated";
                    created: number;
                    clinic_code: string;
                    data: components["schemas"]["VisitUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
    "visit.updated/cloudevents": {
        parameters: {
            query?: never;
            header: {
                /** @description Id of the event, the same on every retry */
                "webhook-id": components["parameters"]["webhook-id"];
                /** @description When this attempt was made, seconds since 1970 */
                "webhook-timestamp": components["parameters"]["webhook-timestamp"];
                /** @description v1,<base64> of HMAC-SHA256 over <webhook-id>.<webhook-timestamp>.<body>; several while a secret is rotated */
                "webhook-signature": components["parameters"]["webhook-signature"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "specversion": "1.0",
                 *       "id": "evt_01KG9NB3MVXBQZ3JZ4E9Q5S6T7",
                 *       "source": "/organizations/org_1",
                 *       "type": "visit.updated",
                 *       "time": "2026-01-31T09:15:00.123Z",
                 *       "subject": "28540",
                 *       "triggeringlocation": "API",
                 *       "datacontenttype": "application/json",
                 *       "data": {
                 *         "id": "28540",
                 *         "member_id": "60610",
                 *         "provider_id": "60718",
                 *         "start": 1546950546,
                 *         "end": 1546951446,
                 *         "actual_start": 1546950546,
                 *         "actual_end": null,
                 *         "status": "in-progress",
                 *         "status_updated_by": "60718"
                 *       }
                 *     }
                 */
                "application/cloudevents+json": {
                    specversion: string;
                    id: string;
                    source: string;
                    /** @constant */
                    type: "visit.updated";
                    time: string;
                    subject?: string;
                    triggeringlocation: string;
                    datacontenttype: string;
                    data: components["schemas"]["VisitUpdated"];
                };
            };
        };
        responses: {
            410: components["responses"]["NoMore"];
            429: components["responses"]["TooMany"];
            "2XX": components["responses"]["Delivered"];
            default: components["responses"]["NotDelivered"];
        };
    };
}
