/** Calls back once, so many milliseconds later. @returns takes the call back. */
export function after(ms: number, happen: () => void): () => void {
  const timer = setTimeout(happen, ms);
  return () => clearTimeout(timer);
}
