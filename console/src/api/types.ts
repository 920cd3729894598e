import type { operations } from './schema.generated.ts';

/** The body of an operation's successful answer, as the API's own description says. */
export type Answer<Name extends keyof operations> = operations[Name]['responses'] extends infer Responses
  ? { [Status in keyof Responses]: JsonOf<Responses[Status]> }[Extract<keyof Responses, 200 | 201 | 202>]
  : never;

type JsonOf<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never;

/** The body of an operation's request. */
export type Input<Name extends keyof operations> = operations[Name] extends {
  requestBody?: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

/** The query of an operation's request. */
export type Query<Name extends keyof operations> = NonNullable<operations[Name]['parameters']['query']>;

/** A page of a list. */
export interface Listed<Item> {
  data: Item[];
  next_cursor: string | null;
}

export type Subscription = Answer<'getSubscription'>;
/** A subscription after a change, and what an activation has missed. */
export type Changed = Answer<'changeSubscription'>;
export type SubscriptionInput = Input<'createSubscription'>;
export type SubscriptionChange = Input<'changeSubscription'>;
export type Attempt = Answer<'getAttempt'>;
export type Outcome = Attempt['outcome'];
export type Event = Answer<'listEvents'>['data'][number];
export type EventDetail = Answer<'getEvent'>;
export type Catalogue = Answer<'listEventTypes'>;
export type EventType = Catalogue['data'][number];
export type ApiKey = Answer<'listApiKeys'>['data'][number];
export type Secrets = Answer<'getSecret'>;
export type Me = Answer<'getMe'>;
export type Delivery = Answer<'listDeliveries'>['data'][number];
export type Statistics = Answer<'getStatistics'>;
export type Status = Answer<'getStatus'>;
export type Replay = Answer<'getReplay'>;
