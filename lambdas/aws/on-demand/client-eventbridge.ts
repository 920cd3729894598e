import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import type * as Sdk from './sdk/eventbridge.ts';
import { command, OnDemand } from './stand-in.ts';

type EventBridge = typeof Sdk;

export class EventBridgeClient extends OnDemand<EventBridge> {
  constructor(settings: EventBridgeClientConfig) {
    super(
      () => import('./sdk/eventbridge.ts'),
      (sdk) => new sdk.EventBridgeClient(settings),
    );
  }
}

export const PutEventsCommand = command<EventBridge>('PutEventsCommand');
