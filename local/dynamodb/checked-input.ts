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
import type { Input } from './types.ts';

const RULES = { batchGetItem, batchWriteItem, createTable, deleteItem, getItem, putItem, query, scan, updateItem };

/**
 * What dynalite made of an input's expressions, as JSON, by what they were made of: its parser takes longer than the rest of a call,
 * and a function's calls are the same thousands of times.
 */
const parsed = new Map<string, string>();
const MOST_PARSED = 1000;
/** Longer ones have values that nobody will send again. */
const LONGEST_NAME = 2000;
/** Where dynalite puts it. `KeyConditions` is what it makes of a KeyConditionExpression. */
const MADE = ['_condition', '_updates', '_keyCondition', '_filter', '_projection', 'KeyConditions'];
/** Members that do not go with expressions: whoever sends both is told so. */
const WITHOUT_EXPRESSIONS = [
  'Expected',
  'ConditionalOperator',
  'AttributeUpdates',
  'AttributesToGet',
  'QueryFilter',
  'ScanFilter',
  'KeyConditions',
];

/**
 * The input as dynalite's actions take it: unknown members dropped, numbers normalised, expressions parsed.
 * @throws SerializationException for wrong JSON types, ValidationException for everything AWS refuses up front.
 */
export function checkedInput(operation: keyof typeof RULES, input: Input): Input {
  const name = nameOfExpressions(operation, input);
  const known = name === undefined ? undefined : parsed.get(name);
  if (known !== undefined) {
    // Anew for each: updateItem writes into what it is given.
    const made = JSON.parse(known) as Input;
    return { ...checked(operation, { ...input, ...NO_EXPRESSIONS, KeyConditions: made['KeyConditions'] }), ...made };
  }
  const data = checked(operation, input);
  if (name !== undefined) {
    if (parsed.size >= MOST_PARSED) parsed.clear();
    parsed.set(name, JSON.stringify(Object.fromEntries(MADE.map((member) => [member, data[member]]))));
  }
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
/** What expressions are made of. */
const OF_EXPRESSIONS = [...EXPRESSIONS, 'ExpressionAttributeNames', 'ExpressionAttributeValues'];
const NO_EXPRESSIONS = Object.fromEntries(OF_EXPRESSIONS.map((name) => [name, null]));

function checked(operation: keyof typeof RULES, input: Input): Input {
  refuseLongExpressions(input);
  const { types, custom } = RULES[operation];
  const data = validations.checkTypes({ ...input }, types);
  validations.checkValidations(data, types, custom, { options: { maxItemSize: MAX_ITEM_BYTES } });
  return data;
}

/** Undefined: it has none, or is none that will come again. */
function nameOfExpressions(operation: string, input: Input): string | undefined {
  if (EXPRESSIONS.every((name) => input[name] === undefined)) return undefined;
  if (WITHOUT_EXPRESSIONS.some((name) => input[name] !== undefined)) return undefined;
  const name = JSON.stringify([operation, ...OF_EXPRESSIONS.map((member) => input[member])]);
  return name.length <= LONGEST_NAME ? name : undefined;
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
