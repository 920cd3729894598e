// Preloaded into the functions of a local run (NODE_OPTIONS): their clocks are ahead by the milliseconds in the file
// MOVED_CLOCK, and look there again before each invocation. So a test sees what happens when a cache has grown old, without
// waiting. A number counts for all functions; of `{"<part of a function's name>": <milliseconds>}` the first one that fits.
import { readFileSync } from 'node:fs';

const { MOVED_CLOCK, AWS_LAMBDA_FUNCTION_NAME = '' } = process.env;
const real = Date.now.bind(Date);
const read = () => {
  const ahead = JSON.parse(readFileSync(MOVED_CLOCK, 'utf8'));
  if (typeof ahead === 'number') return ahead;
  return Object.entries(ahead).find(([name]) => AWS_LAMBDA_FUNCTION_NAME.includes(name))?.[1] ?? 0;
};
let aheadMs = read();
// An invocation comes as a message, and this listener is older than the runtime's: it comes first.
process.on('message', () => (aheadMs = read()));
Date.now = () => real() + aheadMs;
