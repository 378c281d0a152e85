/** The only source of time. Tests and replay hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch, by the wall clock: may step. */
  wallMs(): number;
  /** Milliseconds since some fixed moment; never steps back. Where it and the wall clock part by more than 2 s, the wall clock stepped. */
  monotonicMs(): number;
}
