import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupTable } from '../../../src/commands/group-table.ts';
import { makeReport } from '../../support/report-fixture.ts';

const nan = Number.NaN;

function tableOf(groups: Parameters<typeof makeReport>[0]['groups'], atMost = 10): string[] {
  return groupTable(makeReport({ groups: groups ?? [] }), atMost).split('\n');
}

/** First words of the lines below the head. */
const names = (lines: readonly string[]) => lines.slice(1).map((line) => line.split(' ')[0]);

describe('the table of groups', () => {
  it('is aligned, numbers to the right, a dash for what is no number', () => {
    const lines = tableOf([
      {
        ...{ groupId: 'billing', state: 'Stable', outlook: 'loses-first', lag: 12_345, maxTimeLagSeconds: 3.44 },
        ...{ timeToDrainSeconds: nan, timeToLossEarliestSeconds: 7_260 },
      },
      {
        ...{ groupId: 'b', state: null, outlook: 'keeps-up', lag: nan, maxTimeLagSeconds: nan },
        ...{ timeToDrainSeconds: nan, timeToLossEarliestSeconds: nan },
      },
    ]);
    assert.deepEqual(lines, [
      'GROUP    STATE      LAG  TIME LAG  DRAINS IN   LOSES IN  OUTLOOK',
      'billing  Stable  12,345       3 s          -  2 h 1 min  loses-first',
      'b        unread       -         -          -          -  keeps-up',
    ]);
  });

  it('keeps a line for each group, whatever its name commands a terminal', () => {
    const lines = tableOf([{ groupId: '\u001b[2Jred\n\u202eevil' }, { groupId: 'g'.repeat(32_767) }]);
    assert.deepEqual(names(lines), ['\u{fffd}[2Jred\u{fffd}\u{fffd}evil', `${'g'.repeat(100)}...`]);
  });

  it('begins with what is most at risk: outlook, then the loss, then the time lag, then the name', () => {
    const lines = tableOf([
      { groupId: 'far', outlook: 'loses-first', timeToLossEarliestSeconds: 900 },
      { groupId: 'b', outlook: 'keeps-up', maxTimeLagSeconds: 5 },
      { groupId: 'a', outlook: 'keeps-up', maxTimeLagSeconds: 5 },
      { groupId: 'behind', outlook: 'keeps-up', maxTimeLagSeconds: 60 },
      { groupId: 'unread', outlook: 'insufficient-data' },
      { groupId: 'near', outlook: 'loses-first', timeToLossEarliestSeconds: 60 },
      { groupId: 'losing', outlook: 'losing' },
    ]);
    assert.deepEqual(names(lines), ['losing', 'near', 'far', 'unread', 'behind', 'a', 'b']);
  });

  it('counts what it leaves out: console consumers always, the rest beyond its length', () => {
    const groups = ['a', 'b', 'c', 'console-consumer-123', 'console-consumer-x'].map((groupId) => ({ groupId }));
    const lines = tableOf(groups, 2);
    assert.deepEqual(names(lines), ['a', 'b', '...']);
    assert.equal(lines.at(-1), '... and 2 more, 1 of kafka-console-consumer');
    assert.equal(tableOf([{ groupId: 'a' }]).length, 2);
  });

  it('writes spans as people say them', () => {
    const spans = [0, 9.96, 59.6, 119, 120, 7_199, 7_200, 90_000, 172_800, 1_000_000];
    const lines = tableOf(spans.map((maxTimeLagSeconds, index) => ({ groupId: `g${index}`, maxTimeLagSeconds })));
    const written = lines.slice(1).map((line) => /\d+ (?:s|min|h|d)(?: \d+ (?:s|min|h))?/.exec(line)?.[0]);
    assert.deepEqual(written.reverse(), [
      '0 s',
      '10 s',
      '1 min',
      '1 min',
      '2 min',
      '1 h 59 min',
      '2 h',
      '1 d 1 h',
      '2 d',
      '11 d 13 h',
    ]);
  });
});
