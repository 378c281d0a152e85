import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unreadLines } from '../../../src/commands/unread.ts';
import type { Facet, Failure } from '../../../src/model/snapshot.ts';

const of = (collector: Facet, ...failures: Omit<Failure, 'collector'>[]) => ({
  collector,
  failures: failures.map((failure) => ({ ...failure, collector })),
});

describe('what could not be read is said in a sentence each', () => {
  it('nothing where all was read', () => {
    assert.deepEqual(unreadLines([of('cluster'), of('end-offsets')]), []);
  });

  it('by code, with how much of it, why, and what helps', () => {
    const collectors = [
      of(
        'committed-offsets',
        { code: 'upstream.denied', message: 'GROUP_AUTHORIZATION_FAILED', groupIds: ['a'] },
        { code: 'upstream.denied', groupIds: ['b', 'c'] },
        { code: 'upstream.timeout', message: 'broker 3 took 5 s', brokerId: 3 },
      ),
    ];
    assert.deepEqual(unreadLines(collectors), [
      'not read: committed-offsets of 3 groups: GROUP_AUTHORIZATION_FAILED. Grant Describe on the named resource; README, Permissions, has the lines to paste.',
      'not read: committed-offsets of broker 3: broker 3 took 5 s. Look at the broker: is it frozen, overloaded, or cut off?',
    ]);
  });

  it('names the one thing where it is one', () => {
    const [line] = unreadLines([of('topic-configs', { code: 'upstream.denied', topics: [{ topic: 'orders' }] })]);
    assert.match(line!, /^not read: topic-configs of topic orders: upstream\.denied\./);
  });

  it('says but one thing where the cluster itself could not be read', () => {
    const lines = unreadLines([
      of('cluster', { code: 'upstream.unreachable', message: 'nobody answers' }),
      of('end-offsets', { code: 'upstream.unreachable' }),
    ]);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^not read: cluster: nobody answers\. Check that the broker lives/);
  });
});
