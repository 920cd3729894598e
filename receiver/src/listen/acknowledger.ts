import { Unavailable } from './posthorn.ts';

/** What was taken and is to be acknowledged: an event, and the page that gave it out. */
interface Taken {
  through: string;
  page: string;
}

export interface AcknowledgerDeps {
  acknowledge(taken: Taken): Promise<void>;
  /** Waits between two tries. @param tries so far. */
  backOff(tries: number, error: Unavailable): Promise<void>;
  isStopping(): boolean;
  /** Milliseconds. */
  now(): number;
}

/**
 * Beside the forwarding, at most so often, milliseconds: each acknowledgement is a request, of which a key has 30,000 a day. What a
 * crash leaves unacknowledged comes again, so this is also how much that is.
 */
const EVERY_MS = 1000;

/** Acknowledges what was taken, while more is being forwarded. */
export interface Acknowledger {
  /** A delivery was taken; of its page all before it were. */
  taken(what: Taken): void;
  /** Waits until all that was taken is acknowledged. @returns false: it is told to stop and could not. @throws Refused */
  flush(): Promise<boolean>;
}

export function createAcknowledger({ acknowledge, backOff, isStopping, now }: AcknowledgerDeps): Acknowledger {
  let open: Taken | undefined;
  let underWay: Promise<boolean> | undefined;
  let lastMs = now();

  /** Acknowledges once; more may have been taken meanwhile. */
  const send = async (): Promise<boolean> => {
    for (let tries = 1; ; tries++) {
      const sent = open!;
      try {
        await acknowledge(sent);
        if (open === sent) open = undefined;
        return true;
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        if (isStopping()) return false;
        await backOff(tries, error);
      }
    }
  };
  const begin = (): Promise<boolean> => {
    lastMs = now();
    underWay = send().finally(() => (underWay = undefined));
    // Whoever flushes hears of it.
    underWay.catch(() => undefined);
    return underWay;
  };
  return {
    taken(what) {
      open = what;
      if (!underWay && now() - lastMs >= EVERY_MS) void begin();
    },
    async flush() {
      let isDone = true;
      while (isDone && (underWay ?? open) !== undefined) isDone = await (underWay ?? begin());
      return isDone;
    },
  };
}
