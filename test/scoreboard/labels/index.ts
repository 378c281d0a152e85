import { brokerLabels } from './brokers.ts';
import { clusterLabels } from './cluster.ts';
import type { Label } from './label.ts';
import { lagLabels } from './lag.ts';
import { lintLabels } from './lints.ts';
import { lossLabels } from './losses.ts';
import { membershipLabels } from './membership.ts';
import { offsetLabels } from './offsets.ts';
import { partitionLabels } from './partitions.ts';
import { rebalanceLabels } from './rebalances.ts';
import { standstillLabels } from './standstills.ts';
import { topicLabels } from './topics.ts';
import { transactionLabels } from './transactions.ts';

/** Every code whose truth the simulation knows, in the order of the table. To add one: a label in its family's file. */
export const labels: readonly Label[] = [
  ...lossLabels,
  ...standstillLabels,
  ...lagLabels,
  ...offsetLabels,
  ...membershipLabels,
  ...topicLabels,
  ...transactionLabels,
  ...partitionLabels,
  ...lintLabels,
  ...brokerLabels,
  ...rebalanceLabels,
  ...clusterLabels,
];
