import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAttributes, toAttributes, Unwritable } from '../../../lambdas/aws/fast-path/attribute-json.ts';
import { createDynamoDb, documentOptions } from '../../../lambdas/aws/clients.ts';

const leaf = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((n) => n + 0),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value')), fc.dictionary(name(), tie('value'))),
}));

/** The SDK's own functions lose a member of this name. */
function name() {
  return fc.string().filter((text) => text !== '__proto__');
}
const item = fc.dictionary(name(), fc.oneof(value, fc.constant(undefined)), { noNullPrototype: true });
const plain = (input: unknown): Record<string, unknown> => structuredClone(input, {}) as Record<string, unknown>;

describe('options of a DynamoDB client', () => {
  it('do not change with what another client writes into its own', () => {
    const before = JSON.stringify(documentOptions());

    createDynamoDb().destroy();

    expect(JSON.stringify(documentOptions())).toBe(before);
  });
});

describe('attributes of DynamoDB', () => {
  it('are written as the SDK writes them', () => {
    fc.assert(
      fc.property(item, (input) => {
        const object = plain(input);

        expect(JSON.stringify(toAttributes(object))).toBe(
          JSON.stringify(marshall(object, documentOptions().marshallOptions)),
        );
      }),
    );
  });

  it('come back as they were', () => {
    fc.assert(
      fc.property(item, (input) => {
        const object = JSON.parse(JSON.stringify(plain(input))) as Record<string, unknown>;

        expect(fromAttributes(toAttributes(object))).toEqual(object);
      }),
    );
  });

  it('are read as the SDK reads them, whatever type a person chose', () => {
    const attributes = {
      text: { S: 'ß' },
      huge: { N: '9007199254740993' },
      fraction: { N: '9007199254740993.5' },
      yes: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ N: '1' }, { M: { deep: { S: '' } } }] },
      words: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2.5'] },
    };

    expect(fromAttributes(attributes)).toEqual(unmarshall(attributes as never, documentOptions().unmarshallOptions));
    expect(fromAttributes({ b: { B: 'AQID' }, s: { BS: ['AQID'] } })).toEqual({
      b: new Uint8Array([1, 2, 3]),
      s: new Set([new Uint8Array([1, 2, 3])]),
    });
  });

  it('are bytes in base64, whatever holds them', () => {
    const part = new Uint8Array([0, 1, 2, 3, 255]).subarray(1, 4);

    const attributes = toAttributes({ part, buffer: Buffer.from([1, 2, 3]), none: new Uint8Array() });

    expect(attributes).toEqual({ part: { B: 'AQID' }, buffer: { B: 'AQID' }, none: { B: '' } });
    expect(fromAttributes(attributes)['part']).toEqual(part);
  });

  it.each<[string, unknown]>([
    ['nothing in it', {}],
    ['an unknown type', { XYZ: '1' }],
    ['a list that is none', { L: 'x' }],
    ['a map that is none', { M: null }],
    ['a set that is none', { SS: 7 }],
    ['bytes that are none', { B: { a: 1 } }],
    ['no type at all', null],
  ])('with %s are kept as they are, and cost the others nothing', (_what, odd) => {
    const attributes = { id: { S: '1' }, odd, deep: { L: [{ M: { odd, n: { N: '1' } } }] } };

    expect(fromAttributes(attributes as never)).toEqual({ id: '1', odd, deep: [{ odd, n: 1 }] });
  });

  it('keep a member called __proto__ a member', () => {
    const attributes = JSON.parse('{"__proto__":{"S":"x"},"id":{"S":"1"}}') as Record<string, { S: string }>;

    const read = fromAttributes(attributes);

    expect(Object.entries(read)).toEqual([
      ['__proto__', 'x'],
      ['id', '1'],
    ]);
    expect(JSON.stringify(toAttributes(read))).toBe(JSON.stringify(attributes));
  });

  it.each([
    ['a date', new Date(0)],
    ['bytes of several', new Set([new Uint8Array(1)])],
    ['numbers that are no bytes', new Uint16Array(1)],
    ['a set', new Set(['a'])],
    ['a big integer', 1n],
    ['not a number', NaN],
    ['infinity', Infinity],
    ['an integer that is not exact', 2 ** 53],
    ['a function', () => 1],
  ])('leave %s to the SDK', (_what, wrong) => {
    expect(() => toAttributes({ wrong })).toThrow(Unwritable);
  });
});
