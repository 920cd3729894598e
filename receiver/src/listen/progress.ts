/** What is used of `process.stdout`. */
export interface Screen {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** How often the line of a terminal is written anew, and how often a file gets one, milliseconds. */
const EVERY_MS = { terminal: 200, file: 10_000 };

/** Lines for whoever watches, and one that says how far it is: in a terminal it is always the last one, written anew. */
export function createProgress(screen: Screen, now: () => number) {
  const every = screen.isTTY ? EVERY_MS.terminal : EVERY_MS.file;
  let shown = '';
  let latest = '';
  let writtenMs = 0;
  const clear = (): void => {
    if (shown !== '') screen.write('\r\u001b[2K');
    shown = '';
  };
  const show = (): void => {
    writtenMs = now();
    if (latest === '' || (latest === shown && screen.isTTY)) return;
    if (screen.isTTY) {
      clear();
      screen.write(latest);
      shown = latest;
    } else screen.write(`${time(now())} ${latest}\n`);
    if (!screen.isTTY) latest = '';
  };
  return {
    say(line: string): void {
      clear();
      screen.write(`${time(now())} ${line}\n`);
      if (screen.isTTY) show();
    },
    progress(forwarded: number, last: string): void {
      latest = `${forwarded} forwarded, last ${last}`;
      if (now() - writtenMs >= every) show();
    },
    /** The last state, and nothing to write anew any more. */
    end(): void {
      clear();
      latest = '';
    },
  };
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
