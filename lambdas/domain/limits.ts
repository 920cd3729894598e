// Numbers on which what is deployed (lib/), what runs (functions), the simulation and the documents must agree.
// test/lib/limits.test.ts compares them with the template and the documents.

/**
 * Tries of a delivery: one and three retries. `maxReceiveCount` of the queues `deliveries`: a message whose sender says
 * nothing is moved away by SQS after as many receives.
 */
export const MAX_ATTEMPTS = 4;

/**
 * Messages in flight, received and neither given back visible nor deleted, that deliveries to one endpoint and of one
 * organization may take: SQS hands nothing more out when 120,000 of a queue are, which would be everybody's trouble.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const IN_FLIGHT_PER_ENDPOINT = 1000;
export const IN_FLIGHT_PER_ORGANIZATION = 5000;

/** Seconds that a delivery may wait for its next try in flight, at most. */
export const LONGEST_WAIT_IN_FLIGHT_SECONDS = 60;

/** Seconds that a subscription may ask for a whole attempt, at most. */
export const LONGEST_ATTEMPT_SECONDS = 30;

/**
 * Seconds for which SQS delays a message, at most.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const LONGEST_DELAY_SECONDS = 900;

/** Clocks of SQS and of two functions differ by less, milliseconds. */
export const CLOCK_SKEW_MS = 500;

/** Deliveries a second that a subscription may name as its ceiling, at most. */
export const HIGHEST_RATE_PER_SECOND = 1000;

/** Hours for which exhausted deliveries may be tried again, at most. */
export const LONGEST_HEAL_HOURS = 120;

/** Seconds that a sender runs, at most: it outlives the longest attempt and then writes log, queues and health rows. */
export const SENDER_SECONDS = LONGEST_ATTEMPT_SECONDS + 15;

/** Seconds that a request has in the api; API Gateway gives up at as many. What it began to write is written by then, or never. */
export const API_SECONDS = 30;

/** Seconds that a run of fan-out has: time for one event to 10,000 subscriptions, about 1,000 calls of SendMessageBatch. */
export const FAN_OUT_SECONDS = 120;

/** Seconds that a run of recovery has: a page of a replay, or a look at every endpoint that is down. */
export const RECOVERY_SECONDS = 120;

/** Receives of an event or a job. Its stage fails only when AWS does; a few more tries outlast that. */
export const EVENT_RECEIVES = 5;
export const JOB_RECEIVES = 5;

/**
 * How often a function's timeout a received message stays invisible, so that one whose function died comes again.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const VISIBILITY_TIMES = 6;

/**
 * Seconds for which a function that works on messages asks SQS to hand them to nobody else; it asks again while it lives. What
 * it had in hand when it died comes again after as many at most: 30 s less the time for SQS to hand them out, and for a
 * process to start.
 */
export const IN_HAND_SECONDS = 20;
