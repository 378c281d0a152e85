import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logDirOffline } from '../../../../src/evaluators/rules/log-dir-offline.ts';
import { logDirRow } from '../../../support/rule-rows.ts';
import { raisedBy, testRule } from './verdicts.ts';

const error = 'KAFKA_STORAGE_ERROR';

testRule(logDirOffline, logDirRow, [
  ['it is well', {}, 'clear recovered'],
  ['the broker has given it up', { error, totalBytes: null, usableBytes: null }, 'raise critical'],
  ['its broker has not answered for long', { error, staleCollector: 'log-dirs' }, 'unknown stale'],
]);

test('log-dir-offline: names the directory', () => {
  const { evidence } = raisedBy(logDirOffline, logDirRow({ error }));
  assert.equal(
    logDirOffline.summary(evidence as never, { brokerId: 2, logDir: '/d0' }),
    'Log directory /d0 of broker 2 is offline (KAFKA_STORAGE_ERROR): its replicas are not served',
  );
});
