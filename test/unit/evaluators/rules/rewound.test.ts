import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewound } from '../../../../src/evaluators/rules/rewound.ts';
import { minute, second, seriesRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

/** It reads 20 records a second, and its longest commit interval was 10 s: a replay of 200 is usual. */
const back = { rewoundNow: 201, consumeRate: 20, longestIntervalMs: 10 * second } as const;

testRule(rewound, seriesRow, [
  ['it went on', {}, 'clear recovered'],
  ['more than a usual replay', back, 'raise warning'],
  ['a usual replay', { ...back, rewoundNow: 200 }, 'raise info'],
  ['the same of a group that commits every minute', { ...back, longestIntervalMs: minute }, 'raise info'],
  ['no interval is learned: a minute', { ...back, longestIntervalMs: null, rewoundNow: 1200 }, 'raise info'],
  ['more than that', { ...back, longestIntervalMs: null, rewoundNow: 1201 }, 'raise warning'],
  ['it stands: what it used to read counts', { ...back, consumeRate: 0, bestRate: 40, rewoundNow: 400 }, 'raise info'],
  ['more than it used to read', { ...back, consumeRate: 0, bestRate: 40, rewoundNow: 401 }, 'raise warning'],
  ['it was never seen to read: a tool', { ...back, consumeRate: 0, bestRate: null, rewoundNow: 3 }, 'raise warning'],
  ['one or two: the last offset or the next', { ...back, consumeRate: 0, bestRate: null, rewoundNow: 2 }, 'raise info'],
  ['no rate is known', { ...back, consumeRate: null, bestRate: null, produceRate: null }, 'raise info'],
  ['the commits are old', { staleCollector: 'committed-offsets' }, 'unknown stale'],
]);

test('rewound: says how far, and what would be usual', () => {
  const { evidence } = raisedBy(rewound, seriesRow(back));
  assert.deepEqual([evidence.fromOffset, evidence.committedOffset], [1201, 1000]);
  assert.equal(rewound.renew!(evidence as never, evidence as never).rewoundRecords, 402);
  const sentence = rewound.summary(evidence as never, { groupId: 'billing', topic: 'orders', partition: 0 });
  assert.match(
    sentence,
    /^billing went back by 201 records of orders p0, to offset 1000 \(a usual replay: at most 200\)/,
  );
});
