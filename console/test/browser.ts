import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names under which systems keep Chromium; first the one without windows, which takes a third less of a processor. */
const NAMES = [
  ...['chromium-headless-shell', 'chrome-headless-shell'],
  ...['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
];
/** Where installers put it beside the search path. */
const PLACES = [
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of a Chromium on this machine, or undefined. `POSTHORN_BROWSER` names another one. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return environment.POSTHORN_BROWSER ?? [...found, ...PLACES].find((path) => existsSync(path));
}
