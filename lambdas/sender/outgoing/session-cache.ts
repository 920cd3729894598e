/** Remembers TLS sessions, so that a new connection to a known server costs half the CPU (0.9 instead of 1.3–2.2 ms). */
export interface SessionCache {
  get(server: string): Buffer | undefined;
  set(server: string, session: Buffer): void;
}

/**
 * A session cache that holds its sessions strongly: undici's own holds them weakly, and none outlives a garbage
 * collection. The one unused longest goes first.
 * @param limit sessions; one takes 2 to 4 KB. @default 500
 */
export function createSessionCache(limit = 500): SessionCache {
  const sessions = new Map<string, Buffer>();
  return {
    get(server) {
      const session = sessions.get(server);
      if (session) {
        sessions.delete(server);
        sessions.set(server, session);
      }
      return session;
    },
    set(server, session) {
      sessions.delete(server);
      sessions.set(server, session);
      if (sessions.size > limit) sessions.delete(sessions.keys().next().value!);
    },
  };
}
