import { tooManyPartitions } from '../../../../src/evaluators/rules/too-many-partitions.ts';
import { brokerRow } from '../../../support/rule-rows.ts';
import { testRule } from './verdicts.ts';

testRule(tooManyPartitions, brokerRow, [
  ['as many as one broker should hold', { replicas: 4000 }, 'clear recovered'],
  ['one more', { replicas: 4001 }, 'raise info'],
  ['Metadata is old', { replicas: 9000, staleCollector: 'cluster' }, 'unknown stale'],
]);
