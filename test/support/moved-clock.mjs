// Preloaded into the functions of a local run (NODE_OPTIONS): their clocks are ahead by the milliseconds in the file
// MOVED_CLOCK, and look there again on SIGUSR2. So a test sees what happens when a cache has grown old, without waiting.
// A number counts for all functions; `{"<part of a function's name>": <milliseconds>}` for those alone.
import { readFileSync } from 'node:fs';

const { MOVED_CLOCK, AWS_LAMBDA_FUNCTION_NAME = '' } = process.env;
const real = Date.now.bind(Date);
const read = () => {
  const ahead = JSON.parse(readFileSync(MOVED_CLOCK, 'utf8'));
  if (typeof ahead === 'number') return ahead;
  return Object.entries(ahead).find(([name]) => AWS_LAMBDA_FUNCTION_NAME.includes(name))?.[1] ?? 0;
};
let aheadMs = read();
process.on('SIGUSR2', () => (aheadMs = read()));
Date.now = () => real() + aheadMs;
