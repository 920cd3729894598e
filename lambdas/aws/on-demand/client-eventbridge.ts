import type * as Sdk from './sdk/eventbridge.ts';
import { client, command } from './stand-in.ts';

type EventBridge = typeof Sdk;

export const EventBridgeClient = client<EventBridge>(() => import('./sdk/eventbridge.ts'), 'EventBridgeClient');
export const PutEventsCommand = command<EventBridge>('PutEventsCommand');
