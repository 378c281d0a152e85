import { alreadyLosing } from './already-losing.ts';
import { batchJob } from './batch-job.ts';
import { burstyCommits } from './bursty-commits.ts';
import { crashLoop } from './crash-loop.ts';
import { givesUpOnSome } from './gives-up-on-some.ts';
import { hangingTransaction } from './hanging-transaction.ts';
import { healthy } from './healthy.ts';
import { hotKey } from './hot-key.ts';
import { kip848 } from './kip-848.ts';
import { manualAssign } from './manual-assign.ts';
import { poisonMessage } from './poison-message.ts';
import { purgedLikeStreams } from './purged-like-streams.ts';
import { rewound } from './rewound.ts';
import { skippedAhead } from './skipped-ahead.ts';
import { slowLosesToSize } from './slow-loses-to-size.ts';
import { slowLosesToTime } from './slow-loses-to-time.ts';
import { steadyHighLag } from './steady-high-lag.ts';
import { stopped } from './stopped.ts';
import { tooManyMembers } from './too-many-members.ts';
import { transactional } from './transactional.ts';
import { unsubscribedTopic } from './unsubscribed-topic.ts';
import type { DemoGroup } from './workload.ts';

/** The demo's groups, those in trouble first. */
export const demoGroups: readonly DemoGroup[] = [
  slowLosesToTime,
  slowLosesToSize,
  alreadyLosing,
  poisonMessage,
  crashLoop,
  stopped,
  hotKey,
  hangingTransaction,
  rewound,
  skippedAhead,
  givesUpOnSome,
  tooManyMembers,
  healthy,
  burstyCommits,
  steadyHighLag,
  batchJob,
  manualAssign,
  transactional,
  purgedLikeStreams,
  unsubscribedTopic,
  kip848,
];
