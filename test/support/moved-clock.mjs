// Preloaded into the functions of a local run (NODE_OPTIONS): their clocks are ahead by the milliseconds in the file
// MOVED_CLOCK, and look there again on SIGUSR2. So a test sees what happens when a cache has grown old, without waiting.
import { readFileSync } from 'node:fs';

const real = Date.now.bind(Date);
const read = () => Number(readFileSync(process.env.MOVED_CLOCK, 'utf8'));
let aheadMs = read();
process.on('SIGUSR2', () => (aheadMs = read()));
Date.now = () => real() + aheadMs;
