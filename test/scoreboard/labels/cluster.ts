import type { Label } from './label.ts';

const clusterUnreachable: Label = {
  code: 'cluster-unreachable',
  severity: 'critical',
  begin: () => (moment, holds) => {
    if (!moment.cluster.reachable) holds({}, true);
  },
};

export const clusterLabels: readonly Label[] = [clusterUnreachable];
