import type { BatchWatch } from '../../../local/event-sources/sqs-poller.ts';
import type { Faults } from '../../../local/services.ts';
import type { OwnPosthorn } from '../../../test/support/posthorn.ts';

/** Trouble that a proof makes while events flow. */
export interface Trouble {
  faults?: Faults;
  watch?: BatchWatch;
  /** Whether something has to happen in real time yet, before the clock may be moved. @default never */
  mustWait?: () => boolean;
  /** Called every 25 ms until everything is at rest. @param progress events accepted and requests seen. */
  step?: (posthorn: OwnPosthorn, progress: number) => void;
  /**
   * How often time is skipped at most for what is still to come, once all queues are empty; and 2.5 times as often while they are
   * not and nothing is requested. @default 40
   */
  patience?: number;
  /** Called when nothing else could happen and the clock was moved. @param ms by so much. */
  skipped?: (ms: number) => void;
}
