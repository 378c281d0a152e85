/** Commits that jump, vanish, expire, or never come. */
import type { CaseKind } from '../case.ts';
import { hourMs, minuteMs } from '../plan.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { Reader } from '../simulated-group.ts';
import { drawCluster, drawLasting, kindOf, truncating } from './drawing.ts';
import { drawRunning } from './standstills.ts';

/** What is watched after a jump. */
const afterMs = 15 * minuteMs;

interface Reset {
  leavesAtMs: number;
  resetAtMs: number;
  /** Where each reader is set to; null: it is left. */
  offsetOf: (reader: Reader, simulated: SimulatedCluster) => number | null;
}

/** An operator stops the group, sets its offsets, and starts it again. */
function resetsOffsets(simulated: SimulatedCluster, { leavesAtMs, resetAtMs, offsetOf }: Reset): void {
  const { group } = simulated;
  simulated.at(leavesAtMs, () => group.leave(simulated.nowMs));
  simulated.at(resetAtMs, () => seekAll(simulated, offsetOf));
  simulated.at(resetAtMs + 2 * minuteMs, () => group.join(group.plan.members));
}

function seekAll(simulated: SimulatedCluster, offsetOf: Reset['offsetOf']): void {
  for (const reader of simulated.group.readers) {
    const offset = offsetOf(reader, simulated);
    if (offset !== null && offset !== reader.committed) simulated.group.seek(reader, offset, simulated.nowMs);
  }
}

function endOf({ state }: Reader): number {
  return state.log.endOffset;
}

/** Where the log stood so long ago. */
function backBy(agoMs: number): Reset['offsetOf'] {
  return ({ state, committed }, { nowMs }) => {
    const offset = state.log.offsetAt(nowMs - agoMs);
    return offset === null || offset >= committed ? null : offset;
  };
}

const resetToLatest = kindOf('is stopped, set to the latest offsets, and started', ['skipped'], (random) => {
  const { stopsAtMs, ...story } = drawRunning(random, { leastRate: 0.05, members: random.integer(1, 3) });
  const resetAtMs = stopsAtMs + random.between(2, 8) * minuteMs;
  const script = (simulated: SimulatedCluster) =>
    resetsOffsets(simulated, { leavesAtMs: stopsAtMs, resetAtMs, offsetOf: endOf });
  return { ...story, watchMs: resetAtMs + afterMs, script };
});

const seeksToEnd = kindOf('gives up its backlog and goes on at the end', ['skipped'], (random) => {
  const behindMs = random.between(2, 8) * hourMs;
  const times = random.between(1.5, 4);
  const consume = (produced: number) => () => Math.max(1, produced * times);
  const cluster = drawCluster(random, { retentionMs: 72 * hourMs, leastRate: 1, behindMs, consume });
  const atMs = random.between(15, 30) * minuteMs;
  return {
    ...{ cluster, watchMs: atMs + afterMs },
    script: (simulated) => simulated.at(atMs, () => seekAll(simulated, endOf)),
  };
});

const resetBack = kindOf('is stopped, set back, and started', ['rewound'], (random) => {
  const { stopsAtMs, ...story } = drawRunning(random, { leastRate: 0.1, members: random.integer(1, 3) });
  const resetAtMs = stopsAtMs + random.between(1, 6) * minuteMs;
  const offsetOf = backBy(random.logBetween(20 * minuteMs, 12 * hourMs));
  const script = (simulated: SimulatedCluster) =>
    resetsOffsets(simulated, { leavesAtMs: stopsAtMs, resetAtMs, offsetOf });
  return { ...story, watchMs: resetAtMs + afterMs, script };
});

const seeksBack = kindOf('goes back by itself and reads again', ['rewound', 'lag-cliff'], (random) => {
  const { stopsAtMs, ...story } = drawRunning(random, { leastRate: 1 });
  const offsetOf = backBy(random.logBetween(20 * minuteMs, 12 * hourMs));
  const script = (simulated: SimulatedCluster) => simulated.at(stopsAtMs, () => seekAll(simulated, offsetOf));
  return { ...story, watchMs: stopsAtMs + afterMs, script };
});

const truncated = truncating('an unclean election takes what it has read', 'offset-ahead-of-log', afterMs);

const syncedAhead = kindOf('a mirror commits offsets that its log does not have', ['offset-ahead-of-log'], (random) => {
  const cluster = drawLasting(random, { leastRate: 0.1, members: 0, type: 'classic' });
  const atMs = random.between(10, 40) * minuteMs;
  const aheadMs = random.between(3, 30) * minuteMs;
  return {
    ...{ cluster, watchMs: atMs + aheadMs + afterMs },
    script: (simulated) => {
      simulated.at(atMs, () =>
        seekAll(simulated, ({ state }) => state.log.endOffset + Math.ceil((state.produce(0) * aheadMs) / 1000)),
      );
    },
  };
});

const readsAndNeverCommits = kindOf('reads and never commits', ['never-committed'], (random) => {
  const cluster = drawLasting(random, { leastRate: 0.05 });
  const isWhole = random.chance(0.5);
  return {
    ...{ cluster, watchMs: random.between(40, 90) * minuteMs },
    script: ({ group }) => {
      for (const [index, reader] of group.readers.entries()) {
        if (isWhole || index === 0) Object.assign(reader, { commits: false, hasCommit: false });
      }
    },
  };
});

const expires = kindOf('stays away until Kafka forgets its offsets', ['offsets-expiring'], (random) => {
  const { cluster, stopsAtMs } = drawRunning(random, { type: 'classic', leastRate: 0.05 });
  cluster.offsetsRetentionMs = random.logBetween(2 * hourMs, 8 * hourMs);
  return {
    ...{ cluster, watchMs: stopsAtMs + cluster.offsetsRetentionMs + afterMs },
    script: (simulated) => simulated.at(stopsAtMs, () => simulated.group.leave(simulated.nowMs)),
  };
});

const forgotten = kindOf('its commits vanish under it', ['offsets-gone'], (random) => {
  const { stopsAtMs, ...story } = drawRunning(random, { leastRate: 0.05 });
  const standsMs = random.between(3, 15) * minuteMs;
  const script = (simulated: SimulatedCluster) => {
    const { group } = simulated;
    // auto.offset.reset=none: it has nowhere to go on from, until somebody tells it.
    simulated.at(stopsAtMs, () => {
      group.dropCommits();
      group.standing = true;
    });
    simulated.at(stopsAtMs + standsMs, () => Object.assign(group, { standing: false }));
  };
  return { ...story, watchMs: stopsAtMs + standsMs + afterMs, script };
});

const deletedAndBack = kindOf('is deleted, and comes back without its offsets', ['offsets-gone'], (random) => {
  const { stopsAtMs, ...story } = drawRunning(random, { leastRate: 0.05, members: random.integer(1, 3) });
  const deletedAtMs = stopsAtMs + random.between(2, 10) * minuteMs;
  const backAtMs = deletedAtMs + random.logBetween(5 * minuteMs, 6 * hourMs);
  const script = (simulated: SimulatedCluster) => {
    const { group } = simulated;
    simulated.at(stopsAtMs, () => group.leave(simulated.nowMs));
    simulated.at(deletedAtMs, () => group.delete());
    simulated.at(backAtMs, () => group.returnAt(simulated.nowMs));
  };
  return { ...story, watchMs: backAtMs + afterMs, script };
});

export const offsetKinds: readonly CaseKind[] = [
  ...[resetToLatest, seeksToEnd, resetBack, seeksBack, truncated, syncedAhead],
  ...[readsAndNeverCommits, expires, forgotten, deletedAndBack],
];
