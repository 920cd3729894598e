/** Makes callers at the same time agree on one value. In the table `Idempotency`. */
export interface OnceStore {
  /**
   * @param value of this caller.
   * @param seconds for which the first one's value holds.
   * @returns the value of whoever came first.
   */
  agree(name: string, value: string, seconds: number): Promise<string>;
}
