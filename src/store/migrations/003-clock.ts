/**
 * By which clock a cycle was timed: windows are measured on the monotonic clock, which compares only within one recorder. NULL: in
 * the coarser tiers, and in what an older version wrote. From here on `reads` names all that a cycle has read, and `state_change`
 * keeps the quorum, log dirs, permissions and outcomes of collectors too.
 */
export const clock = `
  ALTER TABLE tick ADD COLUMN recorder TEXT;
  ALTER TABLE tick ADD COLUMN monotonic_ms REAL;
`;
