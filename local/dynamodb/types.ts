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
