import type { PosthornEvent } from '../../domain/event.ts';
import type { NotSent, Rendered } from '../../domain/formats/index.ts';
import type { FormatName } from '../../domain/formats/names.ts';
import type { SubscriptionRules } from '../../domain/subscription/read-subscription.ts';
import type { AttemptStore } from '../../stores/attempts.ts';
import type { HeldStore } from '../../stores/held.ts';
import type { SecretStore } from '../../stores/secrets.ts';
import type { TellReplaysDeps } from '../../stores/tell-replays.ts';
import type { ViewRecorder } from '../audit/audit.ts';
import type { WaitingDeps } from '../http/waiting.ts';
import type { Subscriptions } from '../subscriptions/subscriptions.ts';

/** Renders what would be sent of an event: the same bytes at any time. */
export type RenderRequest = (event: PosthornEvent, format: FormatName) => Rendered | NotSent;

export interface FeedDeps extends WaitingDeps, TellReplaysDeps {
  subscriptions: Pick<Subscriptions, 'find'>;
  secrets: Pick<SecretStore, 'get'>;
  held: Pick<HeldStore, 'page' | 'read' | 'removeRead'>;
  attempts: Pick<AttemptStore, 'append'>;
  rules: SubscriptionRules;
  renderRequest: RenderRequest;
  view: ViewRecorder;
  /** For the header `user-agent`. */
  version: string;
  sleep(ms: number): Promise<void>;
}
