import type { CaseKind } from '../case.ts';
import { blindnessKinds } from './blindness.ts';
import { brokerKinds } from './brokers.ts';
import { faultKinds } from './faults.ts';
import { lagKinds } from './lag.ts';
import { lintKinds } from './lints.ts';
import { lossKinds } from './losses.ts';
import { membershipKinds } from './membership.ts';
import { offsetKinds } from './offsets.ts';
import { quietKinds as quietGroupKinds } from './quiet.ts';
import { quietUpkeepKinds } from './quiet-upkeep.ts';
import { standstillKinds } from './standstills.ts';
import { topicKinds } from './topics.ts';
import { transactionKinds } from './transactions.ts';

/** Cases in which nothing is wrong. */
export const quietKinds: readonly CaseKind[] = [...quietGroupKinds, ...quietUpkeepKinds];

/** Every kind of case. To add one: a line in its family's list. */
export const kinds: readonly CaseKind[] = [
  ...lossKinds,
  ...standstillKinds,
  ...lagKinds,
  ...offsetKinds,
  ...membershipKinds,
  ...topicKinds,
  ...transactionKinds,
  ...faultKinds,
  ...lintKinds,
  ...brokerKinds,
  ...blindnessKinds,
  ...quietKinds,
];
