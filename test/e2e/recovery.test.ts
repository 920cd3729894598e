import { throughReplays } from './recovery/again.ts';
import { throughBursts } from './recovery/bursts.ts';
import { throughOutages } from './recovery/down.ts';
import { withPlatform } from './recovery/set-up.ts';

withPlatform();

// All side by side on one platform: most of their time they wait. The longest begin.
throughBursts();
throughOutages();
throughReplays();
