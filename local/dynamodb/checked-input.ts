import validations from 'dynalite/validations/index.js';
import batchGetItem from 'dynalite/validations/batchGetItem.js';
import batchWriteItem from 'dynalite/validations/batchWriteItem.js';
import createTable from 'dynalite/validations/createTable.js';
import deleteItem from 'dynalite/validations/deleteItem.js';
import getItem from 'dynalite/validations/getItem.js';
import putItem from 'dynalite/validations/putItem.js';
import query from 'dynalite/validations/query.js';
import scan from 'dynalite/validations/scan.js';
import updateItem from 'dynalite/validations/updateItem.js';
import { validationError } from './errors.ts';
import { MAX_ITEM_BYTES } from './item-size.ts';
import { madeBefore, remember, skeletonOf } from './known-calls.ts';
import type { Input } from './types.ts';

const RULES = { batchGetItem, batchWriteItem, createTable, deleteItem, getItem, putItem, query, scan, updateItem };

/**
 * The input as dynalite's actions take it: unknown members dropped, numbers normalised, expressions parsed.
 * @throws SerializationException for wrong JSON types, ValidationException for everything AWS refuses up front.
 */
export function checkedInput(operation: keyof typeof RULES, input: Input): Input {
  const skeleton = skeletonOf(operation, input);
  const known = skeleton && madeBefore(skeleton);
  if (known !== undefined) return known;
  const data = checked(operation, input);
  if (skeleton !== undefined) remember(skeleton, data);
  return data;
}

/** Longest expression: 4 KB, says the developer guide under "Quotas in Amazon DynamoDB, Expression parameters". */
const MAX_EXPRESSION_BYTES = 4096;
const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];

function checked(operation: keyof typeof RULES, input: Input): Input {
  refuseLongExpressions(input);
  const { types, custom } = RULES[operation];
  const data = validations.checkTypes({ ...input }, types);
  validations.checkValidations(data, types, custom, { options: { maxItemSize: MAX_ITEM_BYTES } });
  return data;
}

/** dynalite takes an expression of any length; AWS does not. */
function refuseLongExpressions(input: Input): void {
  for (const name of EXPRESSIONS) {
    const expression = input[name];
    if (typeof expression !== 'string' || Buffer.byteLength(expression) <= MAX_EXPRESSION_BYTES) continue;
    const size = `expression size: ${Buffer.byteLength(expression)}`;
    throw validationError(`Invalid ${name}: Expression size has exceeded the maximum allowed size; ${size}`);
  }
}
