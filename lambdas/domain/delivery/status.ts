/** Whether an HTTP status is what was asked for. @param wanted as `404`, or `5xx` for all that begin like this. */
export function isStatus(status: number, wanted: string): boolean {
  return wanted === String(status) || wanted === `${Math.floor(status / 100)}xx`;
}
