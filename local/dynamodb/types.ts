export type {
  AttributeValue,
  Item,
  KeyElement,
  SecondaryIndex,
  StreamViewType,
  TableDescription,
} from 'dynalite/db/index.js';

/** The parsed JSON body of a request. */
export type Input = Record<string, unknown>;

/** Milliseconds since the epoch, from outside so that tests can move it. */
export interface Clock {
  now(): number;
}

/** API operations by name: a request's body in, the answer's body out. They throw a ServiceError to refuse. */
export type Operations = Record<string, (input: Input) => object | Promise<object>>;
