// Limits of one SendMessageBatch call (AWS: SQS message quotas).
const MAX_ENTRIES = 10;
const MAX_BYTES = 1_048_576;

/** Puts messages, in order, into packs that keep the limits of one call to SQS. */
export interface Packer<Item> {
  /** @param bytes of the message. @returns the pack that is full without it. */
  add(item: Item, bytes: number): Item[] | undefined;
  /** @returns what is left, as a pack; undefined: nothing is. */
  rest(): Item[] | undefined;
}

/** A packer with nothing in it. */
export function createPacker<Item>(): Packer<Item> {
  let open: Item[] = [];
  let openBytes = 0;
  const close = (): Item[] | undefined => {
    const pack = open;
    open = [];
    openBytes = 0;
    return pack.length > 0 ? pack : undefined;
  };
  return {
    add(item, bytes) {
      const full = open.length === MAX_ENTRIES || openBytes + bytes > MAX_BYTES ? close() : undefined;
      open.push(item);
      openBytes += bytes;
      return full;
    },
    rest: close,
  };
}
