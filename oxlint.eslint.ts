import { builtinRules } from 'eslint/use-at-your-own-risk';

// ESLint's own rules that oxlint has no equal of, as a plugin of oxlint: selectors of syntax trees, and patterns of imports
// that look ahead.
const NAMES = ['no-restricted-syntax', 'no-restricted-imports'];

export default {
  meta: { name: 'eslint-js' },
  rules: Object.fromEntries(NAMES.map((name) => [name, builtinRules.get(name)!])),
};
