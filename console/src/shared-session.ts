// A link that is opened in a new tab is signed in, too: the new tab asks the others. The key is told on a channel that only
// pages of this origin in the same browser hear (https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts),
// is never in an address, and is kept nowhere that outlives the tabs. Whoever could listen could as well read the tabs' own
// storage. A page in a frame neither asks nor answers, and sessions of portal links stay where they were opened.

const CHANNEL = 'posthorn-session';
/** Other tabs answer within a few milliseconds; one whose page is asleep does not. Milliseconds. */
const PATIENCE_MS = 250;

type Message =
  | { is: 'question'; id: string }
  | { is: 'answer'; id: string; key: string; usedMs: number }
  | { is: 'end'; keyId: string };

/** What this tab may tell others. */
export interface Shared {
  key: string;
  /** Of the key, which says nothing about it. */
  keyId: string;
}

/** Whether this page is one that a person opened by itself. */
export function mayShare(): boolean {
  return typeof BroadcastChannel === 'function' && window.top === window;
}

/** Asks the other tabs of this browser for their key; of several, that of the one used last. @returns undefined: none has one. */
export async function askOtherTabs(): Promise<string | undefined> {
  const channel = new BroadcastChannel(CHANNEL);
  const id = crypto.randomUUID();
  const answers: { key: string; usedMs: number }[] = [];
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.is === 'answer' && data.id === id) answers.push(data);
  };
  channel.postMessage({ is: 'question', id } satisfies Message);
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  channel.close();
  return answers.sort((a, b) => b.usedMs - a.usedMs)[0]?.key;
}

/** Answers other tabs, and hears when the key was signed out in one of them. @returns the way to stop. */
export function answerOtherTabs({ key, keyId }: Shared, onEnd: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  let usedMs = Date.now();
  const use = (): void => void (usedMs = Date.now());
  window.addEventListener('blur', use);
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.is === 'question') channel.postMessage({ is: 'answer', id: data.id, key, usedMs } satisfies Message);
    if (data.is === 'end' && data.keyId === keyId) onEnd();
  };
  return () => {
    window.removeEventListener('blur', use);
    channel.close();
  };
}

/** Tells the other tabs that a person has signed out. */
export function endInOtherTabs(keyId: string): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ is: 'end', keyId } satisfies Message);
  channel.close();
}
