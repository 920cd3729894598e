import strings from 'big-list-of-naughty-strings' with { type: 'json' };

/** Max Woolf's Big List of Naughty Strings (https://github.com/minimaxir/big-list-of-naughty-strings, MIT). */
export const NAUGHTY: readonly string[] = strings;
