import type { rules } from '../evaluators/index.ts';
import type { KeptSince } from '../store/stored-history.ts';

type Code = (typeof rules)[number]['code'];

/** Something that a store does not hold, and the findings that cannot be judged without it. */
interface Gap {
  what: string;
  codes: readonly Code[];
}

const always: readonly Gap[] = [
  {
    what: "Kafka's answers about the past: a time lag beyond the samples is only known as at least so long",
    codes: [],
  },
  { what: 'whether what is absent was deleted: its findings end as hold-expired', codes: ['data-missing'] },
  { what: 'what was told twice where the clock stepped back: it is left out', codes: [] },
];

/** What is kept beside the samples; the space of disks in two parts. */
type Kept = Exclude<keyof KeptSince, 'usable-bytes'>;

/** Where it was never read, or a version of tidemark before this one has written the file, or for the time before. */
const byKind: Readonly<Record<Kept, Gap>> = {
  group: {
    what: 'the members and states of groups',
    codes: [
      'stalled',
      'stopped',
      'stuck-partition',
      'never-committed',
      'idle-members',
      'unassigned-partitions',
      'rebalance-storm',
      'stuck-rebalance',
      'offsets-gone',
      'dropped-topic',
      'abandoned-group',
      'hot-partition',
    ],
  },
  topic: {
    what: 'the leaders and replicas of partitions',
    codes: [
      'offline-partition',
      'under-min-isr',
      'under-replicated',
      'at-min-isr',
      'not-preferred-leader',
      'single-replica',
      'too-many-partitions',
      'broker-skew',
    ],
  },
  brokers: { what: 'which brokers live', codes: ['broker-missing'] },
  'broker-configs': {
    what: 'the settings of brokers',
    codes: ['offsets-expiring', 'open-transaction', 'blocked-by-transaction'],
  },
  'log-dirs': { what: 'the room on disks', codes: ['disk-filling', 'log-dir-offline'] },
  quorum: { what: 'the quorum of the controllers', codes: ['quorum-unhealthy'] },
  permissions: { what: 'what Kafka allows tidemark to read', codes: ['permission-missing'] },
  collector: {
    what: 'which reads failed',
    codes: ['cluster-unreachable', 'collector-failing', 'permission-missing'],
  },
  clock: { what: 'the monotonic clock: a finding may come a poll earlier or later', codes: [] },
};

/** What is missing from a store, in sentences, and the codes of which it therefore cannot tell. */
export function storeGaps(
  keptSince: KeptSince,
  fromMs: number,
): { sentences: string[]; unjudged: ReadonlySet<string> } {
  const kinds = Object.keys(byKind) as Kept[];
  const missing = [...always, ...kinds.filter((kind) => keptSince[kind] === undefined).map((kind) => byKind[kind])];
  const late = kinds.flatMap((kind) => {
    const sinceMs = keptSince[kind];
    if (sinceMs === undefined || sinceMs <= fromMs) return [];
    return [`${byKind[kind].what} before ${new Date(sinceMs).toISOString()}${notJudged(byKind[kind].codes)}`];
  });
  return {
    sentences: [...missing.map(({ what, codes }) => `${what}${notJudged(codes)}`), ...late],
    unjudged: new Set(missing.flatMap(({ codes }) => codes)),
  };
}

function notJudged(codes: readonly Code[]): string {
  return codes.length === 0 ? '' : ` (not judged: ${codes.join(', ')})`;
}
