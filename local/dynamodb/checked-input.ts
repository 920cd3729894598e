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
import { MAX_ITEM_BYTES } from './item-size.ts';
import type { Input } from './types.ts';

const RULES = { batchGetItem, batchWriteItem, createTable, deleteItem, getItem, putItem, query, scan, updateItem };

/**
 * The input as dynalite's actions take it: unknown members dropped, numbers normalised, expressions parsed.
 * @throws SerializationException for wrong JSON types, ValidationException for everything AWS refuses up front.
 */
export function checkedInput(operation: keyof typeof RULES, input: Input): Input {
  const { types, custom } = RULES[operation];
  const data = validations.checkTypes({ ...input }, types);
  validations.checkValidations(data, types, custom, { options: { maxItemSize: MAX_ITEM_BYTES } });
  return data;
}
