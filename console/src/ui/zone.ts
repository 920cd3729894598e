import { useSyncExternalStore } from 'react';
import { isZone } from './zoned.ts';

/** Shared by all tabs and kept: a person who works for customers elsewhere does so every day. */
const STORED = 'posthorn-zone';
/** The zone of the computer. */
export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const listeners = new Set<() => void>();

/** The zone of every time on the screen. */
export function useZone(): string {
  return useSyncExternalStore(subscribe, readZone);
}

/** Chooses the zone of every time; the computer's own is followed again. */
export function chooseZone(zone: string): void {
  if (zone === OWN_ZONE) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, zone);
  for (const each of listeners) each();
}

/** Every zone that can be chosen; the computer's own and UTC first. */
export function zones(): string[] {
  return [...new Set([OWN_ZONE, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}

function readZone(): string {
  const stored = localStorage.getItem(STORED);
  return stored !== null && isZone(stored) ? stored : OWN_ZONE;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Chosen in another tab.
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}
