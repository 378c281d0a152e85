/** The short form fails where something has become worse, and only there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worseThan } from '../../scoreboard/quick.ts';

const accepted = {
  recall: { stalled: { found: 3, of: 4 }, stopped: { found: 4, of: 4 } },
  falseAlarms: { stalled: 2 },
};

test('the same figures are not worse, nor are better ones', () => {
  assert.deepEqual(worseThan(accepted, accepted), []);
  const better = { recall: { stalled: { found: 4, of: 4 }, stopped: { found: 4, of: 4 } }, falseAlarms: {} };
  assert.deepEqual(worseThan(accepted, better), []);
});

test('a smaller share found, a code without cases and one more false alarm are worse', () => {
  const found = { ...accepted.recall, stopped: { found: 4, of: 5 } };
  assert.deepEqual(worseThan(accepted, { ...accepted, recall: found }), [
    'stopped is found in 4 of 5 cases, it was in 4 of 4',
  ]);
  const none = { stalled: accepted.recall.stalled };
  assert.match(worseThan(accepted, { ...accepted, recall: none as never })[0]!, /stopped has no case any more/);
  assert.deepEqual(worseThan(accepted, { ...accepted, falseAlarms: { stalled: 3, lagging: 1 } }), [
    'stalled gives 3 false alarms, it gave 2',
    'lagging gives 1 false alarms, it gave 0',
  ]);
});
