import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskFilling } from '../../../../src/evaluators/rules/disk-filling.ts';
import { logDirRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const hour = 3600;
const used = (ratio: number) => ({ totalBytes: 1000, usableBytes: 1000 - ratio * 1000 });
const fullIn = (seconds: number | null) => ({
  fill: { bytesPerSecond: 1e6, fullInSeconds: seconds, overSeconds: 6 * hour },
});

testRule(diskFilling, logDirRow, [
  ['more than a third is free', used(0.6), 'clear recovered'],
  ['70 % are used', used(0.7), 'raise warning'],
  ['just less: an open finding stays, a new one is not raised', used(0.699), 'unknown near-the-edge'],
  ['the margin is free again', used(0.64), 'clear recovered'],
  ['just below 85 %', used(0.849), 'raise warning'],
  ['85 %', used(0.85), 'raise critical'],
  ['it is full within a day', { ...used(0.4), ...fullIn(24 * hour) }, 'raise warning'],
  ['it is full later', { ...used(0.4), ...fullIn(24 * hour + 1) }, 'clear recovered'],
  ['it does not fill as far as can be told', { ...used(0.4), ...fullIn(null) }, 'clear recovered'],
  [
    'it was not watched for long enough: what was said is not taken back',
    { ...used(0.4), fill: null },
    'unknown insufficient-data',
  ],
  ['it was not, but is full enough by itself', { ...used(0.72), fill: null }, 'raise warning'],
  ['brokers before Kafka 3.3 tell no totals', { totalBytes: null, usableBytes: null }, 'unknown totals-unread'],
  ['a volume without a size', { totalBytes: 0, usableBytes: 0 }, 'unknown totals-unread'],
  ['it is offline, which says more', { ...used(0.9), error: 'KAFKA_STORAGE_ERROR' }, 'unknown log-dir-offline'],
  ['its broker has not answered for long', { ...used(0.9), staleCollector: 'log-dirs' }, 'unknown stale'],
]);

test('disk-filling: says how full it is, and when it will be', () => {
  const row = logDirRow({ ...fullIn(14 * hour), totalBytes: 1e12, usableBytes: 4.12e11 });
  const subject = { brokerId: 2, logDir: '/d0' };
  assert.equal(
    diskFilling.summary(raisedBy(diskFilling, row).evidence as never, subject),
    '/d0 of broker 2 is 59 % full, 412 GB are free: at the pace of the last 6 h it is full in 14 h',
  );
  assert.equal(
    diskFilling.summary(raisedBy(diskFilling, logDirRow({ usableBytes: 1e9 })).evidence as never, subject),
    '/d0 of broker 2 is 99 % full, 1.0 GB are free',
  );
});
