/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Where the next page starts, opaque; absent on the last page. */
  next?: string;
}

/** Which page of a list is asked for. */
export interface PageRequest {
  /** 1 to 100. */
  limit: number;
  /** `next` of the page before. */
  cursor?: string;
}
