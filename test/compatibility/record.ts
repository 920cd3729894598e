import { parseArgs } from 'node:util';
import { makeVectors, writeVectors } from './vectors.ts';

// `npm run vectors -- 0.2.0`, before a release is tagged: what it writes, for those that come after it.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { again: { type: 'boolean' } } });
const [release = '', ...more] = positionals;
if (!/^\d+\.\d+\.\d+$/.test(release) || more.length > 0) {
  console.error('Usage: npm run vectors -- <release, as 0.2.0> [--again]');
  process.exit(1);
}
console.log(`written: ${writeVectors(release, await makeVectors(), values.again ?? false)}`);
